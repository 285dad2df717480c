#include "cmtest/explanation.h"

const struct explanation explanation_bad_duration = {
    .code = "bad-duration",
    .severity = DIAG_ERROR,
    .title = "A time has no unit, or one that is not known",
    .meaning = "Times are written with their unit, so that nobody has to guess whether 500 are "
               "seconds or milliseconds.",
    .remedy = "Add h, m, s, ms, us or ns: 60s, 1500ms, 1m30s.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 60\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 60s\n",
};
