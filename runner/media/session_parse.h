/*
 * session_parse: the hostile end of sdp.h: text of the network to sofia-sip's structures.
 * Private to media.
 */
#ifndef MEDIA_SESSION_PARSE_H
#define MEDIA_SESSION_PARSE_H

#include <stddef.h>
#include <sofia-sip/sdp.h>

/* NULL and a parser with a session, which the caller frees by sdp_parser_free(); or why this is not
 * a description, and no parser. */
const char *session_parse(const char *bytes, size_t length, sdp_parser_t **parser);

#endif
