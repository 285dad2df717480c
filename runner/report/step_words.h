/*
 * step_words: what became of a step of a scenario, for people. Private to runner/report.
 */
#ifndef REPORT_STEP_WORDS_H
#define REPORT_STEP_WORDS_H

#include "cmtest/result.h"
#include "cmtest/text.h"

/* "hold", or "step 3 send_dtmf" when it has no name; index from 0. */
void step_title(const struct roster_step *step, uint32_t index, struct text *out);
/* "2 of 10 endpoints of group callers failed at hold (hold, at 1 s)". */
void step_verdict(const struct result *result, uint32_t group, uint32_t index, struct text *out);
/* "expected status 200, seen status 488: it was refused", without line ends. */
void step_failure(const struct result_step_failure *failure, struct text *out);

struct step_counts {
    uint64_t done, failed, skipped;
};
/* Over all groups. */
struct step_counts step_count_all(const struct result *result);

#endif
