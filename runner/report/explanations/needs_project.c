#include "cmtest/explanation.h"

const struct explanation explanation_needs_project = {
    .code = "needs-project",
    .severity = DIAG_ERROR,
    .title = "Nothing says which project of the platform the test belongs to",
    .meaning = "Tests and runs of a platform belong to projects, and every call of its API names "
               "one.",
    .remedy = "Write platform: { project: ID, test: ID } into the spec, or say --project ID; "
              "`cmtest list projects` and `cmtest list tests` show the ids.",
};
