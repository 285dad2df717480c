/* plan_words: what the writers of plans share. */
#ifndef REPORT_PLAN_WORDS_H
#define REPORT_PLAN_WORDS_H

#include "cmtest/plan_report.h"

/* "12.5 s", "3.0 min", "1.5 h" */
const char *plan_time(int64_t ns, char out[24]);
/* "1.6 Mbit/s", "24 GiB", "1,000" */
const char *plan_bits(double bits, char out[24]);
const char *plan_bytes(double bytes, char out[24]);
const char *plan_number(double number, char out[24]);
/* "3 endpoints", "1 call" */
const char *plan_count(uint64_t count, const char *noun, char out[48]);
const char *plan_transport(const struct transport *transport);
/* The other end of an endpoint's call, when it is known: "agents[3]", "sip:echo@example.com". */
void plan_partner(const struct plan_case *each, uint32_t endpoint, struct text *out);

#endif
