/* Assertions about what stands in a message. */
#include "support/specification.h"
#include "cmtest/assertion.h"

#include <stdlib.h>
#include <string.h>

static const char message[] =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1;rport=5060, SIP/2.0/TCP "
    "h;received=192.0.2.9\r\n"
    "m: \"Bob; the, first\" <sip:bob@127.0.0.1;ob>;expires=60;+sip.instance=\"<urn:x>\"\r\n"
    "Session-Expires: 1800;\r\n"
    "  refresher=uas\r\n"
    "X-Empty:\r\n"
    "X-Two: one\r\n"
    "X-Two: two\r\n"
    "Content-Type: application/sdp\r\n"
    "\r\n"
    "v=0\r\n"
    "o=- 1 1 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "c=IN IP4 127.0.0.1\r\n"
    "a=ice-lite\r\n"
    "m=audio 4000 RTP/AVP 111 8 101\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=ptime:20\r\n"
    "m=video 0 RTP/AVP 96\r\n"
    "a=inactive\r\n"
    "m=audio 4002 RTP/AVP 0\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=sendonly\r\n";

static char room[256];

static const char *judged(bool sdp, const char *path, enum assertion_kind kind, const char *value)
{
    struct assertion assertion = {sdp, path, kind, value};
    assert_null(assertion_fault(&assertion, room, sizeof room));
    return assertion_judge(&assertion, message, sizeof message - 1, room, sizeof room);
}

static void header_is(const char *path, const char *value)
{
    const char *why = judged(false, path, ASSERT_EQUALS, value);
    if (why)
        fail_msg("%s", why);
}

static void sdp_is(const char *path, const char *value)
{
    const char *why = judged(true, path, ASSERT_EQUALS, value);
    if (why)
        fail_msg("%s", why);
}

static void headers_are_found_by_long_and_compact_name(void **state)
{
    (void)state;
    header_is("content-type", "application/sdp");
    header_is("c", "application/sdp");
    header_is("X-Two", "one");
    header_is("X-Two", "two");
    header_is("X-Empty", "");
    header_is("Session-Expires;refresher", "uas");
}

static void parameters_are_found_behind_quotes_brackets_and_commas(void **state)
{
    (void)state;
    header_is("Contact;expires", "60");
    header_is("contact;+SIP.instance", "<urn:x>");
    header_is("Via;rport", "5060");
    header_is("Via;received", "192.0.2.9");
    assert_non_null(judged(false, "Contact;ob", ASSERT_PRESENT, NULL));
}

static void sdp_is_found_by_media_attribute_key_and_parameter(void **state)
{
    (void)state;
    sdp_is("ptime", "20");
    sdp_is("rtpmap:8", "PCMA/8000");
    sdp_is("fmtp:111;useinbandfec", "1");
    sdp_is("fmtp:111;minptime", "10");
    sdp_is("audio.m", "audio 4000 RTP/AVP 111 8 101");
    sdp_is("audio[1].c", "IN IP4 0.0.0.0");
    sdp_is("c", "IN IP4 127.0.0.1");
    sdp_is("session.o", "- 1 1 IN IP4 127.0.0.1");
    sdp_is("direction", "sendrecv");
    sdp_is("video.direction", "inactive");
    sdp_is("audio[1].direction", "sendonly");
    assert_null(judged(true, "ice-lite", ASSERT_PRESENT, NULL));
    assert_null(judged(true, "audio[2].m", ASSERT_ABSENT, NULL));
    assert_null(judged(true, "audio.inactive", ASSERT_ABSENT, NULL));
}

static void an_expression_matches_anywhere_in_the_value(void **state)
{
    (void)state;
    assert_null(judged(false, "Contact", ASSERT_MATCHES, "bob@127\\.0\\.0\\.1"));
    assert_null(judged(false, "X-Two", ASSERT_MATCHES, "^two$"));
    assert_non_null(judged(false, "X-Two", ASSERT_MATCHES, "^three$"));
    assert_non_null(judged(false, "X-None", ASSERT_MATCHES, ".*"));
}

static void a_failure_says_what_was_expected_and_what_was_seen(void **state)
{
    (void)state;
    assert_string_equal(judged(false, "Contact;expires", ASSERT_EQUALS, "30"),
                        "expected header Contact;expires to be 30, it is 60");
    assert_string_equal(judged(true, "ptime", ASSERT_MATCHES, "^3"),
                        "expected SDP ptime to match ^3, it is 20");
    assert_string_equal(judged(false, "Reason", ASSERT_PRESENT, NULL),
                        "expected header Reason to be there, it is not there");
    assert_string_equal(judged(false, "X-Two", ASSERT_ABSENT, NULL),
                        "expected header X-Two not to be there, it is one");
    assert_string_equal(judged(false, "X-Empty", ASSERT_ABSENT, NULL),
                        "expected header X-Empty not to be there, it is there, and empty");
}

static void places_and_expressions_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct assertion bad[] = {
        {false, "", ASSERT_PRESENT, NULL},         {false, "A B", ASSERT_PRESENT, NULL},
        {false, "A;", ASSERT_PRESENT, NULL},       {true, "audio[x].m", ASSERT_PRESENT, NULL},
        {true, "audio[1.m", ASSERT_PRESENT, NULL}, {true, "rtpmap:", ASSERT_PRESENT, NULL},
        {false, "A", ASSERT_MATCHES, "(("}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!assertion_fault(&bad[i], room, sizeof room))
            fail_msg("%s was taken", bad[i].path);
    assert_non_null(strstr(room, "is not a regular expression"));
}

/* Each is read in full by the sanitizer. */
static void a_message_that_is_cut_anywhere_is_only_read(void **state)
{
    (void)state;
    static const struct assertion all[] = {{false, "Contact;expires", ASSERT_EQUALS, "60"},
                                           {true, "fmtp:111;useinbandfec", ASSERT_EQUALS, "1"},
                                           {true, "audio[1].c", ASSERT_PRESENT, NULL}};
    unsigned met = 0;
    for (size_t length = 0; length < sizeof message; length++) {
        char *cut = strndup(message, length);
        char *exact = realloc(cut, length ? length : 1);
        for (size_t i = 0; i < 3; i++)
            met += !assertion_judge(&all[i], exact, length, room, sizeof room);
        free(exact);
    }
    assert_true(met > 0 && met < 3 * sizeof message);
}

SPECIFICATION(cmocka_unit_test(headers_are_found_by_long_and_compact_name),
              cmocka_unit_test(parameters_are_found_behind_quotes_brackets_and_commas),
              cmocka_unit_test(sdp_is_found_by_media_attribute_key_and_parameter),
              cmocka_unit_test(an_expression_matches_anywhere_in_the_value),
              cmocka_unit_test(a_failure_says_what_was_expected_and_what_was_seen),
              cmocka_unit_test(places_and_expressions_that_cannot_be_are_refused),
              cmocka_unit_test(a_message_that_is_cut_anywhere_is_only_read))
