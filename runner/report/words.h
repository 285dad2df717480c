/*
 * words: pieces that the writers share: bytes from the network made safe, times, and how a
 * judgement's coverage is said. Private to runner/report.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "cmtest/result.h"
#include "cmtest/text.h"

/* What may stand in the output. All three replace invalid UTF-8. */
enum clean {
    CLEAN_JSON,    /* any character; control characters are left to the writer's escapes */
    CLEAN_XML,     /* what XML 1.0 allows, no C1 control, nothing that turns the text's direction */
    CLEAN_TERMINAL /* as XML, and no control character or line end at all */
};

/* Appends the bytes of a C string; what may not stand is U+FFFD, for a terminal '?'. */
void words_clean(struct text *out, const char *bytes, enum clean clean);

/* The same of bytes that may hold a NUL, which may stand nowhere. */
void words_clean_bytes(struct text *out, const char *bytes, size_t length, enum clean clean);

/* Appends a C string as printable ASCII, a '?' for any other character: where columns count. */
void words_ascii(struct text *out, const char *string);

/* Words of a cleaned string from column `at` on, continued in column `indent`, at most width wide
 * where they can be broken; and a line end. */
void words_wrap(struct text *out, const char *string, size_t at, size_t indent, size_t width);

/* "1020.5": milliseconds, by hand because printf of a double would follow the locale. */
void words_ms(struct text *out, int64_t ns);

/* "2026-11-21T06:40:45" and so many digits of a second, UTC, without a zone. */
void words_time(struct text *out, int64_t at_ns, unsigned digits);

/* "(47 of 50 calls)", "(5,840 samples, 100% of calls)", "(no call was established)". */
void words_coverage(struct text *out, const struct judgement *judgement);
/* "media 12% of a CPU (most 14%), late p99 0.4 ms; signalling ..."; nothing when no thread told. */
void words_health(struct text *out, const struct result *result);
/* The note, unless words_coverage() says it. */
const char *words_note(const struct judgement *judgement);

/* "observed 60.0% (3 of 5 steps); note", "no data (no call was established)". */
void words_figures(struct text *out, const struct judgement *judgement);
/* Why, Try, each limit of this machine that Why does not tell, and what else was diagnosed: a line
 * each, as they are. */
void words_advice(struct text *out, const struct result *result);

/* "cpu: it was busy for 99% of the time, at most 80%. Fits: about 400 endpoints. Try: ..." */
void words_limit(struct text *out, const struct result_limit *limit);
/* "1 of 2 thresholds failed, 1 warning, 6 endpoints, 74 s" */
void words_totals(struct text *out, const struct result *result);

/* " 486 Busy Here", with the blank before it; nothing when there was no answer. */
void words_answer(struct text *out, const struct event_outcome *outcome);

/* As workflow commands of GitHub Actions have it; property: it ends at a comma or a colon, too. */
void words_github(struct text *out, const char *string, bool property);

/* "10 WAV files in recordings", and what kept others from being written; nothing when nothing was
 * to be recorded. */
/* Which run of a platform it was, and where it can be seen; nothing of one here. */
void words_remote(struct text *out, const struct result *result);
void words_recordings(struct text *out, const struct result *result);

void words_thousands(struct text *out, uint64_t number);

#endif
