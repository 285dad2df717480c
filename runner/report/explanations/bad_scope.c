#include "cmtest/explanation.h"

const struct explanation explanation_bad_scope = {
    .code = "bad-scope",
    .severity = DIAG_ERROR,
    .title = "A threshold is about something that cannot be looked at",
    .meaning = "A threshold may be about the worst window of all endpoints, or about single "
               "endpoints, but not both; a rate is so many per second, so it needs a time that is "
               "the same for all; and what only warns cannot end the run.",
    .remedy = "Write `of worst endpoint`, `of 99% of endpoints`, `during worst 10s` or `during "
              "steady`; make two thresholds of two questions.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds:\n"
           "  - registration.time.p99 < 500ms of best endpoint\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds:\n"
            "  - registration.time.p99 < 500ms of worst endpoint\n",
};
