#include "cmtest/explanation.h"

const struct explanation explanation_bad_resolution = {
    .code = "bad-resolution",
    .severity = DIAG_ERROR,
    .title = "A resolution is not width x height",
    .meaning = "It is the size of the picture in pixels.",
    .remedy = "Write it like 640x480.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    video: { codec: h264, resolution: 720p }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    video: { codec: h264, resolution: 1280x720 }\n"
            "duration: 10s\n",
};
