/* Lines for $GITHUB_OUTPUT: verdict=fail. A value of several lines stands between two lines that it
 * does not hold itself. */
#include <stdio.h>
#include <string.h>
#include "pairs.h"

static void add_pair(const char *name, const char *value, struct text *out)
{
    char end[32];
    if (!strpbrk(value, "\r\n")) {
        text_printf(out, "%s=%s\n", name, value);
        return;
    }
    for (unsigned number = 0;; number++) {
        snprintf(end, sizeof(end), "cmtest_%u", number);
        if (!strstr(value, end))
            break;
    }
    text_printf(out, "%s<<%s\n%s\n%s\n", name, end, value, end);
}

static void write_github_output(const struct report *report, struct text *out)
{
    struct pairs pairs;
    pairs_collect(&pairs, report);
    for (size_t i = 0; i < pairs.count; i++)
        add_pair(pairs.list[i].name, text_get(&pairs.list[i].value), out);
    pairs_free(&pairs);
}

const struct report_format report_format_github_output = {
    .name = "github-output",
    .help = "verdict=fail and counts, for $GITHUB_OUTPUT",
    .write = write_github_output,
};
