/*
 * rtcp_more: XR and feedback packets within a compound. Private to rtcp.c.
 */
#ifndef MEDIA_RTCP_MORE_H
#define MEDIA_RTCP_MORE_H

#include "cmtest/rtcp.h"

enum { RTCP_TYPE_RTPFB = 205, RTCP_TYPE_PSFB = 206, RTCP_TYPE_XR = 207 };

/* With its header; 0: there is nothing to tell. */
size_t rtcp_extended_bytes(const struct rtcp_report *report);
/* All but the header. */
void rtcp_extended_put(const struct rtcp_report *report, uint8_t *out);
/* One packet of `length` bytes with its header. false: malformed. */
bool rtcp_extended_get(const uint8_t *bytes, size_t length, struct rtcp_report *report);
bool rtcp_feedback_get(const uint8_t *bytes, size_t length, struct rtcp_report *report);

#endif
