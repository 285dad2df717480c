#include "cmtest/explanation.h"

const struct explanation explanation_bad_name = {
    .code = "bad-name",
    .severity = DIAG_ERROR,
    .title = "A name has characters that names cannot have",
    .meaning = "Names of groups and registrars stand in thresholds, reports and file names, where "
               "spaces and most marks would need quoting.",
    .remedy = "Use letters, digits and _ . - only, at most 64.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  \"my agents\": { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  my-agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
