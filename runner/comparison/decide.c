#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "cmtest/arena.h"
#include "side.h"
#include "statistics.h"

/* Fewer say nothing of how calls differ. */
#define CALLS_MIN 5

/* What can say worse is corrected by itself, so that what cannot does not make it harder. */
static bool belongs(const struct work *work, bool judged)
{
    const struct comparison_line *line = &work->line;
    if (work->constant || work->other_scale || !line->base_units || !line->next_units)
        return false;
    return judged == (line->key.metric->better != BETTER_NEITHER && !line->own_timing);
}

static void correct_calls(struct work *works, size_t count, bool judged)
{
    double *p = mem_array(count + 1, sizeof *p);
    size_t family = 0;
    for (size_t i = 0; i < count; i++)
        if (belongs(&works[i], judged))
            p[family++] = works[i].line.p;
    holm(p, family);
    family = 0;
    for (size_t i = 0; i < count; i++)
        if (belongs(&works[i], judged))
            works[i].line.corrected = p[family++];
    free(p);
}

static bool complete(const struct setting *setting, const struct work *work)
{
    return work->line.base_units == setting->base.count &&
           work->line.next_units == setting->next.count;
}

static void correct_runs(const struct setting *setting, struct work *works, size_t count,
                         bool judged)
{
    size_t runs = setting->base.count + setting->next.count, family = 0;
    double *values = mem_array(count * runs + 1, sizeof *values);
    double *sign = mem_array(count + 1, sizeof *sign);
    double *harmed = mem_array(count + 1, sizeof *harmed);
    double *improved = mem_array(count + 1, sizeof *improved);
    for (size_t i = 0; i < count; i++) {
        if (!belongs(&works[i], judged) || !complete(setting, &works[i]))
            continue;
        for (size_t run = 0; run < runs; run++)
            values[family * runs + run] = works[i].means[run];
        enum metric_better better = works[i].line.key.metric->better;
        sign[family++] = better == BETTER_NEITHER ? 0 : better == BETTER_HIGHER ? -1 : 1;
    }
    /* Worse and better are two questions, each with alpha of its own. */
    permutation_test(values, sign, family, setting->base.count, setting->next.count, harmed);
    for (size_t i = 0; i < family; i++)
        sign[i] = -sign[i];
    permutation_test(values, sign, family, setting->base.count, setting->next.count, improved);
    family = 0;
    for (size_t i = 0; i < count; i++) {
        struct comparison_line *line = &works[i].line;
        if (!belongs(&works[i], judged) || !complete(setting, &works[i]))
            continue;
        /* sign was turned around: 1 now is where higher is better. */
        bool harm = (line->next - line->base) * sign[family] <= 0;
        line->corrected = harm ? harmed[family] : improved[family];
        family++;
    }
    free(harmed);
    free(improved);
    free(values);
    free(sign);
}

static enum comparison_word moved(struct comparison_line *line)
{
    double difference = line->next - line->base;
    enum metric_better better = line->key.metric->better;
    if (better == BETTER_NEITHER)
        return COMPARISON_CHANGED;
    bool worse = better == BETTER_HIGHER ? difference < 0 : difference > 0;
    if (line->own_timing) {
        snprintf(line->note, sizeof line->note,
                 "it looks %s, but this machine's own timing bends it", worse ? "worse" : "better");
        return COMPARISON_CANNOT_TELL;
    }
    return worse ? COMPARISON_WORSE : COMPARISON_BETTER;
}

/* The test, the margin, the interval and the ranks must agree. */
static bool is_moved(const struct comparison_line *line, double alpha)
{
    double difference = line->next - line->base;
    bool certain = difference > 0 ? line->low > 0 : line->high < 0;
    bool ranked = line->test == TEST_SHARES || (line->effect - 0.5) * difference > 0;
    return !isnan(line->corrected) && line->corrected <= alpha + 1e-12 && certain && ranked &&
           fabs(difference) > line->margin;
}

static void decide(const struct setting *setting, struct work *work)
{
    struct comparison_line *line = &work->line;
    line->word = COMPARISON_CANNOT_TELL;
    bool few =
        !setting->over_runs && (line->base_units < CALLS_MIN || line->next_units < CALLS_MIN);
    bool within = work->constant || (line->low >= -line->margin && line->high <= line->margin);
    bool comparable = !work->other_scale && line->base_units && line->next_units;
    if (comparable && is_moved(line, setting->alpha)) {
        line->word = moved(line);
        return;
    }
    if (line->note[0])
        return;
    if (few)
        snprintf(line->note, sizeof line->note, "%zu and %zu calls are too few", line->base_units,
                 line->next_units);
    else if (within)
        line->word = COMPARISON_SAME;
    else
        snprintf(line->note, sizeof line->note,
                 "the interval of the difference is wider than the margin");
}

void side_decide(const struct setting *setting, struct work *works, size_t count)
{
    for (int judged = 0; judged < 2; judged++) {
        if (setting->over_runs)
            correct_runs(setting, works, count, judged);
        else
            correct_calls(works, count, judged);
    }
    for (size_t i = 0; i < count; i++)
        decide(setting, &works[i]);
}
