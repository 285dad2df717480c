#include "cmtest/explanation.h"

const struct explanation explanation_impossible_ptime = {
    .code = "impossible-ptime",
    .severity = DIAG_ERROR,
    .title = "A codec has no packets of that length",
    .meaning = "Opus has packets of 10, 20, 40 and 60 ms (RFC 7587); G.711 and G.722 any of "
               "whole milliseconds.",
    .remedy = "Use a length that it has.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { codecs: [{ name: opus, ptime: 30ms }] }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [{ name: opus, ptime: 40ms }] }\n"
            "duration: 10s\n",
};
