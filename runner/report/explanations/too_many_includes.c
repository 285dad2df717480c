#include "cmtest/explanation.h"

const struct explanation explanation_too_many_includes = {
    .code = "too-many-includes",
    .severity = DIAG_ERROR,
    .title = "The spec includes too many files",
    .meaning = "At most 256 files are read for one spec.",
    .remedy = "Join some of them.",
};
