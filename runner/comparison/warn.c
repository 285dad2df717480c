#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cmtest/text.h"
#include "side.h"

static void warn(struct comparison_report *comparison, const char *what,
                 const struct comparison_run *a, const char *of_a, const struct comparison_run *b,
                 const char *of_b)
{
    if (comparison->warning_count == COMPARISON_WARNINGS_MAX)
        return;
    struct text line = {0};
    text_printf(&line, "%s differ: %.48s in %.30s, %.48s in %.30s", what, of_a, a->name, of_b,
                b->name);
    text_copy(comparison->warnings[comparison->warning_count++], sizeof *comparison->warnings,
              text_get(&line));
    text_fini(&line);
}

static const char *either(const char *text)
{
    return text ? text : "none";
}

static void compare_texts(struct comparison_report *comparison, const char *what,
                          const struct comparison_run *a, const char *of_a,
                          const struct comparison_run *b, const char *of_b)
{
    if (strcmp(either(of_a), either(of_b)) != 0)
        warn(comparison, what, a, either(of_a), b, either(of_b));
}

static void compare_counts(struct comparison_report *comparison, const char *what,
                           const struct comparison_run *a, uint64_t of_a,
                           const struct comparison_run *b, uint64_t of_b)
{
    char left[24], right[24];
    snprintf(left, sizeof left, "%" PRIu64, of_a);
    snprintf(right, sizeof right, "%" PRIu64, of_b);
    compare_texts(comparison, what, a, left, b, right);
}

static void compare(struct comparison_report *comparison, const struct comparison_run *a,
                    const struct comparison_run *b)
{
    const struct roster *x = a->roster, *y = b->roster;
    compare_texts(comparison, "the names of the tests", a, x->name, b, y->name);
    compare_counts(comparison, "the endpoints", a, x->endpoint_count, b, y->endpoint_count);
    compare_counts(comparison, "the planned calls", a, x->planned_calls, b, y->planned_calls);
    compare_counts(comparison, "the groups", a, x->group_count, b, y->group_count);
    for (uint32_t i = 0; i < x->group_count && i < y->group_count; i++) {
        compare_texts(comparison, "the names of groups", a, x->groups[i].name, b,
                      y->groups[i].name);
        compare_texts(comparison, "the codecs", a, x->groups[i].codecs, b, y->groups[i].codecs);
        compare_counts(comparison, "the sizes of groups", a, x->groups[i].count, b,
                       y->groups[i].count);
    }
}

void side_warn(const struct setting *setting, struct comparison_report *comparison)
{
    const struct comparison_run *first = setting->base.runs[0];
    for (size_t i = 1; i < setting->base.count; i++)
        compare(comparison, first, setting->base.runs[i]);
    for (size_t i = 0; i < setting->next.count; i++)
        compare(comparison, first, setting->next.runs[i]);
    const struct comparison_run *next = setting->next.runs[0];
    if (setting->base.count == 1 && setting->next.count == 1)
        compare_counts(comparison, "the seeds", first, first->seed, next, next->seed);
}
