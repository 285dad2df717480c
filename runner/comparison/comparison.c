#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "side.h"
#include "statistics.h"

const char *comparison_word(enum comparison_word word)
{
    static const char *const words[] = {"same", "better", "changed", "cannot tell", "worse"};
    return words[word];
}

const char *comparison_test(enum comparison_test test)
{
    static const char *const tests[] = {"none", "mann-whitney", "fisher", "permutation"};
    return tests[test];
}

static struct setting settle(struct side base, struct side next,
                             const struct comparison_options *options)
{
    struct setting setting = {.base = base, .next = next, .options = options};
    setting.alpha = options->alpha > 0 ? options->alpha : COMPARISON_ALPHA;
    setting.over_runs = base.count > 1 && next.count > 1 &&
                        permutation_ways(base.count, next.count) >= 1 / setting.alpha - 1e-9;
    for (size_t i = 0; i < base.count + next.count; i++) {
        const struct comparison_run *run =
            i < base.count ? base.runs[i] : next.runs[i - base.count];
        setting.late |= run->late;
        setting.signalling_late |= run->signalling_late;
        setting.skipped = fmax(setting.skipped, run->skipped);
        setting.lateness_ms = fmax(setting.lateness_ms, run->lateness_ms);
    }
    return setting;
}

static bool has_group(const struct comparison_run *run, const char *name)
{
    for (uint32_t i = 0; i < run->roster->group_count; i++)
        if (strcmp(run->roster->groups[i].name, name) == 0)
            return true;
    return false;
}

static void add(const struct setting *setting, const char *group, struct work **works,
                size_t *count)
{
    size_t columns = setting->base.runs[0]->column_count;
    *works = mem_grow(*works, *count + columns, sizeof **works);
    for (size_t column = 0; column < columns; column++) {
        struct work *work = &(*works)[*count];
        if (side_measure(setting, column, group, work))
            ++*count;
        else
            free(work->means);
    }
}

static struct work *measure(const struct setting *setting, size_t *count)
{
    const struct comparison_run *base = setting->base.runs[0], *next = setting->next.runs[0];
    struct work *works = NULL;
    *count = 0;
    if (!setting->options->by_group)
        add(setting, NULL, &works, count);
    for (uint32_t i = 0; setting->options->by_group && i < base->roster->group_count; i++)
        add(setting, base->roster->groups[i].name, &works, count);
    for (uint32_t i = 0; setting->options->by_group && i < next->roster->group_count; i++)
        if (!has_group(base, next->roster->groups[i].name))
            add(setting, next->roster->groups[i].name, &works, count);
    return works;
}

/* Worse first, then what moved, then what is not known. */
static int rank(const struct comparison_line *line)
{
    static const int ranks[] = {[COMPARISON_WORSE] = 0,
                                [COMPARISON_BETTER] = 1,
                                [COMPARISON_CHANGED] = 2,
                                [COMPARISON_CANNOT_TELL] = 3,
                                [COMPARISON_SAME] = 4};
    return ranks[line->word];
}

static int worst_first(const void *left, const void *right)
{
    const struct comparison_line *a = left, *b = right;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    double x = fabs(a->next - a->base) / a->margin, y = fabs(b->next - b->base) / b->margin;
    if (a->word != COMPARISON_SAME && isfinite(x) && isfinite(y) && (x > y || x < y))
        return x > y ? -1 : 1;
    char first[96], second[96];
    metric_key_name(&a->key, first, sizeof first);
    metric_key_name(&b->key, second, sizeof second);
    int order = strcmp(first, second);
    return order || !a->group || !b->group ? order : strcmp(a->group, b->group);
}

/* The first run that proves nothing. */
static const struct comparison_run *find_unproven(const struct setting *setting, bool *in_base)
{
    for (size_t i = 0; i < setting->base.count + setting->next.count; i++) {
        *in_base = i < setting->base.count;
        const struct comparison_run *run =
            *in_base ? setting->base.runs[i] : setting->next.runs[i - setting->base.count];
        if (run->verdict == VERDICT_ERROR || run->verdict == VERDICT_INCONCLUSIVE)
            return run;
    }
    return NULL;
}

static void refuse(const struct setting *setting, struct comparison_report *comparison)
{
    bool in_base;
    const struct comparison_run *run = find_unproven(setting, &in_base);
    if (!run)
        return;
    for (size_t i = 0; i < comparison->line_count; i++) {
        comparison->lines[i].word = COMPARISON_CANNOT_TELL;
        comparison->lines[i].note[0] = '\0';
    }
    snprintf(comparison->why, sizeof comparison->why, "%s %.60s is %s: %.200s",
             in_base ? "BASE" : "NEW", run->name, verdict_name(run->verdict), run->why);
}

static void conclude(struct comparison_report *comparison)
{
    size_t *counts = comparison->counts;
    for (size_t i = 0; i < comparison->line_count; i++)
        counts[comparison->lines[i].word]++;
    comparison->word = counts[COMPARISON_WORSE]    ? COMPARISON_WORSE
                       : counts[COMPARISON_BETTER] ? COMPARISON_BETTER
                       : counts[COMPARISON_SAME] || counts[COMPARISON_CHANGED]
                           ? COMPARISON_SAME
                           : COMPARISON_CANNOT_TELL;
    if (comparison->why[0])
        return;
    if (!comparison->line_count)
        snprintf(comparison->why, sizeof comparison->why, "neither side has a sample of anything");
    else if (comparison->word == COMPARISON_CANNOT_TELL)
        snprintf(comparison->why, sizeof comparison->why, "%s", comparison->lines[0].note);
}

struct comparison_report *comparison_new(const struct comparison_run *const *base,
                                         size_t base_count,
                                         const struct comparison_run *const *next,
                                         size_t next_count,
                                         const struct comparison_options *options)
{
    struct setting setting =
        settle((struct side){base, base_count}, (struct side){next, next_count}, options);
    struct comparison_report *comparison = mem_alloc(sizeof *comparison);
    const char **names = mem_array(base_count + next_count, sizeof *names);
    for (size_t i = 0; i < base_count + next_count; i++)
        names[i] = i < base_count ? base[i]->name : next[i - base_count]->name;
    comparison->base_names = names;
    comparison->next_names = names + base_count;
    comparison->base_count = base_count;
    comparison->next_count = next_count;
    comparison->alpha = setting.alpha;
    comparison->over_runs = setting.over_runs;
    comparison->lateness_ms = setting.lateness_ms;
    size_t count;
    struct work *works = measure(&setting, &count);
    side_decide(&setting, works, count);
    comparison->lines = mem_array(count + 1, sizeof *comparison->lines);
    comparison->line_count = count;
    for (size_t i = 0; i < count; i++) {
        comparison->lines[i] = works[i].line;
        free(works[i].means);
    }
    free(works);
    refuse(&setting, comparison);
    qsort(comparison->lines, count, sizeof *comparison->lines, worst_first);
    side_warn(&setting, comparison);
    conclude(comparison);
    return comparison;
}

void comparison_free(struct comparison_report *comparison)
{
    if (!comparison)
        return;
    free((void *)comparison->base_names);
    free(comparison->lines);
    free(comparison);
}

int comparison_exit_code(const struct comparison_report *comparison)
{
    return comparison->word == COMPARISON_WORSE         ? 1
           : comparison->word == COMPARISON_CANNOT_TELL ? 5
                                                        : 0;
}
