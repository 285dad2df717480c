/*
 * assertion: what must stand in a SIP message, by its place: a header, or a parameter of it; or a
 * line or attribute of the SDP that it carries.
 *
 * header: NAME or NAME;PARAMETER, case-insensitive, long or compact name: "Contact;expires".
 * sdp: [MEDIA.]NAME[:KEY][;PARAMETER]: MEDIA is audio (when not said), video, another media name,
 * or session; audio[1] is the second one. NAME is an attribute, which may stand at the session for
 * all media ("ptime", "rtpmap:8", "fmtp:111;useinbandfec"), the letter of another line ("c"), or
 * direction (sendrecv when nothing says it). Where there are several, one of them must fit.
 *
 * Pure. Hostile messages are only read.
 */
#ifndef CMTEST_ASSERTION_H
#define CMTEST_ASSERTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum assertion_kind {
    ASSERT_EQUALS,
    ASSERT_MATCHES, /* an extended regular expression (POSIX), anywhere in the value */
    ASSERT_PRESENT,
    ASSERT_ABSENT
};

struct assertion {
    bool sdp; /* else header */
    const char *path;
    enum assertion_kind kind;
    const char *value; /* of EQUALS and MATCHES */
};

/* Which messages of a call something is asserted of. */
struct message_expect {
    const char *method;  /* of the request, or of what a response answers */
    uint16_t status;     /* of a response; 0: the request */
    bool sent, received; /* both: either way */
    const struct assertion *assertions;
    size_t assertion_count;
};

/* Why a path or an expression cannot be meant, in room; NULL: it can. */
const char *assertion_fault(const struct assertion *assertion, char *room, size_t size);
/* NULL: the message is so; else what was expected and what was seen, in room. */
const char *assertion_judge(const struct assertion *assertion, const char *message, size_t length,
                            char *room, size_t size);

#endif
