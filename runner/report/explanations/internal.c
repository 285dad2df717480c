#include "cmtest/explanation.h"

const struct explanation explanation_internal = {
    .code = "internal",
    .severity = DIAG_ERROR,
    .title = "Something in cmtest itself is wrong",
    .meaning = "A check that can only fail by a defect of cmtest has failed. It is not a fault of "
               "the spec.",
    .remedy = "Please report it, with the spec (without its passwords) and the output of `cmtest "
              "version`.",
};
