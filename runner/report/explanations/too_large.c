#include "cmtest/explanation.h"

const struct explanation explanation_too_large = {
    .code = "too-large",
    .severity = DIAG_ERROR,
    .title = "The file is too large",
    .meaning = "A spec has at most 1 MiB. What makes it larger is most often a long list of "
               "accounts.",
    .remedy = "Put the accounts into a file of their own.",
};
