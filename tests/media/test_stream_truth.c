/* What was done to packets on their way is known, so that every figure of the stream is checked
 * against it: to the packet where it counts packets. */
#include "media/network.h"
#include "cmtest/emodel.h"
#include "cmtest/stream.h"
#include "media/near.h"
#include "support/second.h"

#define PACKETS 1000

extern const struct codec codec_pcma, codec_opus;

struct heard {
    double sum[READING_COUNT]; /* of all seconds */
    struct event_second last;
    struct stream_totals totals;
};

static struct stream *listener(const struct codec *codec, enum stream_decode decode)
{
    static const uint32_t offsets[] = {0, 1};
    static const uint8_t byte;
    static const struct frames frames = {.bytes = &byte, .offsets = offsets, .count = 1};
    struct stream_config config = {.codec = codec,
                                   .frames = &frames,
                                   .payload_type = 8,
                                   .receive_payload_type = 8,
                                   .ptime_ms = 20,
                                   .cname = "c0ffee",
                                   .rtcp_interval_ns = 5000 * MS,
                                   .playout = {true, 200, 200, 200},
                                   .decode = decode,
                                   .seed = 1};
    return stream_new(&config, 0);
}

static void close_second(struct stream *stream, int64_t now_ns, struct heard *heard)
{
    struct event_second seconds[2];

    stream_second(stream, now_ns, seconds);
    for (unsigned i = 0; i < READING_COUNT; i++)
        heard->sum[i] += seconds[1].value[i];
    heard->last = seconds[1];
}

/* The first packet and the last one arrive: what is lost before or behind them nobody can know. */
static struct impairment_truth hear(const struct impairment_config *config, uint64_t seed,
                                    const struct codec *codec, enum stream_decode decode,
                                    struct heard *heard)
{
    static const struct impairment_config none = {0};
    struct network network = network_new(&none, seed);
    struct stream *stream = listener(codec, decode);
    uint8_t payload[160], out[STREAM_PACKET_MAX];
    int64_t second_ns = 1000 * MS;

    network_run(&network, 1);
    impairment_change(network.impairment, config);
    network_run(&network, PACKETS - 2);
    impairment_change(
        network.impairment,
        &(struct impairment_config){.delay_ns = config->delay_ns + 2 * config->jitter_ns});
    network_run(&network, 1);
    struct impairment_truth truth = network_end(&network);
    memset(payload, 0xd5, sizeof payload);
    memset(heard, 0, sizeof *heard);
    for (size_t i = 0; i < network.count; i++) {
        const struct arrival *arrival = &network.arrivals[i];
        struct rtp_packet packet = {.payload_type = 8,
                                    .sequence = (uint16_t)(65000 + arrival->number),
                                    .timestamp = arrival->number * codec->clock_rate / 50,
                                    .ssrc = 1,
                                    .payload = payload,
                                    .payload_length = sizeof payload};
        for (; arrival->due_ns >= second_ns; second_ns += 1000 * MS)
            close_second(stream, second_ns, heard);
        stream_receive(stream, out, rtp_write(&packet, out, sizeof out), arrival->due_ns);
    }
    close_second(stream, second_ns, heard);
    stream_totals(stream, &heard->totals);
    stream_free(stream);
    network_free(&network);
    return truth;
}

static const struct impairment_config configs[] = {
    {.loss = 0},
    {.loss = 10, .duplicate = 5},
    {.loss = 5, .duplicate = 20},
    {.loss_every = 10, .reorder = 5, .distance = 4},
    {.burst = {2, 20, 0, 90}, .duplicate = 3, .reorder = 2},
    {.loss = 3, .delay_ns = 80 * MS, .jitter_ns = 50 * MS, .duplicate = 5, .reorder = 5},
};
enum { CONFIGS = sizeof configs / sizeof configs[0] };

static void readings_count_what_was_done_to_the_packet(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5 * CONFIGS; i++) {
        struct heard heard;
        struct impairment_truth truth =
            hear(&configs[i % CONFIGS], 1 + i, &codec_pcma, DECODE_NONE, &heard);
        assert_near(heard.sum[READING_EXPECTED], PACKETS, 0);
        assert_near(heard.sum[READING_MISSING], (double)truth.lost, 0);
        assert_near(VALUE(&heard.last, MISSING_TOTAL), (double)truth.lost, 0);
        assert_near(VALUE(&heard.last, LOSS_TOTAL), 100. * (double)truth.lost / PACKETS, 0.000051);
        assert_near(heard.sum[READING_DUPLICATES], (double)truth.duplicated, 0);
        assert_near(heard.sum[READING_REORDERED], (double)truth.reordered, 0);
        assert_near(heard.sum[READING_UNIQUE], PACKETS - (double)truth.lost, 0);
        assert_near(heard.sum[READING_PACKETS], (double)truth.delivered, 0);
        /* RTCP's number: copies make up for losses. */
        assert_near(heard.sum[READING_LOST], (double)truth.lost - (double)truth.duplicated, 0);
        assert_int_equal(heard.totals.packets_lost,
                         (int64_t)truth.lost - (int64_t)truth.duplicated);
        assert_int_equal(heard.totals.packets_missing, truth.lost);
    }
}

/* BurstR has vectors of its own; here it is taken as measured. */
static void check_quality(const struct codec *codec, enum stream_decode decode,
                          const struct codec_quality *quality)
{
    for (unsigned i = 0; i < 5 * CONFIGS; i++) {
        struct heard heard;
        struct impairment_truth truth = hear(&configs[i % CONFIGS], 50 + i, codec, decode, &heard);
        double unheard = (double)truth.lost + VALUE(&heard.last, LATE_TOTAL);
        if (!configs[i % CONFIGS].reorder)
            assert_near(VALUE(&heard.last, LATE_TOTAL), 0, 0);
        const struct emodel_input input = {.scale = quality->scale,
                                           .ie = quality->ie,
                                           .bpl = quality->bpl,
                                           .loss = 100. * unheard / PACKETS,
                                           .burst_r = VALUE(&heard.last, BURST_RATIO)};
        /* The burst ratio that went in had more digits than are told. */
        assert_near(VALUE(&heard.last, R_CALL), emodel_r(&input), 0.01);
        assert_near(VALUE(&heard.last, MOS_CALL), emodel_mos(input.scale, emodel_r(&input)),
                    0.0001);
        assert_int_equal(heard.last.scale, quality->scale);
        assert_int_equal(heard.last.provisional, quality->provisional);
    }
}

static void copies_hide_no_loss_from_the_score(void **state)
{
    (void)state;
    check_quality(&codec_pcma, DECODE_NONE, &codec_pcma.quality);
    check_quality(&codec_opus, DECODE_NONE, &codec_opus.quality);
}

static void a_receiver_that_conceals_is_judged_as_one(void **state)
{
    (void)state;
    check_quality(&codec_pcma, DECODE_FULL, &codec_pcma.concealed);
    check_quality(&codec_pcma, DECODE_SAMPLED, &codec_pcma.concealed);
    assert_true(codec_pcma.concealed.bpl > codec_pcma.quality.bpl);
}

/* Ten percent at random is 10% and BurstR 1, whatever was copied; .02 of MOS is what chance leaves
 * of it in a thousand packets, over enough of them. */
static void mean_mos_is_that_of_the_injected_loss(void **state)
{
    (void)state;
    const struct codec_quality *quality = &codec_pcma.concealed;
    struct emodel_input input = {
        .scale = quality->scale, .ie = quality->ie, .bpl = quality->bpl, .loss = 10, .burst_r = 1};
    double sum = 0;

    for (unsigned i = 0; i < 40; i++) {
        struct heard heard;
        hear(&(struct impairment_config){.loss_every = 10, .duplicate = 5}, i + 1, &codec_pcma,
             DECODE_SAMPLED, &heard);
        sum += VALUE(&heard.last, MOS_CALL);
    }
    assert_near(sum / 40, emodel_mos(input.scale, emodel_r(&input)), .02);
}

/* ---- traps of single packets --------------------------------------------------------------- */

static void give(struct stream *stream, unsigned number, int64_t at_ms)
{
    uint8_t payload[160] = {0}, out[STREAM_PACKET_MAX];
    struct rtp_packet packet = {.payload_type = 8,
                                .sequence = (uint16_t)(7 + number),
                                .timestamp = number * 160,
                                .ssrc = 1,
                                .payload = payload,
                                .payload_length = sizeof payload};

    stream_receive(stream, out, rtp_write(&packet, out, sizeof out), at_ms * MS);
}

static const struct event_second *close_at(struct stream *stream, int64_t at_ms,
                                           struct event_second seconds[2])
{
    stream_second(stream, at_ms * MS, seconds);
    return &seconds[1];
}

static void what_comes_too_late_in_the_next_second_is_missed_once(void **state)
{
    (void)state;
    struct stream *stream = listener(&codec_pcma, DECODE_NONE);
    struct event_second seconds[2];
    const struct event_second *second;
    double missed = 0;

    for (unsigned i = 0; i < 50; i++)
        if (i != 45)
            give(stream, i, i * 20);
    second = close_at(stream, 1000, seconds);
    assert_near(VALUE(second, MISSING), 1, 0);
    missed += VALUE(second, MISSING_RATE);
    for (unsigned i = 50; i < 100; i++) {
        give(stream, i, i * 20);
        if (i == 60)
            give(stream, 45, i * 20 + 1);
    }
    second = close_at(stream, 2000, seconds);
    missed += VALUE(second, MISSING_RATE);
    assert_near(VALUE(second, MISSING), -1, 0);
    assert_near(VALUE(second, LATE), 1, 0);
    assert_near(missed, 2, 1e-9);
    assert_near(VALUE(second, MISSING_TOTAL), 0, 0);
    assert_near(VALUE(second, IE_EFF), 0, 0.000051);
    stream_free(stream);
}

static void a_packet_from_before_the_first_makes_up_for_no_loss(void **state)
{
    (void)state;
    struct stream *stream = listener(&codec_pcma, DECODE_NONE);
    struct event_second seconds[2];

    give(stream, 3, 60);
    give(stream, 1, 61);
    give(stream, 2, 62);
    for (unsigned i = 5; i < 53; i++) /* 4 is lost */
        give(stream, i, i * 20);
    const struct event_second *second = close_at(stream, 1060, seconds);
    assert_near(VALUE(second, EXPECTED), 50, 0);
    assert_near(VALUE(second, LOST), -1, 0);
    assert_near(VALUE(second, MISSING), 1, 0);
    assert_near(VALUE(second, PACKET_LOSS), 2, 0.000051);
    stream_free(stream);
}

/* One of two packets in the last 40 ms is not 50% of a second. */
static void a_short_rest_has_counts_but_no_share_and_no_score(void **state)
{
    (void)state;
    struct stream *stream = listener(&codec_pcma, DECODE_NONE);
    struct event_second seconds[2];

    for (unsigned i = 0; i < 50; i++)
        give(stream, i, i * 20);
    close_at(stream, 1000, seconds);
    give(stream, 51, 1020);
    const struct event_second *second = close_at(stream, 1040, seconds);
    assert_near(VALUE(second, EXPECTED), 2, 0);
    assert_near(VALUE(second, MISSING), 1, 0);
    assert_false(second_knows(second, READING_PACKET_LOSS));
    assert_false(second_knows(second, READING_MISSING_RATE));
    assert_false(second_knows(second, READING_MOS));
    assert_false(second_knows(second, READING_IE_EFF));
    assert_near(VALUE(second, LOSS_TOTAL), 100. / 52, 0.000051);
    assert_true(second_knows(second, READING_MOS_CALL));
    stream_free(stream);
}

static void a_short_rest_that_ends_a_blackout_tells_of_it(void **state)
{
    (void)state;
    struct stream *stream = listener(&codec_pcma, DECODE_NONE);
    struct event_second seconds[2];

    for (unsigned i = 0; i < 50; i++)
        give(stream, i, i * 20);
    close_at(stream, 1000, seconds);
    close_at(stream, 2000, seconds);
    give(stream, 100, 2000);
    const struct event_second *second = close_at(stream, 2010, seconds);
    assert_near(VALUE(second, PACKET_LOSS), 100. * 50 / 51, 0.000051);
    assert_true(second_knows(second, READING_MOS));
    stream_free(stream);
}

static void a_call_of_less_than_half_a_second_has_a_score(void **state)
{
    (void)state;
    struct stream *stream = listener(&codec_pcma, DECODE_NONE);
    struct event_second seconds[2];

    for (unsigned i = 0; i < 10; i++)
        give(stream, i, i * 20);
    assert_true(second_knows(close_at(stream, 200, seconds), READING_MOS));
    stream_free(stream);
}

SPECIFICATION(cmocka_unit_test(readings_count_what_was_done_to_the_packet),
              cmocka_unit_test(copies_hide_no_loss_from_the_score),
              cmocka_unit_test(a_receiver_that_conceals_is_judged_as_one),
              cmocka_unit_test(mean_mos_is_that_of_the_injected_loss),
              cmocka_unit_test(what_comes_too_late_in_the_next_second_is_missed_once),
              cmocka_unit_test(a_packet_from_before_the_first_makes_up_for_no_loss),
              cmocka_unit_test(a_short_rest_has_counts_but_no_share_and_no_score),
              cmocka_unit_test(a_short_rest_that_ends_a_blackout_tells_of_it),
              cmocka_unit_test(a_call_of_less_than_half_a_second_has_a_score))
