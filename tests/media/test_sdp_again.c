/* Further offers and answers of one session: hold, resume, removal, renumbering, versions. */
#include "support/specification.h"
#include <string.h>
#include "cmtest/sdp.h"
#include "media/sessions.h"

#define VIDEO "m=video 7000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"

/* A session as its owner keeps it. */
struct kept {
    struct session_local local;
    struct text said;
    struct session_media media;
};

static void said(struct kept *kept, struct text *out)
{
    session_revise(&kept->local, out);
    text_fini(&kept->said);
    kept->said = *out;
    kept->local.said = text_get(&kept->said);
}

static const char *answers(struct kept *kept, const char *offer)
{
    struct text out = {0};
    const char *why = session_answer(&kept->local, offer, strlen(offer), &out, &kept->media);

    if (!why)
        said(kept, &out);
    else
        text_fini(&out);
    return why;
}

static void offers(struct kept *kept)
{
    struct text out = {0};

    session_offer(&kept->local, &out);
    said(kept, &out);
}

static struct kept begin(const char *offer)
{
    struct kept kept = {.local = ours};

    assert_null(answers(&kept, offer));
    return kept;
}

static void has(const struct kept *kept, const char *part)
{
    if (!strstr(text_get(&kept->said), part))
        fail_msg("no \"%s\" in\n%s", part, text_get(&kept->said));
}

static void hold_and_resume_are_versions_of_one_session(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C AUDIO);
    has(&kept, "o=- 17 2 IN");
    assert_null(answers(&kept, HEAD_C AUDIO "a=sendonly\r\n"));
    has(&kept, "o=- 17 3 IN");
    has(&kept, "a=recvonly\r\n");
    assert_true(kept.media.may_receive && !kept.media.may_send);
    assert_null(answers(&kept, HEAD_C AUDIO));
    has(&kept, "o=- 17 4 IN");
    has(&kept, "a=sendrecv\r\n");
    text_fini(&kept.said);
}

static void an_unchanged_description_keeps_its_version(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C AUDIO);
    assert_null(answers(&kept, HEAD_C AUDIO));
    assert_null(answers(&kept, "v=0\r\no=other 77 78 IN IP4 198.51.100.7\r\ns=-\r\n"
                               "c=IN IP4 198.51.100.9\r\nt=0 0\r\n" AUDIO));
    has(&kept, "o=- 17 2 IN");
    check_address(&kept.media.rtp, "198.51.100.9:6000");
    text_fini(&kept.said);
}

static void a_hold_by_an_unspecified_address_is_known_as_one(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C AUDIO);
    assert_null(answers(&kept, HEAD_C AUDIO "c=IN IP4 0.0.0.0\r\n"));
    has(&kept, "a=recvonly\r\n");
    assert_true(session_is_unspecified(&kept.media.rtp));
    text_fini(&kept.said);
}

static void our_own_wish_limits_what_is_agreed(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C AUDIO);
    kept.local.direction = SESSION_SENDONLY;
    offers(&kept);
    has(&kept, "a=sendonly\r\n");
    assert_null(session_accept(&kept.local, HEAD_C AUDIO "a=recvonly\r\n",
                               strlen(HEAD_C AUDIO "a=recvonly\r\n"), &kept.media));
    assert_true(kept.media.may_send && !kept.media.may_receive);
    assert_null(answers(&kept, HEAD_C AUDIO "a=sendonly\r\n")); /* both hold */
    has(&kept, "a=inactive\r\n");
    text_fini(&kept.said);
}

static void a_later_offer_has_all_codecs_and_keeps_the_numbers(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C "m=audio 6000 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000\r\n");
    kept.local.codecs[1] = &dynamic;
    offers(&kept);
    has(&kept, "m=audio 4000 RTP/AVP 96 97\r\na=rtpmap:96 PCMA/8000\r\na=rtpmap:97 X-Any/8000\r\n");
    has(&kept, "o=- 17 3 IN");
    text_fini(&kept.said);
}

static void a_later_offer_keeps_every_line_in_its_place(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C VIDEO AUDIO "m=message 7010 TCP/MSRP *\r\n");
    offers(&kept);
    assert_string_equal(strstr(text_get(&kept.said), "m="), "m=video 0 RTP/AVP 96\r\n"
                                                            "m=audio 4000 RTP/AVP 8 0\r\n"
                                                            "a=rtpmap:8 PCMA/8000\r\n"
                                                            "a=rtpmap:0 PCMU/8000\r\n"
                                                            "a=ptime:20\r\n"
                                                            "a=sendrecv\r\n"
                                                            "m=message 0 TCP/MSRP *\r\n");
    const char *whole = HEAD_C "m=video 0 RTP/AVP 96\r\nm=audio 6002 RTP/AVP 0\r\n"
                               "m=message 0 TCP/MSRP *\r\n";
    assert_null(session_accept(&kept.local, whole, strlen(whole), &kept.media));
    check_address(&kept.media.rtp, "198.51.100.7:6002");
    assert_ptr_equal(kept.media.codec, &codec_pcmu);
    const char *more = HEAD_C "m=video 0 RTP/AVP 96\r\nm=audio 6002 RTP/AVP 0\r\n"
                              "m=message 0 TCP/MSRP *\r\nm=message 0 TCP/MSRP *\r\n";
    assert_string_equal(session_accept(&kept.local, more, strlen(more), &kept.media),
                        "the peer's answer has more m= lines than the offer");
    const char *fewer = HEAD_C "m=video 0 RTP/AVP 96\r\n";
    assert_string_equal(session_accept(&kept.local, fewer, strlen(fewer), &kept.media),
                        "the peer's SDP has no audio stream");
    text_fini(&kept.said);
}

static void a_stream_may_be_taken_away_and_come_back(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C VIDEO AUDIO);
    assert_null(answers(&kept, HEAD_C "m=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 8\r\n"));
    assert_null(kept.media.codec);
    assert_false(kept.media.may_send || kept.media.may_receive);
    assert_string_equal(strstr(text_get(&kept.said), "m="),
                        "m=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 8\r\n");
    offers(&kept);
    has(&kept, "m=video 0 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 8 0\r\n");
    text_fini(&kept.said);
}

static void a_first_offer_without_a_port_is_still_refused(void **state)
{
    (void)state;
    check_refused(HEAD_C "m=audio 0 RTP/AVP 8\r\n", "the peer refused the audio stream (port 0)");
}

static void the_stream_in_use_goes_before_others_that_could_be(void **state)
{
    (void)state;
    struct kept kept = begin(HEAD_C "m=audio 0 RTP/AVP 8\r\nm=audio 6000 RTP/AVP 8\r\n");
    assert_null(answers(&kept, HEAD_C "m=audio 6004 RTP/AVP 8\r\nm=audio 6000 RTP/AVP 8\r\n"));
    check_address(&kept.media.rtp, "198.51.100.7:6000");
    text_fini(&kept.said);
}

static void an_answer_without_a_common_codec_is_told_apart(void **state)
{
    struct session_media media;
    (void)state;
    assert_true(session_no_codec(accept_answer(HEAD_C "m=audio 6000 RTP/AVP 9\r\n", &media)));
    assert_false(session_no_codec(accept_answer(HEAD_C "m=audio 0 RTP/AVP 8\r\n", &media)));
    assert_false(session_no_codec(NULL));
}

SPECIFICATION(cmocka_unit_test(hold_and_resume_are_versions_of_one_session),
              cmocka_unit_test(an_unchanged_description_keeps_its_version),
              cmocka_unit_test(a_hold_by_an_unspecified_address_is_known_as_one),
              cmocka_unit_test(our_own_wish_limits_what_is_agreed),
              cmocka_unit_test(a_later_offer_has_all_codecs_and_keeps_the_numbers),
              cmocka_unit_test(a_later_offer_keeps_every_line_in_its_place),
              cmocka_unit_test(a_stream_may_be_taken_away_and_come_back),
              cmocka_unit_test(a_first_offer_without_a_port_is_still_refused),
              cmocka_unit_test(the_stream_in_use_goes_before_others_that_could_be),
              cmocka_unit_test(an_answer_without_a_common_codec_is_told_apart))
