/*
 * sessions: what the tests of offers and answers share: our side, the beginning of a peer's text,
 * and checks of what becomes of it.
 */
#ifndef TESTS_MEDIA_SESSIONS_H
#define TESTS_MEDIA_SESSIONS_H

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "support/specification.h"
#include "cmtest/sdp.h"

extern const struct codec codec_pcmu, codec_pcma;

/* A row with a dynamic payload type, which no codec of the table has yet. */
static const struct codec dynamic = {.name = "any",
                                     .encoding = "X-Any",
                                     .payload_type = -1,
                                     .clock_rate = 8000,
                                     .sample_rate = 8000,
                                     .ptime_ms = 30};

static const struct session_local ours = {.address = "192.0.2.1",
                                          .rtp_port = 4000,
                                          .rtcp_port = 4001,
                                          .id = 17,
                                          .version = 2,
                                          .codecs = {&codec_pcma, &codec_pcmu},
                                          .codec_count = 2};

#define HEAD "v=0\r\no=bob 1 1 IN IP4 198.51.100.7\r\ns=-\r\n"
#define HEAD_C HEAD "c=IN IP4 198.51.100.7\r\nt=0 0\r\n"
#define AUDIO "m=audio 6000 RTP/AVP 8\r\n"

static inline const char *answer(const char *offer, struct text *out, struct session_media *media)
{
    text_clear(out);
    return session_answer(&ours, offer, strlen(offer), out, media);
}

static inline const char *accept_answer(const char *text, struct session_media *media)
{
    return session_accept(&ours, text, strlen(text), media);
}

/* The answer to an offer that must be usable. */
static inline struct session_media agreed(const char *offer)
{
    struct text out = {0};
    struct session_media media;
    const char *why = answer(offer, &out, &media);

    if (why)
        fail_msg("refused: %s", why);
    text_fini(&out);
    return media;
}

static inline void check_refused(const char *offer, const char *sentence)
{
    struct text out = {0};
    struct session_media media;

    assert_string_equal(answer(offer, &out, &media), sentence);
    assert_int_equal(out.length, 0);
    text_fini(&out);
}

static inline void check_address(const struct sockaddr_storage *address, const char *expected)
{
    char host[64], text[96];
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->ss_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
        snprintf(text, sizeof text, "%s:%u", host, ntohs(v4.sin_port));
    } else {
        assert_int_equal(address->ss_family, AF_INET6);
        memcpy(&v6, address, sizeof v6);
        inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
        snprintf(text, sizeof text, "[%s]:%u", host, ntohs(v6.sin6_port));
    }
    assert_string_equal(text, expected);
}

#endif
