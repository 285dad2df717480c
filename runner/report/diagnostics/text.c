#include "cmtest/diag_format.h"

static void write_text(struct diag *diag, const char *path, bool color, struct text *out)
{
    (void)path;
    diag_print(diag, out, color);
}

const struct diag_format diag_format_text = {
    .name = "text",
    .help = "for people: the source line, a caret, and what is allowed (to stderr)",
    .write = write_text,
};
