#include "cmtest/explanation.h"

const struct explanation explanation_include_too_deep = {
    .code = "include-too-deep",
    .severity = DIAG_ERROR,
    .title = "Files include each other too deeply",
    .meaning = "At most 16 levels are read. More is hard to follow for people, too.",
    .remedy = "Include the files of the lower levels directly.",
};
