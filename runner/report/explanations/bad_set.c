#include "cmtest/explanation.h"

const struct explanation explanation_bad_set = {
    .code = "bad-set",
    .severity = DIAG_ERROR,
    .title = "A --set cannot be used",
    .meaning =
        "--set puts a value over what the spec says, by the path of its key. A path that "
        "leads nowhere would change nothing, and the test would not be the one that is asked "
        "for.",
    .remedy = "Write --set KEY=VALUE, with keys as the spec has them: groups.callers.endpoints=10, "
              "or vars.NAME=VALUE.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
    .bad_set = "durration=5s",
    .good_set = "duration=5s",
};
