/*
 * session_format: the formats of an m= line: the codecs of one side with their payload numbers, and
 * what both sides have of them. Private to media.
 */
#ifndef MEDIA_SESSION_FORMAT_H
#define MEDIA_SESSION_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sofia-sip/sdp.h>
#include "cmtest/sdp.h"

/* Of telephone-event there is one for every clock. */
#define FORMATS_MAX (2 * SESSION_CODECS_MAX)

struct format {
    const struct codec *codec;
    const struct codec_params *params; /* ours */
    uint32_t clock_rate;
    uint8_t number;
};

/* What we offer, in order of preference. What a number has once meant in a session it means to the
 * end (RFC 3264 8.3.2). */
size_t format_list(const struct session_local *local, struct format *formats);
/* The speech codec of the peer's preference that we have too, with what goes beside it, numbers of
 * both sides, packet time and parameters, into *media. false: there is none. */
bool format_choose(const struct session_local *local, const sdp_media_t *m,
                   struct session_media *media);
/* The other speech codecs of an answer to our offer, into *media. */
void format_others(const struct session_local *local, const sdp_media_t *m,
                   struct session_media *media);
/* What was chosen, under the peer's numbers. */
size_t format_answer(const struct session_local *local, const struct session_media *media,
                     struct format *formats);

/* " 96 8 101", the end of an m= line. */
void format_write_numbers(const struct format *formats, size_t count, struct text *out);
/* a=rtpmap, a=fmtp, a=ptime and a=maxptime. */
void format_write(const struct format *formats, size_t count, uint32_t ptime_ms, struct text *out);

#endif
