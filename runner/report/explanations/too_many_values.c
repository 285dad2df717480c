#include "cmtest/explanation.h"

const struct explanation explanation_too_many_values = {
    .code = "too-many-values",
    .severity = DIAG_ERROR,
    .title = "The spec has too many values",
    .meaning = "Values that aliases repeat count each time. A small file can describe an enormous "
               "one in this way.",
    .remedy = "Put accounts into a file of their own, and use fewer aliases of large things.",
};
