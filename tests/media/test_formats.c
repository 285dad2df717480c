/* Offers and answers of codecs with parameters, and of what goes beside them. */
#include "support/specification.h"
#include "media/sessions.h"

extern const struct codec codec_opus, codec_g722, codec_telephone_event, codec_cn;

/* Everything that there is. */
static struct session_local all(void)
{
    struct session_local local = ours;

    const struct codec *const order[] = {&codec_opus, &codec_g722, &codec_pcma,
                                         &codec_telephone_event, &codec_cn};
    local.codec_count = sizeof order / sizeof order[0];
    for (size_t i = 0; i < local.codec_count; i++) {
        local.codecs[i] = order[i];
        local.params[i] = order[i]->usual;
    }
    return local;
}

static const char *answer_all(const char *offer, struct text *out, struct session_media *media)
{
    struct session_local local = all();

    text_clear(out);
    return session_answer(&local, offer, strlen(offer), out, media);
}

static void an_offer_has_events_for_every_clock_and_parameters_of_each(void **state)
{
    struct session_local local = all();
    struct text out = {0};

    (void)state;
    session_offer(&local, &out);
    assert_string_equal(strstr(text_get(&out), "m="), "m=audio 4000 RTP/AVP 96 9 8 97 98 13\r\n"
                                                      "a=rtpmap:96 opus/48000/2\r\n"
                                                      "a=fmtp:96 useinbandfec=1\r\n"
                                                      "a=rtpmap:9 G722/8000\r\n"
                                                      "a=rtpmap:8 PCMA/8000\r\n"
                                                      "a=rtpmap:97 telephone-event/48000\r\n"
                                                      "a=fmtp:97 0-15\r\n"
                                                      "a=rtpmap:98 telephone-event/8000\r\n"
                                                      "a=fmtp:98 0-15\r\n"
                                                      "a=rtpmap:13 CN/8000\r\n"
                                                      "a=ptime:20\r\n"
                                                      "a=maxptime:60\r\n"
                                                      "a=sendrecv\r\n");
    text_fini(&out);
}

static void parameters_of_the_spec_stand_in_place_of_the_usual_ones(void **state)
{
    struct session_local local = all();
    struct text out = {0};

    (void)state;
    local.params[0] = (struct codec_params){.fmtp = "x-strange=1; usedtx=1", .ptime_ms = 60};
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "\r\na=fmtp:96 x-strange=1; usedtx=1\r\n"));
    assert_non_null(strstr(text_get(&out), "\r\na=ptime:60\r\n"));
    text_fini(&out);
}

static void noise_is_not_offered_without_speech_of_its_clock(void **state)
{
    struct session_local local = all();
    struct text out = {0};

    (void)state;
    local.codecs[1] = &codec_cn;
    local.codec_count = 2;
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/AVP 96\r\n"));
    text_fini(&out);
}

static void an_answer_has_one_codec_and_what_goes_beside_it(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer_all(HEAD_C "m=audio 6000 RTP/AVP 101 111 100 8 13\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16,70\r\n"
                                  "a=rtpmap:111 OPUS/48000/2\r\n"
                                  "a=fmtp:111 maxaveragebitrate=20000;usedtx=1\r\n"
                                  "a=rtpmap:100 telephone-event/48000\r\na=fmtp:100 0-11\r\n"
                                  "a=ptime:40\r\n",
                           &out, &media));
    assert_string_equal(strstr(text_get(&out), "m="), "m=audio 4000 RTP/AVP 111 100\r\n"
                                                      "a=rtpmap:111 opus/48000/2\r\n"
                                                      "a=fmtp:111 useinbandfec=1\r\n"
                                                      "a=rtpmap:100 telephone-event/48000\r\n"
                                                      "a=fmtp:100 0-15\r\n"
                                                      "a=ptime:40\r\n"
                                                      "a=maxptime:60\r\n"
                                                      "a=sendrecv\r\n");
    assert_ptr_equal(media.codec, &codec_opus);
    assert_int_equal(media.payload_type, 111);
    assert_int_equal(media.receive_payload_type, 111);
    assert_int_equal(media.ptime_ms, 40);
    assert_int_equal(media.send.ptime_ms, 40);
    assert_int_equal(media.send.bitrate, 20000);
    assert_true(media.send.dtx);
    assert_false(media.send.fec);
    assert_int_equal(media.events_payload_type, 100);
    assert_int_equal(media.receive_events_payload_type, 100);
    assert_int_equal(media.events, 0xfff);
    assert_int_equal(media.noise_payload_type, 0);
    text_fini(&out);
}

static void narrow_band_speech_keeps_events_and_noise_beside_it(void **state)
{
    struct text out = {0};
    struct session_media media;

    (void)state;
    assert_null(answer_all(HEAD_C "m=audio 6000 RTP/AVP 9 13 101 96\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\n",
                           &out, &media));
    assert_ptr_equal(media.codec, &codec_g722);
    assert_int_equal(media.events_payload_type, 101);
    assert_int_equal(media.events, 0xffff);
    assert_int_equal(media.noise_payload_type, 13);
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/AVP 9 101 13\r\n"));
    text_fini(&out);
}

static void opus_is_48000_with_two_channels_and_nothing_else(void **state)
{
    const char *others[] = {"opus/48000", "opus/48000/1", "opus/16000/2", "opus/48000/20"};
    struct text out = {0};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct text offer = {0};
        struct session_media media;
        text_printf(&offer, HEAD_C "m=audio 6000 RTP/AVP 111\r\na=rtpmap:111 %s\r\n", others[i]);
        const char *why = answer_all(text_get(&offer), &out, &media);
        assert_true(why && session_no_codec(why));
        text_fini(&offer);
    }
    text_fini(&out);
}

static void check_ptime(const char *lines, uint32_t expected)
{
    struct text offer = {0}, out = {0};
    struct session_media media;

    text_printf(&offer, HEAD_C "m=audio 6000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n%s",
                lines);
    assert_null(answer_all(text_get(&offer), &out, &media));
    assert_int_equal(media.ptime_ms, expected);
    text_fini(&offer);
    text_fini(&out);
}

static void packets_are_as_long_as_the_codec_can_and_the_peer_likes(void **state)
{
    (void)state;
    check_ptime("", 20);
    check_ptime("a=ptime:30\r\n", 20);
    check_ptime("a=ptime:60\r\n", 60);
    check_ptime("a=ptime:60\r\na=maxptime:40\r\n", 40);
    check_ptime("a=maxptime:10\r\n", 10);
    check_ptime("a=maxptime:120\r\n", 20);
    check_ptime("a=ptime:3\r\na=maxptime:0\r\n", 20);
    check_ptime("a=ptime:-20\r\na=maxptime:x\r\n", 20);
}

static void an_answer_to_our_offer_is_read_with_both_sides_numbers(void **state)
{
    struct session_local local = all();
    struct session_media media;
    struct text out = {0};

    (void)state;
    session_offer(&local, &out);
    local.said = text_get(&out);
    const char *answer =
        HEAD_C "m=audio 6000 RTP/AVP 107 110\r\na=rtpmap:107 opus/48000/2\r\n"
               "a=fmtp:107 stereo=1;cbr=1\r\na=rtpmap:110 telephone-event/48000\r\n";
    assert_null(session_accept(&local, answer, strlen(answer), &media));
    assert_int_equal(media.payload_type, 107);
    assert_int_equal(media.receive_payload_type, 96);
    assert_int_equal(media.events_payload_type, 110);
    assert_int_equal(media.receive_events_payload_type, 97);
    assert_true(media.send.cbr);
    assert_false(media.send.stereo);
    text_fini(&out);
}

static void opus_alone_is_offered_with_events_of_its_own_clock_and_the_usual_one(void **state)
{
    struct session_local local = all();
    struct text out = {0};

    (void)state;
    local.codecs[1] = &codec_telephone_event;
    local.codec_count = 2;
    session_offer(&local, &out);
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/AVP 96 97 98\r\n"));
    assert_non_null(strstr(text_get(&out), "a=rtpmap:97 telephone-event/48000\r\n"));
    assert_non_null(strstr(text_get(&out), "a=rtpmap:98 telephone-event/8000\r\n"));
    text_fini(&out);
}

/* baresip 1.0 does so, and pjsip before 2.10. */
static void events_of_another_clock_are_agreed_on_when_the_peer_has_no_others(void **state)
{
    struct session_local local = all();
    struct session_media media;
    struct text out = {0};
    const char *peers = HEAD_C "m=audio 6000 RTP/AVP 107 101\r\na=rtpmap:107 opus/48000/2\r\n"
                               "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-11\r\n";

    (void)state;
    assert_null(answer_all(peers, &out, &media));
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/AVP 107 101\r\n"));
    assert_non_null(strstr(text_get(&out), "a=rtpmap:101 telephone-event/8000\r\n"));
    assert_null(strstr(text_get(&out), "telephone-event/48000"));
    assert_int_equal(media.events_clock_rate, 8000);
    assert_int_equal(media.receive_events_payload_type, 101);

    text_clear(&out);
    session_offer(&local, &out);
    local.said = text_get(&out);
    assert_null(session_accept(&local, peers, strlen(peers), &media));
    assert_ptr_equal(media.codec, &codec_opus);
    assert_int_equal(media.events_payload_type, 101);
    assert_int_equal(media.receive_events_payload_type, 98); /* our number of that clock */
    assert_int_equal(media.events, 0xfff);
    text_fini(&out);
}

static void an_answer_may_keep_several_codecs_to_change_among(void **state)
{
    struct session_local local = all();
    struct session_media media;
    struct text out = {0};

    (void)state;
    session_offer(&local, &out);
    local.said = text_get(&out);
    const char *answer = HEAD_C "m=audio 6000 RTP/AVP 8 107 9 9 110 0\r\n"
                                "a=rtpmap:107 opus/48000/2\r\n"
                                "a=rtpmap:110 telephone-event/48000\r\n";
    assert_null(session_accept(&local, answer, strlen(answer), &media));
    assert_int_equal(media.receive_payload_type, 8);
    assert_int_equal(media.other_count, 2);
    assert_ptr_equal(media.others[0].codec, &codec_opus);
    assert_int_equal(media.others[0].payload_type, 96); /* our number */
    assert_ptr_equal(media.others[1].codec, &codec_g722);
    assert_int_equal(media.others[1].payload_type, 9);
    /* Ours keeps one, so there is nothing to change to. */
    assert_null(answer_all(answer, &out, &media));
    assert_int_equal(media.other_count, 0);
    text_fini(&out);
}

static void a_number_means_the_same_to_the_end_of_the_session(void **state)
{
    struct session_local local = all();
    struct session_media media;
    struct text first = {0}, second = {0};
    const char *offer = HEAD_C "m=audio 6000 RTP/AVP 97 96\r\na=rtpmap:97 opus/48000/2\r\n"
                               "a=rtpmap:96 telephone-event/48000\r\n";

    (void)state;
    assert_null(session_answer(&local, offer, strlen(offer), &first, &media));
    local.said = text_get(&first);
    session_offer(&local, &second);
    assert_non_null(strstr(text_get(&second), "m=audio 4000 RTP/AVP 97 9 8 96 98 13\r\n"));
    text_fini(&first);
    text_fini(&second);
}

SPECIFICATION(
    cmocka_unit_test(an_offer_has_events_for_every_clock_and_parameters_of_each),
    cmocka_unit_test(opus_alone_is_offered_with_events_of_its_own_clock_and_the_usual_one),
    cmocka_unit_test(events_of_another_clock_are_agreed_on_when_the_peer_has_no_others),
    cmocka_unit_test(parameters_of_the_spec_stand_in_place_of_the_usual_ones),
    cmocka_unit_test(noise_is_not_offered_without_speech_of_its_clock),
    cmocka_unit_test(an_answer_has_one_codec_and_what_goes_beside_it),
    cmocka_unit_test(narrow_band_speech_keeps_events_and_noise_beside_it),
    cmocka_unit_test(opus_is_48000_with_two_channels_and_nothing_else),
    cmocka_unit_test(packets_are_as_long_as_the_codec_can_and_the_peer_likes),
    cmocka_unit_test(an_answer_to_our_offer_is_read_with_both_sides_numbers),
    cmocka_unit_test(an_answer_may_keep_several_codecs_to_change_among),
    cmocka_unit_test(a_number_means_the_same_to_the_end_of_the_session))
