/*
 * session_parse: the hostile end of sdp.h: text of the network to sofia-sip's structures.
 * Private to media.
 */
#ifndef MEDIA_SESSION_PARSE_H
#define MEDIA_SESSION_PARSE_H

#include <stddef.h>
#include <sofia-sip/sdp.h>
#include "cmtest/sdp.h"

#define SESSION_LINES_MAX 64

/* Of each m= line, in order. */
struct session_profiles {
    enum session_profile rows[SESSION_LINES_MAX];
    size_t count;
};

/* To the parser every RTP profile is RTP/AVP, as it reads the formats of no other one.
 * NULL and a parser with a session, which the caller frees by sdp_parser_free(); or why this is not
 * a description, and no parser. */
const char *session_parse(const char *bytes, size_t length, sdp_parser_t **parser,
                          struct session_profiles *profiles);

#endif
