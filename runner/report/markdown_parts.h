/*
 * markdown_parts: the parts of what summary.md says of a run. Private to runner/report.
 */
#ifndef REPORT_MARKDOWN_PARTS_H
#define REPORT_MARKDOWN_PARTS_H

#include "markdown.h"
#include "runs.h"

/* Attempts, Why, Try, limits of this machine. */
void markdown_reasons(const struct report_run *run, struct text *out);
void markdown_thresholds(const struct result *result, struct text *out);
/* Those that failed. */
void markdown_steps(const struct result *result, struct text *out);
/* What Why does not tell. */
void markdown_diagnoses(const struct result *result, struct text *out);
/* Those that did not end well, folded. */
void markdown_endpoints(const struct report_run *run, struct text *out);

#endif
