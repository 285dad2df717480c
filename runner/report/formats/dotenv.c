/* GitLab's dotenv report: variables for the jobs behind this one. It knows neither quotes nor
 * values of several lines, takes 5 KB, and expands a $ in a value: what cannot be said is left out.
 * A cmtest in a later job takes CMTEST_<NAME> for its option <name>, but none that begins with
 * CMTEST_RESULT_.
 */
#include <ctype.h>
#include <string.h>
#include "pairs.h"

#define VALUE_MAX 1024

static bool plain(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f || *value == '$')
            return false;
    return true;
}

static void write_dotenv(const struct report *report, struct text *out)
{
    struct pairs pairs;
    pairs_collect(&pairs, report);
    for (size_t i = 0; i < pairs.count; i++) {
        const char *value = text_get(&pairs.list[i].value);
        if (strlen(value) > VALUE_MAX || !plain(value))
            continue;
        text_add(out, "CMTEST_RESULT_");
        for (const char *name = pairs.list[i].name; *name; name++)
            text_printf(out, "%c", *name == '-' ? '_' : toupper((unsigned char)*name));
        text_printf(out, "=%s\n", value);
    }
    pairs_free(&pairs);
}

const struct report_format report_format_dotenv = {
    .name = "dotenv",
    .help = "CMTEST_RESULT_VERDICT=fail and counts, for GitLab's dotenv report",
    .write = write_dotenv,
};
