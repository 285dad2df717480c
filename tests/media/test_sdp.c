#include "support/specification.h"
#include <string.h>
#include "cmtest/sdp.h"
#include "media/sessions.h"

static void an_offer_has_all_codecs_in_order_of_preference(void **state)
{
    struct text out = {0};

    (void)state;
    session_offer(&ours, &out);
    assert_string_equal(text_get(&out), "v=0\r\n"
                                        "o=- 17 2 IN IP4 192.0.2.1\r\n"
                                        "s=-\r\n"
                                        "c=IN IP4 192.0.2.1\r\n"
                                        "t=0 0\r\n"
                                        "m=audio 4000 RTP/AVP 8 0\r\n"
                                        "a=rtpmap:8 PCMA/8000\r\n"
                                        "a=rtpmap:0 PCMU/8000\r\n"
                                        "a=ptime:20\r\n"
                                        "a=sendrecv\r\n");
    text_fini(&out);
}

static void an_offer_says_where_rtcp_is_when_it_is_not_the_next_port(void **state)
{
    struct session_local local = ours;
    struct text out = {0};

    (void)state;
    local.rtcp_port = 5555;
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "\r\na=rtcp:5555\r\n"));
    text_fini(&out);
}

static void dynamic_payload_types_are_offered_from_96(void **state)
{
    struct session_local local = ours;
    struct text out = {0};

    (void)state;
    local.codecs[0] = &dynamic;
    local.codecs[2] = &dynamic;
    local.codec_count = 3;
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/AVP 96 0 97\r\n"
                                           "a=rtpmap:96 X-Any/8000\r\n"));
    assert_non_null(strstr(text_get(&out), "a=rtpmap:97 X-Any/8000\r\n"));
    text_fini(&out);
}

static void an_ipv6_endpoint_offers_ip6(void **state)
{
    struct session_local local = ours;
    struct text out = {0};

    (void)state;
    local.address = "2001:db8::1";
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "o=- 17 2 IN IP6 2001:db8::1\r\n"));
    assert_non_null(strstr(text_get(&out), "\r\nc=IN IP6 2001:db8::1\r\n"));
    text_fini(&out);
}

static void the_order_of_the_offer_decides_the_codec(void **state)
{
    (void)state;
    assert_ptr_equal(agreed(HEAD_C "m=audio 6000 RTP/AVP 0 8\r\n").codec, &codec_pcmu);
    assert_ptr_equal(agreed(HEAD_C "m=audio 6000 RTP/AVP 9 8 0\r\n").codec, &codec_pcma);
}

static void an_answer_has_the_one_codec_that_is_used(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer(HEAD_C "m=audio 6000 RTP/AVP 0 8\r\n", &out, &media));
    assert_string_equal(text_get(&out), "v=0\r\n"
                                        "o=- 17 2 IN IP4 192.0.2.1\r\n"
                                        "s=-\r\n"
                                        "c=IN IP4 192.0.2.1\r\n"
                                        "t=0 0\r\n"
                                        "m=audio 4000 RTP/AVP 0\r\n"
                                        "a=rtpmap:0 PCMU/8000\r\n"
                                        "a=ptime:20\r\n"
                                        "a=sendrecv\r\n");
    assert_int_equal(media.payload_type, 0);
    assert_int_equal(media.receive_payload_type, 0);
    assert_int_equal(media.ptime_ms, 20);
    check_address(&media.rtp, "198.51.100.7:6000");
    check_address(&media.rtcp, "198.51.100.7:6001");
    assert_int_equal(media.address_length, sizeof(struct sockaddr_in));
    text_fini(&out);
}

static void an_answer_repeats_the_times_of_the_offer(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer(HEAD "c=IN IP4 198.51.100.7\r\nt=3034423619 3042462419\r\n"
                            "m=audio 6000 RTP/AVP 0\r\n",
                       &out, &media));
    assert_non_null(strstr(text_get(&out), "\r\nt=3034423619 3042462419\r\n"));
    text_fini(&out);
}

static void static_payload_types_need_no_rtpmap_and_names_no_case(void **state)
{
    (void)state;
    assert_ptr_equal(agreed(HEAD_C "m=audio 6000 RTP/AVP 8\r\n").codec, &codec_pcma);
    assert_ptr_equal(agreed(HEAD_C "m=audio 6000 RTP/AVP 8\r\na=rtpmap:8 pcma/8000/1\r\n").codec,
                     &codec_pcma);
}

static void a_dynamic_number_of_the_peer_is_used_both_ways(void **state)
{
    struct session_media media =
        agreed(HEAD_C "m=audio 6000 RTP/AVP 101 120\r\na=rtpmap:101 telephone-event/8000\r\n"
                      "a=rtpmap:120 PCMA/8000\r\n");

    (void)state;
    assert_ptr_equal(media.codec, &codec_pcma);
    assert_int_equal(media.payload_type, 120);
    assert_int_equal(media.receive_payload_type, 120);
}

static void another_rate_or_channels_are_another_codec(void **state)
{
    (void)state;
    check_refused(HEAD_C "m=audio 6000 RTP/AVP 120\r\na=rtpmap:120 PCMA/16000\r\n",
                  "the peer's SDP has no audio codec in common with this endpoint");
    check_refused(HEAD_C "m=audio 6000 RTP/AVP 120\r\na=rtpmap:120 PCMA/8000/2\r\n",
                  "the peer's SDP has no audio codec in common with this endpoint");
    check_refused(HEAD_C "m=audio 6000 RTP/AVP 120\r\n",
                  "the peer's SDP has no audio codec in common with this endpoint");
}

static void telephone_events_are_not_answered(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer(HEAD_C "m=audio 6000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
                              "a=fmtp:101 0-16\r\n",
                       &out, &media));
    assert_null(strstr(text_get(&out), "101"));
    text_fini(&out);
}

static void other_streams_are_refused_in_order(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer(HEAD_C "m=video 7000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
                              "m=audio 7002 RTP/SAVP 8\r\n"
                              "m=audio 7004 RTP/AVP 8\r\n"
                              "m=audio 7006 RTP/AVP 0\r\n"
                              "m=audio 0 RTP/AVP 0\r\n"
                              "m=application 7008 UDP/BFCP *\r\n"
                              "m=message 7010 TCP/MSRP *\r\n"
                              "m=image 7012 udptl t38\r\n",
                       &out, &media));
    const char *streams = strstr(text_get(&out), "m=");
    assert_string_equal(streams, "m=video 0 RTP/AVP 96\r\n"
                                 "m=audio 0 RTP/SAVP 8\r\n"
                                 "m=audio 4000 RTP/AVP 8\r\n"
                                 "a=rtpmap:8 PCMA/8000\r\n"
                                 "a=ptime:20\r\n"
                                 "a=sendrecv\r\n"
                                 "m=audio 0 RTP/AVP 0\r\n"
                                 "m=audio 0 RTP/AVP 0\r\n"
                                 "m=application 0 UDP/BFCP *\r\n"
                                 "m=message 0 TCP/MSRP *\r\n"
                                 "m=image 0 udptl t38\r\n");
    check_address(&media.rtp, "198.51.100.7:7004");
    text_fini(&out);
}

static void check_direction(const char *lines, const char *answered, bool may_send,
                            bool may_receive)
{
    struct text offer = {0}, out = {0};
    struct session_media media;

    text_printf(&offer, "%s", lines);
    const char *why = answer(text_get(&offer), &out, &media);
    if (why)
        fail_msg("refused: %s", why);
    char line[32];
    snprintf(line, sizeof line, "\r\na=%s\r\n", answered);
    assert_non_null(strstr(text_get(&out), line));
    assert_int_equal(media.may_send, may_send);
    assert_int_equal(media.may_receive, may_receive);
    text_fini(&offer);
    text_fini(&out);
}

static void directions_are_mirrored(void **state)
{
    (void)state;
    check_direction(HEAD_C AUDIO, "sendrecv", true, true);
    check_direction(HEAD_C AUDIO "a=sendrecv\r\n", "sendrecv", true, true);
    check_direction(HEAD_C AUDIO "a=sendonly\r\n", "recvonly", false, true);
    check_direction(HEAD_C AUDIO "a=recvonly\r\n", "sendonly", true, false);
    check_direction(HEAD_C AUDIO "a=inactive\r\n", "inactive", false, false);
}

static void a_direction_of_the_session_holds_unless_the_stream_has_its_own(void **state)
{
    (void)state;
    check_direction(HEAD_C "a=sendonly\r\n" AUDIO, "recvonly", false, true);
    check_direction(HEAD_C "a=sendonly\r\n" AUDIO "a=recvonly\r\n", "sendonly", true, false);
    check_direction(HEAD_C "a=inactive\r\n" AUDIO "a=sendrecv\r\n", "sendrecv", true, true);
}

static void an_unspecified_address_is_hold(void **state)
{
    struct session_local local = ours;
    struct text out = {0};
    struct session_media media;
    const char *six = "v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::\r\nt=0 0\r\n" AUDIO;

    (void)state;
    check_direction(HEAD "c=IN IP4 0.0.0.0\r\nt=0 0\r\n" AUDIO, "recvonly", false, true);
    check_direction(HEAD "c=IN IP4 0.0.0.0\r\nt=0 0\r\n" AUDIO "a=recvonly\r\n", "inactive", false,
                    false);
    local.address = "::1";
    assert_null(session_answer(&local, six, strlen(six), &out, &media));
    assert_false(media.may_send);
    text_fini(&out);
}

static void the_address_of_the_stream_goes_before_that_of_the_session(void **state)
{
    struct session_media media = agreed(HEAD_C AUDIO "c=IN IP4 203.0.113.9\r\n");

    (void)state;
    check_address(&media.rtp, "203.0.113.9:6000");
    check_address(&media.rtcp, "203.0.113.9:6001");
    media = agreed(HEAD "t=0 0\r\n" AUDIO "c=IN IP4 203.0.113.9\r\n");
    check_address(&media.rtp, "203.0.113.9:6000");
}

static void rtcp_goes_where_the_peer_says(void **state)
{
    struct session_media media = agreed(HEAD_C AUDIO "a=rtcp:53020\r\n");

    (void)state;
    check_address(&media.rtcp, "198.51.100.7:53020");
    media = agreed(HEAD_C AUDIO "a=rtcp:53020 IN IP4 126.16.64.4\r\n");
    check_address(&media.rtcp, "126.16.64.4:53020");
    check_address(&media.rtp, "198.51.100.7:6000");
    check_refused(HEAD_C AUDIO "a=rtcp:0\r\n", "the a=rtcp line of the peer's SDP is malformed");
    check_refused(HEAD_C AUDIO "a=rtcp:65536\r\n",
                  "the a=rtcp line of the peer's SDP is malformed");
    check_refused(HEAD_C AUDIO "a=rtcp:-1\r\n", "the a=rtcp line of the peer's SDP is malformed");
    check_refused(HEAD_C AUDIO "a=rtcp:1x\r\n", "the a=rtcp line of the peer's SDP is malformed");
    check_refused(HEAD_C AUDIO "a=rtcp\r\n", "the a=rtcp line of the peer's SDP is malformed");
    check_refused(HEAD_C AUDIO "a=rtcp:5 IN IP4 host\r\n",
                  "the address in the peer's SDP is not a numeric IPv4 address");
    check_refused(HEAD_C "m=audio 65535 RTP/AVP 8\r\n",
                  "port 65535 in the peer's SDP leaves no port for RTCP");
}

static void ipv6_addresses_are_used(void **state)
{
    struct session_local local = ours;
    struct text out = {0};
    struct session_media media;
    const char *offer = "v=0\r\no=- 1 1 IN IP6 2001:db8::7\r\ns=-\r\nc=IN IP6 2001:db8::7\r\n"
                        "t=0 0\r\n" AUDIO "a=rtcp:7777 IN IP6 2001:db8::8\r\n";

    (void)state;
    local.address = "2001:db8::1";
    assert_null(session_answer(&local, offer, strlen(offer), &out, &media));
    check_address(&media.rtp, "[2001:db8::7]:6000");
    check_address(&media.rtcp, "[2001:db8::8]:7777");
    assert_int_equal(media.address_length, sizeof(struct sockaddr_in6));
    text_fini(&out);
    check_refused(offer, "the peer's SDP has an IPv6 address, but this endpoint uses IPv4");
    assert_string_equal(session_answer(&local, HEAD_C AUDIO, strlen(HEAD_C AUDIO), &out, &media),
                        "the peer's SDP has an IPv4 address, but this endpoint uses IPv6");
    text_fini(&out);
}

static void the_packet_time_of_the_peer_is_used_when_sane(void **state)
{
    (void)state;
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:30\r\n").ptime_ms, 30);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:10\r\n").ptime_ms, 10);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:120\r\n").ptime_ms, 120);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:9\r\n").ptime_ms, 20);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:121\r\n").ptime_ms, 20);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:-20\r\n").ptime_ms, 20);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:4294967326\r\n").ptime_ms, 20);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime:thirty\r\n").ptime_ms, 20);
    assert_int_equal(agreed(HEAD_C AUDIO "a=ptime\r\n").ptime_ms, 20);
}

static void our_own_offer_is_answered_and_accepted(void **state)
{
    struct session_local caller = ours, callee = ours;
    struct text offer = {0}, out = {0};
    struct session_media at_callee, at_caller;

    (void)state;
    caller.rtcp_port = 4444;
    callee.address = "192.0.2.2";
    callee.rtp_port = 5000;
    callee.rtcp_port = 5001;
    callee.codecs[0] = &codec_pcmu;
    callee.codec_count = 1;
    session_offer(&caller, &offer);
    assert_null(session_answer(&callee, offer.data, offer.length, &out, &at_callee));
    assert_null(session_accept(&caller, out.data, out.length, &at_caller));
    assert_ptr_equal(at_callee.codec, &codec_pcmu);
    assert_ptr_equal(at_caller.codec, &codec_pcmu);
    check_address(&at_callee.rtp, "192.0.2.1:4000");
    check_address(&at_callee.rtcp, "192.0.2.1:4444");
    check_address(&at_caller.rtp, "192.0.2.2:5000");
    check_address(&at_caller.rtcp, "192.0.2.2:5001");
    assert_true(at_caller.may_send && at_caller.may_receive);
    text_fini(&offer);
    text_fini(&out);
}

static void an_answer_decides_what_is_sent_and_the_offer_what_is_expected(void **state)
{
    struct session_local local = ours;
    struct session_media media;
    const char *text = HEAD_C "m=audio 6000 RTP/AVP 0 110\r\na=rtpmap:110 x-any/8000\r\n"
                              "a=ptime:40\r\na=recvonly\r\n";

    (void)state;
    local.codecs[1] = &dynamic;
    assert_null(session_accept(&local, text, strlen(text), &media));
    assert_ptr_equal(media.codec, &dynamic);
    assert_int_equal(media.payload_type, 110);
    assert_int_equal(media.receive_payload_type, 96);
    assert_int_equal(media.ptime_ms, 40);
    assert_true(media.may_send);
    assert_false(media.may_receive);
}

/* RFC 3611 5.2. */
static void extended_reports_are_asked_for_and_answered_when_both_sides_have_them(void **state)
{
    struct session_local local = ours;
    struct session_media media;
    struct text out = {0};
    const char *const none = HEAD_C AUDIO;
    const char *const metrics = HEAD_C AUDIO "a=rtcp-xr:voip-metrics\r\n";
    const char *const both = HEAD_C AUDIO "a=rtcp-xr:rcvr-rtt=all:10 voip-metrics\r\n";

    (void)state;
    assert_null(answer(both, &out, &media));
    assert_null(strstr(text_get(&out), "rtcp-xr"));
    local.extended_reports = true;
    text_clear(&out);
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "\r\na=rtcp-xr:rcvr-rtt=all voip-metrics\r\n"));
    text_clear(&out);
    assert_null(session_answer(&local, none, strlen(none), &out, &media));
    assert_null(strstr(text_get(&out), "rtcp-xr"));
    text_clear(&out);
    assert_null(session_answer(&local, metrics, strlen(metrics), &out, &media));
    assert_non_null(strstr(text_get(&out), "\r\na=rtcp-xr:voip-metrics\r\n"));
    text_clear(&out);
    assert_null(session_answer(&local, both, strlen(both), &out, &media));
    assert_non_null(strstr(text_get(&out), "\r\na=rtcp-xr:rcvr-rtt=all voip-metrics\r\n"));
    text_fini(&out);
}

SPECIFICATION(
    cmocka_unit_test(extended_reports_are_asked_for_and_answered_when_both_sides_have_them),
    cmocka_unit_test(an_offer_has_all_codecs_in_order_of_preference),
    cmocka_unit_test(an_offer_says_where_rtcp_is_when_it_is_not_the_next_port),
    cmocka_unit_test(dynamic_payload_types_are_offered_from_96),
    cmocka_unit_test(an_ipv6_endpoint_offers_ip6),
    cmocka_unit_test(the_order_of_the_offer_decides_the_codec),
    cmocka_unit_test(an_answer_has_the_one_codec_that_is_used),
    cmocka_unit_test(an_answer_repeats_the_times_of_the_offer),
    cmocka_unit_test(static_payload_types_need_no_rtpmap_and_names_no_case),
    cmocka_unit_test(a_dynamic_number_of_the_peer_is_used_both_ways),
    cmocka_unit_test(another_rate_or_channels_are_another_codec),
    cmocka_unit_test(telephone_events_are_not_answered),
    cmocka_unit_test(other_streams_are_refused_in_order), cmocka_unit_test(directions_are_mirrored),
    cmocka_unit_test(a_direction_of_the_session_holds_unless_the_stream_has_its_own),
    cmocka_unit_test(an_unspecified_address_is_hold),
    cmocka_unit_test(the_address_of_the_stream_goes_before_that_of_the_session),
    cmocka_unit_test(rtcp_goes_where_the_peer_says), cmocka_unit_test(ipv6_addresses_are_used),
    cmocka_unit_test(the_packet_time_of_the_peer_is_used_when_sane),
    cmocka_unit_test(our_own_offer_is_answered_and_accepted),
    cmocka_unit_test(an_answer_decides_what_is_sent_and_the_offer_what_is_expected))
