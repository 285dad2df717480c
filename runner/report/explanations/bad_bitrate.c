#include "cmtest/explanation.h"

const struct explanation explanation_bad_bitrate = {
    .code = "bad-bitrate",
    .severity = DIAG_ERROR,
    .title = "A bit rate has no unit, or one that is not known",
    .meaning = "Bit rates are written with their unit, so that nobody has to guess whether 64 are "
               "bits or thousands of them.",
    .remedy = "Write it like 64kbps, 1.5Mbps or 6000bps.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { codecs: [{ name: opus, bitrate: 32000 }, pcma] }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [{ name: opus, bitrate: 32kbps }, pcma] }\n"
            "duration: 10s\n",
};
