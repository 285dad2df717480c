/* The delay: how it follows jitter, calm, drifting clocks and new paths, and what it bears. */
#include "media/listener.h"
#include "cmtest/random.h"
#include "media/near.h"

static const struct playout_config adaptive = {
    .adaptive = true, .nominal_ns = 60 * MS, .minimum_ns = 20 * MS, .maximum_ns = 200 * MS};

/* Packets from..to, each up to jitter late; arrivals in order. */
static void jittery(struct listener *listener, struct random *random, uint32_t from, uint32_t to,
                    int64_t jitter_ns)
{
    int64_t before = listener->now_ns;
    for (uint32_t n = from; n < to; n++) {
        int64_t at = n * PTIME + (int64_t)(random_unit(random) * (double)jitter_ns);
        before = at > before ? at : before;
        listener_put(listener, n, before);
    }
}

static void adaptive_grows_with_jitter_and_shrinks_with_calm(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    struct random random;
    random_init(&random, 1);
    jittery(&listener, &random, 0, 500, MS);
    int64_t calm = listener_totals(&listener).target_ns;
    assert_int_equal(calm, 20 * MS); /* the minimum */
    jittery(&listener, &random, 500, 2000, 90 * MS);
    struct playout_totals loud = listener_totals(&listener);
    assert_true(loud.target_ns > 90 * MS && loud.target_ns <= 160 * MS);
    assert_true(loud.delay_ns > 40 * MS);
    assert_true(loud.adjustments > 2);
    uint64_t discarded = loud.discarded;
    jittery(&listener, &random, 2000, 3000, 90 * MS);
    assert_int_equal(listener_totals(&listener).discarded, discarded); /* it has learned */
    jittery(&listener, &random, 3000, 8000, MS);
    struct playout_totals after = listener_totals(&listener);
    assert_int_equal(after.target_ns, 20 * MS);
    assert_true(after.delay_ns < 50 * MS);
    assert_true(after.dropped >= 2);
    listener_check_sum(&listener, 8000);
    listener_free(&listener);
}

static void adaptive_stays_between_its_limits(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    struct random random;
    random_init(&random, 2);
    jittery(&listener, &random, 0, 3000, 900 * MS);
    assert_int_equal(listener_totals(&listener).target_ns, 200 * MS);
    listener_free(&listener);
}

static void adaptive_changes_in_pauses_when_there_are_any(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    struct random random;
    uint32_t n = 0;
    int64_t before = 0;
    random_init(&random, 3);
    for (uint32_t at = 0; at < 8000; at++)
        if (at / 50 % 2 == 0) {
            double jitter = at < 4000 ? 40e6 : 1e6;
            int64_t ns = at * PTIME + (int64_t)(random_unit(&random) * jitter);
            before = ns > before ? ns : before;
            listener_put_at(&listener, n++, at, before);
        }
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.target_ns, 20 * MS);
    assert_true(totals.delay_ns < 45 * MS);
    assert_int_equal(totals.dropped, 0);
    assert_int_equal(listener.inserted, 0);
    assert_true(totals.adjustments > 5);
    listener_free(&listener);
}

static void fixed_keeps_its_delay_whatever_the_jitter(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    struct random random;
    random_init(&random, 4);
    jittery(&listener, &random, 0, 10000, 39 * MS);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.discarded + totals.concealed + totals.dropped, 0);
    assert_int_equal(totals.adjustments, 0);
    /* Of an average one 40 - 39/2; the first ones, which set it, may have been slow. */
    assert_true(totals.delay_ns >= 20 * MS && totals.delay_ns <= 51 * MS);
    listener_free(&listener);
}

static void late_packets_are_those_beyond_the_delay(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    struct random random;
    uint64_t late = 0;
    random_init(&random, 5);
    listener_put(&listener, 0, 0);
    for (uint32_t n = 1; n < 5000; n++) {
        int64_t delay = random_below(&random, 50) ? 0 : 41 * MS;
        late += delay > 0;
        listener_put(&listener, n, n * PTIME + delay);
        if (delay) /* the two behind it were on time */
            for (uint32_t end = n + 2; n < end && n + 1 < 5000; n++)
                listener_put(&listener, n + 1, (n + 1) * PTIME + (n + 2 == end ? 22 * MS : 0));
    }
    listener_until(&listener, 5003 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.discarded, late);
    assert_int_equal(totals.played, 5000 - late);
    assert_int_equal(totals.concealed, late);
    listener_free(&listener);
}

/* Ten minutes; the sender's clock is ppm faster than ours. */
static void drifting(const struct playout_config *config, double ppm)
{
    struct listener listener = listener_new(config);
    struct random random;
    random_init(&random, 6);
    for (uint32_t n = 0; n < 30000; n++)
        listener_put(&listener, n,
                     (int64_t)(n * 20e6 * (1 - ppm / 1e6) + random_unit(&random) * 2e6));
    struct playout_totals totals = listener_totals(&listener);
    /* 100 ppm are 60 ms, three packet times; the adaptive one comes down from 60 to 20 ms besides.
     */
    unsigned times = fabs(ppm) >= 100 ? 2 : 0;
    assert_int_equal(totals.discarded, 0);
    assert_true(totals.adjustments >= times && totals.adjustments <= 4);
    assert_true(totals.dropped <= (ppm > 0 ? 4 : config->adaptive));
    assert_true(totals.concealed <= (ppm < 0 ? 3 : 0));
    assert_int_equal(totals.concealed, listener.inserted);
    assert_int_equal(totals.played + totals.dropped + totals.waiting, 30000);
    assert_true(listener.most_waiting <= 4);
    /* Between half a packet time too short and one and a half too long. */
    assert_near((double)(totals.delay_ns - totals.target_ns), 10e6, 22e6);
    listener_free(&listener);
}

static void drifting_clocks_do_not_run_it_dry_or_full(void **state)
{
    (void)state;
    static const double ppms[] = {0, 100, -100, 50, -50};
    for (size_t i = 0; i < sizeof ppms / sizeof ppms[0]; i++) {
        drifting(&(struct playout_config){.nominal_ns = 40 * MS}, ppms[i]);
        drifting(&adaptive, ppms[i]);
    }
}

static void a_new_source_starts_anew(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++)
        listener_put(&listener, n, n * PTIME);
    listener.ssrc = 77;
    listener.first_sequence = 4000;
    listener.first_timestamp = 5;
    for (uint32_t n = 0; n < 100; n++)
        listener_put(&listener, n, (100 + n) * PTIME + 7 * MS);
    listener_until(&listener, 205 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.dropped, 1); /* of the old one, when the new one came */
    assert_int_equal(totals.played, 199);
    assert_int_equal(totals.concealed + totals.discarded, 0);
    listener_free(&listener);
}

static void a_jump_of_timestamps_or_sequence_starts_anew_with_its_second_packet(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        struct listener listener = fixed_new();
        for (uint32_t n = 0; n < 100; n++)
            listener_put(&listener, n, n * PTIME);
        if (which)
            listener.first_sequence = (uint16_t)(listener.first_sequence + 20000);
        else
            listener.first_timestamp += 1000000000;
        for (uint32_t n = 100; n < 200; n++)
            listener_put(&listener, n, n * PTIME);
        listener_until(&listener, 205 * PTIME);
        struct playout_totals totals = listener_totals(&listener);
        assert_int_equal(totals.strays, 1);
        assert_int_equal(totals.discarded, 0);
        assert_int_equal(totals.played + totals.dropped, 199);
        assert_true(totals.dropped <= 2);
        listener_check_sum(&listener, 200);
        listener_free(&listener);
    }
}

static void a_single_stray_packet_changes_nothing(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++) {
        listener_put(&listener, n, n * PTIME);
        if (n % 10 == 5)
            listener_put_at(&listener, n + 30000, n, n * PTIME + MS);
        if (n % 10 == 7)
            listener_put_at(&listener, n + 1, n + 100000, n * PTIME + MS);
    }
    listener_until(&listener, 103 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 100);
    assert_int_equal(totals.strays, 20);
    assert_int_equal(totals.concealed, 0);
    listener_free(&listener);
}

static void a_path_that_became_longer_is_late_for_a_second_at_most(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++)
        listener_put(&listener, n, n * PTIME);
    for (uint32_t n = 100; n < 400; n++)
        listener_put(&listener, n, n * PTIME + 300 * MS);
    listener_until(&listener, 420 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.discarded, 50);
    assert_int_equal(totals.played, 350);
    assert_true(totals.concealed >= 49 && totals.concealed <= 51);
    listener_free(&listener);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct listener listener = listener_new(&(struct playout_config){.nominal_ns = 60000 * MS});
    for (uint32_t n = 0; n < 2000; n++)
        listener_put(&listener, n, n * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.waiting, PLAYOUT_PACKETS);
    assert_true(totals.overflowed > 0);
    listener_check_sum(&listener, 2000);
    listener_free(&listener);
}

/* Half of it is nearly a stream, so that it gets far into the code. */
static void hostile(const struct playout_config *config, uint64_t seed, uint32_t packets)
{
    struct playout *playout = playout_new(config);
    struct random random;
    struct playout_event event;
    struct playout_totals totals;
    uint64_t told = 0, others = 0;
    int64_t now = 0;
    uint32_t timestamp = 0;
    uint16_t sequence = 0;
    random_init(&random, seed);
    for (uint32_t i = 0; i < packets; i++) {
        bool wild = random_below(&random, 16) == 0;
        now += (int64_t)random_below(&random, wild ? 3000 * MS : 40 * MS);
        sequence = (uint16_t)(sequence + (wild ? random_next(&random) : random_below(&random, 3)));
        timestamp += (uint32_t)(wild ? random_next(&random) >> random_below(&random, 64)
                                     : random_below(&random, 3) * STEP);
        struct rtp_packet packet = {.sequence = (uint16_t)(sequence - random_below(&random, 4)),
                                    .timestamp = timestamp,
                                    .ssrc = random_below(&random, 2000) == 0,
                                    .payload = (const uint8_t *)&packet,
                                    .payload_length = random_below(&random, 32)};
        if (random_below(&random, 8)) {
            playout_put(playout, &packet, now);
        } else {
            playout_other(playout, &packet);
            others++;
        }
        for (uint32_t loop = 0; playout_get(playout, now, &event) != PLAYOUT_NOTHING; loop++) {
            assert_true(loop < 5000);
            told++;
        }
    }
    playout_totals(playout, &totals);
    assert_true(told > packets / 20 && totals.played > packets / 200);
    assert_true(totals.waiting <= PLAYOUT_PACKETS);
    assert_int_equal(totals.played + totals.discarded + totals.dropped + totals.overflowed +
                         totals.strays + totals.duplicates + totals.waiting,
                     packets - others);
    playout_free(playout);
}

static void a_million_random_packets_are_borne(void **state)
{
    (void)state;
    hostile(&(struct playout_config){.nominal_ns = 40 * MS, .clock_rate = CLOCK}, 1, 350000);
    hostile(&adaptive, 2, 350000);
    hostile(&(struct playout_config){.adaptive = true,
                                     .nominal_ns = INT64_MAX,
                                     .minimum_ns = INT64_MIN,
                                     .maximum_ns = INT64_MAX,
                                     .packet_step = 1,
                                     .clock_rate = 90000},
            3, 300000);
}

static void odd_configurations_are_borne(void **state)
{
    (void)state;
    static const struct playout_config odd[] = {
        {0},
        {.clock_rate = 1, .nominal_ns = -1},
        {.clock_rate = UINT32_MAX, .packet_step = UINT32_MAX},
        {.clock_rate = UINT32_MAX, .packet_step = 1, .adaptive = true, .minimum_ns = 5},
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct playout *playout = playout_new(&odd[i]);
        struct playout_event event;
        for (uint32_t n = 0; n < 100; n++) {
            struct rtp_packet packet = {.sequence = (uint16_t)n, .timestamp = n * STEP};
            playout_put(playout, &packet, n * PTIME);
            for (uint32_t loop = 0; playout_get(playout, n * PTIME, &event); loop++)
                assert_true(loop < 1000);
        }
        playout_free(playout);
    }
}

SPECIFICATION(cmocka_unit_test(adaptive_grows_with_jitter_and_shrinks_with_calm),
              cmocka_unit_test(adaptive_stays_between_its_limits),
              cmocka_unit_test(adaptive_changes_in_pauses_when_there_are_any),
              cmocka_unit_test(fixed_keeps_its_delay_whatever_the_jitter),
              cmocka_unit_test(late_packets_are_those_beyond_the_delay),
              cmocka_unit_test(drifting_clocks_do_not_run_it_dry_or_full),
              cmocka_unit_test(a_new_source_starts_anew),
              cmocka_unit_test(a_jump_of_timestamps_or_sequence_starts_anew_with_its_second_packet),
              cmocka_unit_test(a_single_stray_packet_changes_nothing),
              cmocka_unit_test(a_path_that_became_longer_is_late_for_a_second_at_most),
              cmocka_unit_test(memory_is_bounded),
              cmocka_unit_test(a_million_random_packets_are_borne),
              cmocka_unit_test(odd_configurations_are_borne))
