#include <string.h>
#include "cmtest/report.h"

#define ROW(id) extern const struct report_format report_format_##id;
#include "formats/table.def"
#undef ROW
#define ROW(id) &report_format_##id,
const struct report_format *const report_formats[] = {
#include "formats/table.def"
    NULL};
#undef ROW

const struct report_format *report_format_find(const char *name)
{
    for (size_t i = 0; report_formats[i]; i++)
        if (strcmp(report_formats[i]->name, name) == 0)
            return report_formats[i];
    return NULL;
}

bool report_format_write(const struct report_format *format, const struct report *report, FILE *out)
{
    struct text bytes = {0};
    if (format->stream)
        return format->stream(report, out) && !ferror(out);
    format->write(report, &bytes);
    fwrite(text_get(&bytes), 1, bytes.length, out);
    text_fini(&bytes);
    return !ferror(out);
}
