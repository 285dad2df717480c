/* comparison_words: what the formats of a comparison say alike. Private to runner/report. */
#ifndef REPORT_COMPARISON_WORDS_H
#define REPORT_COMPARISON_WORDS_H

#include "cmtest/comparison_page.h"

/* "receive.mos", or "receive.mos (callers)". */
void comparison_name(const struct comparison_line *line, char *out, size_t size);
/* "4.41", "1.2%", "-" when it is not known; sign: with a plus. */
void comparison_figure(const struct comparison_line *line, double value, bool sign, char *out,
                       size_t size);
/* "p < 0.0001", "p 0.032"; "" when nothing was tested. */
void comparison_chance(const struct comparison_line *line, char *out, size_t size);
/* "2 worse, 80 same, 5 cannot tell" */
void comparison_counts(const struct comparison_report *report, struct text *out);
/* Whether it is shown without being asked for. */
bool comparison_shown(const struct comparison_line *line);

#endif
