#include "cmtest/rebuild.h"

#include <stdio.h>
#include <string.h>
#include "cmtest/text.h"

struct result *result_rebuild_with(struct journal *journal, const struct threshold *thresholds,
                                   size_t threshold_count)
{
    const struct journal_head *head = journal_head(journal);
    struct result *result =
        result_new(head->roster, thresholds, threshold_count, head->seed, head->started_ns);
    struct event event;
    int64_t last_ns = head->started_ns;
    journal_rewind(journal);
    while (journal_next(journal, &event)) {
        if (event.at_ns > last_ns)
            last_ns = event.at_ns;
        result_event(result, &event);
    }
    const struct journal_end *end = journal_end(journal);
    if (end) {
        result->interrupted = end->interrupted;
        text_copy(result->error, sizeof(result->error), end->error);
    } else {
        text_copy(result->error, sizeof(result->error), journal_trouble(journal));
        size_t length = strlen(result->error);
        if (length > 0 && result->error[length - 1] == '.') /* who prints it adds one */
            result->error[length - 1] = '\0';
    }
    result_judge(result, end ? end->ended_ns : last_ns);
    return result;
}

struct result *result_rebuild(struct journal *journal, struct arena *arena, char *why,
                              size_t why_size)
{
    const struct journal_head *head = journal_head(journal);
    struct threshold *thresholds = arena_array(arena, head->threshold_count, sizeof(*thresholds));
    for (size_t i = 0; i < head->threshold_count; i++) {
        const struct journal_threshold *from = &head->thresholds[i];
        struct threshold_error error;
        if (!threshold_parse(from->text, arena, &thresholds[i], &error)) {
            snprintf(why, why_size,
                     "its threshold \"%.100s\" is none of this version: %.200s. The cmtest %.20s "
                     "that wrote it can read it.",
                     from->text, error.message, head->version);
            return NULL;
        }
        thresholds[i].group = from->group;
        thresholds[i].min_samples = from->min_samples;
        thresholds[i].min_coverage = from->min_coverage;
        thresholds[i].warn = from->warn;
        thresholds[i].implicit = from->implicit;
        thresholds[i].line = from->line;
    }
    return result_rebuild_with(journal, thresholds, head->threshold_count);
}
