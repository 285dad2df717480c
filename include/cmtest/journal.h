/*
 * journal: everything that a run told, in one file that is written while it runs and from which it
 * can be judged and reported again: who took part (roster), what was asked (thresholds), and all
 * events in their order. The seconds of streams, which are nearly all of it, are kept in columns.
 * The file and its parts are described in journal_format.h; its values are exact, so that what is
 * read gives the same verdict to the last digit.
 *
 * A file is hostile: whatever it holds, reading ends with a sentence, without a crash, a hang, or
 * more than JOURNAL_MEMORY_MAX of memory. A file that ends early (the run was killed) is read up to
 * its last whole block.
 */
#ifndef CMTEST_JOURNAL_H
#define CMTEST_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/event.h"

#define JOURNAL_FILE "series.cmts" /* its name in an output folder */
#define JOURNAL_MEMORY_MAX (512u * 1024 * 1024)

/* A threshold as the plan made it; parsed again by who reads. */
struct journal_threshold {
    const char *text;
    const char *group; /* of the key `group`, or in the text; NULL: all */
    uint64_t min_samples;
    double min_coverage;
    bool warn, implicit;
    int line;
};

/* What is known before the first event. */
struct journal_head {
    const struct roster *roster;
    const struct journal_threshold *thresholds;
    size_t threshold_count;
    const char *version;   /* of the program that wrote it */
    const char *case_name; /* of a matrix; NULL */
    uint64_t seed;
    int64_t started_ns; /* UTC */
};

/* What is known at the end only; absent from a file that ends early. */
struct journal_end {
    int64_t ended_ns; /* UTC */
    bool interrupted;
    const char *error; /* why it could not run; empty when it could */
};

struct journal_writer;

/* Creates or replaces the file. NULL: *why is a sentence. Of one thread. */
struct journal_writer *journal_create(const char *path, const struct journal_head *head, char *why,
                                      size_t why_size);
/* An event_fn. What cannot be written any more (disk full) is told by journal_finish() only. */
void journal_event(void *writer, const struct event *event);
/* Writes what is left, closes and frees. false: *why says what went wrong at any time. */
bool journal_finish(struct journal_writer *writer, const struct journal_end *end, char *why,
                    size_t why_size);

struct journal;

/* Opens a file and reads its head, which lives as long as the journal. NULL: *why is a sentence. */
struct journal *journal_open(const char *path, char *why, size_t why_size);
void journal_free(struct journal *journal);
const struct journal_head *journal_head(const struct journal *journal);
/* The next event, in the order in which they were given. false: there is none, or the rest cannot
 * be read: journal_trouble() then is not empty. Events of kinds that this version does not know are
 * left out, and so are readings; what is unknown where it decides (an outcome) is trouble. */
bool journal_next(struct journal *journal, struct event *event);
/* To the first event again. */
void journal_rewind(struct journal *journal);
/* The same, and from then on there are only seconds with only these readings, so that who needs a
 * few is not kept waiting by everything else. Those of a direction are in their order. NULL: all
 * again. Copied. */
struct journal_choice {
    uint64_t readings[2][READING_WORDS]; /* a bit each, by event_direction */
};
void journal_choose(struct journal *journal, const struct journal_choice *choice);
/* NULL before the last event was read, and when the file ends early. */
const struct journal_end *journal_end(const struct journal *journal);
/* One sentence; "" when nothing is wrong. */
const char *journal_trouble(const struct journal *journal);

#endif
