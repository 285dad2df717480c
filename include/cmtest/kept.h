/*
 * kept: what an invocation left in its output folder, read from its summary.json, so that it can be
 * reported again, or removed before the next one.
 *
 * The file is hostile: no path of it leads out of the folder, and what is none of ours is a
 * sentence.
 */
#ifndef CMTEST_KEPT_H
#define CMTEST_KEPT_H

#include "cmtest/arena.h"
#include "cmtest/report.h"

#define KEPT_RUNS_MAX 10000
#define KEPT_ATTEMPTS_MAX 101

struct kept_run {
    const char *folder; /* below the output folder; NULL: that itself */
    unsigned attempts;
    const char *const *tried; /* attempts - 1 */
};

struct kept {
    struct kept_run *runs; /* in the order of the invocation */
    size_t run_count;
    struct report_skip *skipped;
    size_t skipped_count;
    enum report_end end;
    bool fail_on_flaky;
};

/* All strings in the arena. false: there is no summary.json (why is empty), or it is none of ours:
 * *why is a sentence without its dot. */
bool kept_read(const char *folder, struct arena *arena, struct kept *kept, char *why,
               size_t why_size);

/* The same of one run, from the result.json in its own folder; a single attempt when that says
 * nothing. */
struct kept_run kept_read_run(const char *folder, struct arena *arena);

/* Removes what an invocation before has left in the folder: the files at the top and those of the
 * runs that its summary.json names, and folders that are empty then. Nothing else is touched. */
void kept_remove(const char *folder);

/* Removes the attempts of an earlier run from its folder. */
void kept_remove_attempts(const char *folder);

#endif
