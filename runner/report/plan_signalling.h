/* plan_signalling: how a registrar is reached and how a group behaves in calls, in a few words
 * each; nothing of what is usual. */
#ifndef REPORT_PLAN_SIGNALLING_H
#define REPORT_PLAN_SIGNALLING_H

#include "cmtest/plan.h"

/* "sbc.example.com:5061/tls"; without a port: as DNS says. */
const char *plan_server(const struct plan_registrar *registrar, char out[320]);
/* "call agents", "answer after 2.0 s", "refuse with 486" */
void plan_role(const struct plan_group *group, bool waits, struct text *out);

/* "certificate of sip.example.com verified with ca.pem, keepalive OPTIONS every 30.0 s" */
void plan_ways(const struct plan_registrar *registrar, struct text *out);
/* "no SDP in the INVITE (late offer), 100rel required" */
void plan_manners(const struct plan_group *group, struct text *out);
/* plan_impair.c: "RTP that it sends is impaired: 2% lost in bursts of 4, jitter 10 ms" */
void plan_impaired(const struct plan_group *group, struct text *out);

#endif
