#include "keeping.h"

#include <stdio.h>
#include "cmtest/arena.h"

/* Where what went wrong goes, or a place that nobody looks at. */
struct complaint {
    char unread[256];
    char *why;
    size_t size;
};

static void complaint_init(struct complaint *complaint, const struct execution_watch *watch)
{
    complaint->why = watch->journal_why ? watch->journal_why : complaint->unread;
    complaint->size = watch->journal_why ? watch->journal_why_size : sizeof(complaint->unread);
}

struct journal_writer *keeping_begin(const struct plan *plan, const struct result *result,
                                     const struct execution_watch *watch)
{
    struct complaint complaint;
    if (!watch->journal)
        return NULL;
    complaint_init(&complaint, watch);
    struct arena *arena = arena_new();
    struct journal_threshold *thresholds =
        arena_array(arena, plan->threshold_count, sizeof(*thresholds));
    for (size_t i = 0; i < plan->threshold_count; i++) {
        const struct threshold *threshold = &plan->thresholds[i];
        thresholds[i] = (struct journal_threshold){
            threshold->text, threshold->group,    threshold->min_samples, threshold->min_coverage,
            threshold->warn, threshold->implicit, threshold->line};
    }
    struct journal_head head = {.roster = &plan->roster,
                                .thresholds = thresholds,
                                .threshold_count = plan->threshold_count,
                                .version = CMTEST_VERSION,
                                .case_name = watch->case_name,
                                .seed = result->seed,
                                .started_ns = result->started_ns};
    struct journal_writer *writer =
        journal_create(watch->journal, &head, complaint.why, complaint.size);
    arena_free(arena);
    return writer;
}

void keeping_end(struct journal_writer *writer, const struct result *result,
                 const struct execution_watch *watch)
{
    struct complaint complaint;
    if (!writer)
        return;
    complaint_init(&complaint, watch);
    struct journal_end end = {result->ended_ns, result->interrupted, result->error};
    journal_finish(writer, &end, complaint.why, complaint.size);
}
