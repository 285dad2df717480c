#include "cmtest/explanation.h"

const struct explanation explanation_not_utf8 = {
    .code = "not-utf8",
    .severity = DIAG_ERROR,
    .title = "The file is not UTF-8 text",
    .meaning =
        "A spec is text in UTF-8. Other encodings, such as UTF-16 or Latin-1, and files that "
        "are no text at all have bytes that mean nothing there.",
    .remedy = "Save the file as UTF-8. The place is the first byte that does not fit.",
};
