#include "html/html.h"

#include "words.h"

/* For people; the names of other reports are beside them. */
static const char *const meanings[] = {[OUTCOME_SUCCESS] = "ended well",
                                       [OUTCOME_COMPLETED_WITH_WARNINGS] = "ended with warnings",
                                       [OUTCOME_REGISTRATION_FAILED] = "registration failed",
                                       [OUTCOME_CALL_FAILED] = "call failed",
                                       [OUTCOME_NEGOTIATION_FAILED] = "negotiation failed",
                                       [OUTCOME_TIMEOUT] = "timed out",
                                       [OUTCOME_OSERROR] = "error of this machine",
                                       [OUTCOME_TEARDOWN_ERROR] = "teardown failed"};

/* Tenths of a percent, and never 0 nor 100 when it is not. */
static unsigned share(uint32_t part, uint32_t all)
{
    uint64_t tenths = (uint64_t)part * 1000 / all;
    return tenths == 0 && part > 0 ? 1 : (unsigned)tenths;
}

static void add_row(enum endpoint_outcome outcome, uint32_t count, uint32_t all, struct text *out)
{
    unsigned tenths = share(count, all);
    text_printf(out,
                "<tr class=\"o-%d\"><th scope=\"row\"><a href=\"#/endpoints?outcome=%s\">"
                "<span class=\"key\" aria-hidden=\"true\"></span>%s</a></th>"
                "<td class=\"bar\"><span class=\"k%d\" style=\"width:%u.%u%%\"></span></td>"
                "<td class=\"num strong\">",
                (int)outcome, outcome_name(outcome), meanings[outcome], (int)outcome, tenths / 10,
                tenths % 10);
    words_thousands(out, count);
    text_printf(out, "</td><td class=\"num dim\">%u.%u%%</td></tr>\n", tenths / 10, tenths % 10);
}

void html_outcomes(const struct result *result, struct text *out)
{
    uint32_t all = result->roster->endpoint_count;
    text_add(out, "<section id=\"outcomes\" aria-labelledby=\"h-outcomes\"><h2 id=\"h-outcomes\">"
                  "How endpoints ended</h2>\n<table class=\"outcomes\"><tbody>\n");
    for (int i = 0; all > 0 && i <= OUTCOME_TEARDOWN_ERROR; i++)
        if (result->outcome_counts[i] > 0)
            add_row((enum endpoint_outcome)i, result->outcome_counts[i], all, out);
    text_add(out, "</tbody></table></section>\n");
}
