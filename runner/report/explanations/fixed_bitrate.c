#include "cmtest/explanation.h"

const struct explanation explanation_fixed_bitrate = {
    .code = "fixed-bitrate",
    .severity = DIAG_ERROR,
    .title = "A codec with one bit rate is told another",
    .meaning = "G.711 and G.722 have 64 kbit/s, and what goes beside speech has none.",
    .remedy = "Remove bitrate, or use opus.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { codecs: [{ name: pcma, bitrate: 32kbps }] }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [{ name: opus, bitrate: 32kbps }] }\n"
            "duration: 10s\n",
};
