/*
 * session_security: how the stream of an m= line is protected: its profile, a=crypto,
 * a=fingerprint, a=setup and a=rtcp-mux, of both sides. Private to media.
 */
#ifndef MEDIA_SESSION_SECURITY_H
#define MEDIA_SESSION_SECURITY_H

#include <stdbool.h>
#include <sofia-sip/sdp.h>
#include "cmtest/sdp.h"

/* The profile that our offers have. */
enum session_profile security_profile(const struct session_local *local);
/* The attributes of our offer. */
void security_offer(const struct session_local *local, struct text *out);

/* What the peer's m= line means: profile, mux, crypto_tag and keying of *media, for our answer to
 * an offer, or (answered) when it is the answer to ours. NULL, or why it cannot be. */
const char *security_choose(const struct session_local *local, const sdp_media_t *m,
                            enum session_profile profile, bool answered,
                            struct session_media *media);
/* The attributes of our answer. */
void security_answer(const struct session_local *local, const struct session_media *media,
                     struct text *out);

#endif
