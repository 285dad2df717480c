#include "cmtest/explanation.h"

const struct explanation explanation_unknown_tag = {
    .code = "unknown-tag",
    .severity = DIAG_ERROR,
    .title = "A value has a YAML tag",
    .meaning =
        "Tags such as !env or !!binary have a meaning in other programs. In a spec they have "
        "none.",
    .remedy = "Remove the tag.",
    .bad = "cmtest: 1\n"
           "name: !env CI_JOB_NAME\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: SBC gate\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
