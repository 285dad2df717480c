/*
 * markdown: text that may hold anything, so that GitHub and GitLab show it as it is: no markup, no
 * mention that wakes someone up, no link that was not meant. Private to runner/report.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "cmtest/text.h"

/* One line of prose. */
void markdown_text(struct text *out, const char *string);
/* One line as code. in_table: a | is escaped, which elsewhere would be seen. */
void markdown_code(struct text *out, const char *string, bool in_table);

#endif
