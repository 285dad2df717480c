/*
 * detail: what the page of an endpoint is made of. Private to runner/report/html.
 */
#ifndef REPORT_HTML_DETAIL_H
#define REPORT_HTML_DETAIL_H

#include "html/html.h"

#define HTML_NO_SLOT UINT32_MAX

enum html_why { HTML_FAILED, HTML_WORST, HTML_SAMPLE };

struct html_choice {
    uint32_t endpoints[DETAIL_ENDPOINTS_MAX];
    enum html_why why[DETAIL_ENDPOINTS_MAX];
    uint32_t count;
    uint32_t *slots; /* by endpoint; owned: free() */
};

/* Calls that did not end well, the worst media, and a sample of the others; both sides of each. */
void html_choose(struct html_choice *choice, const struct result *result,
                 const struct html_figures *figures);

/* Members of a JSON object, each with a comma before it. */
void html_moments(const struct result *result, uint32_t endpoint, struct text *out);
/* room: bytes of messages that may still be written. */
void html_messages(const struct result *result, uint32_t endpoint, size_t *room, struct text *out);

#endif
