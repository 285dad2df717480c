#include "support/specification.h"
#include <stdio.h>
#include <string.h>
#include "cmtest/sdp.h"
#include "media/mutate.h"
#include "media/sessions.h"

static void profiles_that_are_not_rtp_or_not_plain_are_refused(void **state)
{
    const char *secured =
        "the peer's audio stream is encrypted SRTP, but this endpoint has only plain RTP";
    const char *other = "the peer's audio stream is neither RTP (RTP/AVP, RTP/AVPF) nor SRTP";

    (void)state;
    check_refused(HEAD_C "m=audio 6000 RTP/SAVP 8\r\n", secured);
    check_refused(HEAD_C "m=audio 6000 UDP/TLS/RTP/SAVPF 8\r\n", secured);
    check_refused(HEAD_C "m=audio 6000 udp 8\r\n", other);
    check_refused(HEAD_C "m=audio 6000 TCP/RTP/AVP 8\r\n", other);
}

static void an_unusable_offer_is_refused_with_a_sentence(void **state)
{
    (void)state;
    check_refused("", "the peer sent no SDP");
    check_refused("hello", "the peer's SDP has a line that is not <letter>=<value>");
    check_refused("v=0\r\n", "the peer's SDP cannot be parsed");
    check_refused(HEAD_C, "the peer's SDP has no audio stream");
    check_refused(HEAD_C "m=video 7000 RTP/AVP 96\r\n", "the peer's SDP has no audio stream");
    check_refused(HEAD "t=0 0\r\n" AUDIO, "the peer's SDP has no c= line for its audio stream");
    check_refused(HEAD_C "m=audio 0 RTP/AVP 8\r\n", "the peer refused the audio stream (port 0)");
    check_refused(HEAD_C "m=audio 65536 RTP/AVP 8\r\n",
                  "the port of the peer's audio stream is not a UDP port");
    check_refused(HEAD_C "m=audio 6000 RTP/AVP 3 9 18\r\n",
                  "the peer's SDP has no audio codec in common with this endpoint");
    check_refused(HEAD "c=IN IP4 media.example.com\r\nt=0 0\r\n" AUDIO,
                  "the address in the peer's SDP is not a numeric IPv4 address");
    check_refused(HEAD "c=IN IP4 224.2.1.1/127\r\nt=0 0\r\n" AUDIO,
                  "the address in the peer's SDP is a multicast address");
    check_refused(HEAD_C "m=audio 6000 RTP/AVP 8\r\na=x:\x01\r\n",
                  "the peer's SDP contains control characters");
}

static void a_malformed_media_line_is_refused_before_it_is_parsed(void **state)
{
    static const char *const lines[] = {
        "m=audio 6000 RT:/AVP 8 0 101",
        "m=audio 6000 RTP/AVP",
        "m=audio 6000",
        "m=",
        "m=audio 6000 RTP//AVP 8",
        "m=au/dio 6000 RTP/AVP 8",
        "m=audio 6000 RTP/AVP 8/0",
        "m=audio 6000 /RTP/AVP 8 0 101",
        "m=audio 6000 RTP/ 8",
        "m=audio\t6000 RTP/AVP 8",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char offer[256];
        snprintf(offer, sizeof offer, HEAD_C "%s\r\n", lines[i]);
        check_refused(offer, "an m= line of the peer's SDP is malformed");
    }
    /* Spaces too many are seen in the wild, and harmless. */
    assert_ptr_equal(agreed(HEAD_C "m=audio  6000 RTP/AVP 8 0 \r\n").codec, &codec_pcma);
}

static void the_first_reason_of_an_audio_stream_is_told(void **state)
{
    (void)state;
    check_refused(
        HEAD_C "m=video 7000 RTP/AVP 96\r\nm=audio 6000 RTP/SAVP 8\r\n"
               "m=audio 6002 RTP/AVP 3\r\n",
        "the peer's audio stream is encrypted SRTP, but this endpoint has only plain RTP");
}

static void a_nul_byte_is_a_control_character(void **state)
{
    static const char offer[] = HEAD_C AUDIO "a=x:\0\r\n";
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_string_equal(session_answer(&ours, offer, sizeof offer - 1, &out, &media),
                        "the peer's SDP contains control characters");
}

static void sizes_are_bounded(void **state)
{
    struct text offer = {0}, out = {0};
    struct session_media media;

    (void)state;
    text_add(&offer, HEAD_C);
    for (int i = 0; i < 64; i++)
        text_add(&offer, AUDIO);
    assert_null(answer(text_get(&offer), &out, &media));
    text_add(&offer, AUDIO);
    assert_string_equal(answer(text_get(&offer), &out, &media),
                        "the peer's SDP has more than 64 m= lines");
    while (offer.length <= 65536)
        text_add(&offer, "a=x\r\n");
    assert_string_equal(answer(text_get(&offer), &out, &media),
                        "the peer's SDP is longer than 64 KiB");
    text_fini(&offer);
    text_fini(&out);
}

static void lines_may_end_in_a_bare_line_feed(void **state)
{
    (void)state;
    struct session_media media = agreed("v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\n"
                                        "c=IN IP4 198.51.100.7\nt=0 0\nm=audio 6000 RTP/AVP 8\n");
    check_address(&media.rtp, "198.51.100.7:6000");
}

static void an_answer_that_does_not_fit_is_refused_with_a_sentence(void **state)
{
    struct session_media media;

    (void)state;
    assert_string_equal(accept_answer("", &media), "the peer sent no SDP");
    assert_string_equal(accept_answer("v=1", &media), "the peer's SDP cannot be parsed");
    assert_string_equal(accept_answer(HEAD_C, &media), "the peer's SDP has no audio stream");
    assert_string_equal(accept_answer(HEAD_C "m=video 1 RTP/AVP 96\r\n", &media),
                        "the peer's SDP has no audio stream");
    assert_string_equal(accept_answer(HEAD_C "m=audio 0 RTP/AVP 8\r\n", &media),
                        "the peer refused the audio stream (port 0)");
    assert_string_equal(accept_answer(HEAD_C "m=audio 6000 RTP/AVP 18\r\n", &media),
                        "the peer's SDP has no audio codec in common with this endpoint");
    assert_string_equal(accept_answer(HEAD_C AUDIO AUDIO, &media),
                        "the peer's answer has more m= lines than the offer");
}

static void mutated_descriptions_are_read_inside_their_bounds(void **state)
{
    const char *offer = HEAD_C "a=sendrecv\r\n"
                               "m=video 7000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
                               "m=audio 6000 RTP/AVP 8 0 101\r\nc=IN IP4 203.0.113.9\r\n"
                               "b=AS:64\r\nk=clear:x\r\na=rtpmap:8 PCMA/8000\r\n"
                               "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
                               "a=ptime:20\r\na=rtcp:6001 IN IP4 203.0.113.9\r\n";
    struct text out = {0};
    struct random random;
    unsigned accepted = 0;

    (void)state;
    random_init(&random, 3);
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct session_media media;
        size_t length;
        uint8_t *bytes = mutate(&random, offer, strlen(offer), &length);
        text_clear(&out);
        if (session_answer(&ours, (const char *)bytes, length, &out, &media) == NULL) {
            assert_in_range(media.ptime_ms, 10, 120);
            assert_non_null(media.codec);
            accepted++;
        }
        session_accept(&ours, (const char *)bytes, length, &media);
        free(bytes);
    }
    assert_in_range(accepted, MUTATIONS / 50, MUTATIONS - MUTATIONS / 50);
    text_fini(&out);
}

SPECIFICATION(cmocka_unit_test(profiles_that_are_not_rtp_or_not_plain_are_refused),
              cmocka_unit_test(an_unusable_offer_is_refused_with_a_sentence),
              cmocka_unit_test(a_malformed_media_line_is_refused_before_it_is_parsed),
              cmocka_unit_test(the_first_reason_of_an_audio_stream_is_told),
              cmocka_unit_test(a_nul_byte_is_a_control_character),
              cmocka_unit_test(sizes_are_bounded),
              cmocka_unit_test(lines_may_end_in_a_bare_line_feed),
              cmocka_unit_test(an_answer_that_does_not_fit_is_refused_with_a_sentence),
              cmocka_unit_test(mutated_descriptions_are_read_inside_their_bounds))
