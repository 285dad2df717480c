#include "say.h"

#include "cmtest/report.h"

#include <stdarg.h>

void say(FILE *to, const char *format, ...)
{
    struct text out = {0};
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(&out, format, arguments);
    va_end(arguments);
    report_guard(&out, 0);
    fputs(text_get(&out), to);
    text_fini(&out);
}
