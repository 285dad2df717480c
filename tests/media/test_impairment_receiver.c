/* The truth is known, so the measurement is checked against it. */
#include "media/network.h"
#include "cmtest/playout.h"
#include "cmtest/rtp.h"
#include "media/near.h"

#define CLOCK 8000
#define PACKETS 1000
#define BEHIND 10

static const struct impairment_config none = {0};

/* The first and the last packets arrive: what is lost before or behind them no receiver can know,
 * and those taken out last have others to pass them. */
static struct network impaired(const struct impairment_config *config, uint64_t seed)
{
    struct network network = network_new(&none, seed);
    network_run(&network, 1);
    impairment_change(network.impairment, config);
    network_run(&network, PACKETS - 1 - BEHIND);
    impairment_change(
        network.impairment,
        &(struct impairment_config){.delay_ns = config->delay_ns + 2 * config->jitter_ns});
    network_run(&network, BEHIND);
    return network;
}

static struct rtp_receiver heard(const struct network *network, uint16_t first)
{
    struct rtp_receiver receiver;
    rtp_receiver_init(&receiver, CLOCK);
    for (size_t i = 0; i < network->count; i++) {
        uint32_t number = network->arrivals[i].number;
        struct rtp_packet packet = {.sequence = (uint16_t)(first + number),
                                    .timestamp = 0xfffff000u + number * 160,
                                    .ssrc = 1};
        rtp_receiver_packet(&receiver, &packet, network->arrivals[i].due_ns);
    }
    return receiver;
}

static void check(const struct impairment_config *config)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct network network = impaired(config, seed);
        struct impairment_truth truth = network_end(&network);
        struct rtp_receiver receiver = heard(&network, 65000);
        /* What RFC 3550 calls lost is expected - received, with copies received. */
        assert_int_equal(rtp_receiver_expected(&receiver), PACKETS);
        assert_int_equal(rtp_receiver_lost(&receiver) + (int64_t)receiver.duplicates, truth.lost);
        assert_int_equal(receiver.duplicates, truth.duplicated);
        assert_int_equal(receiver.reordered, truth.reordered);
        assert_int_equal(rtp_receiver_received(&receiver), truth.delivered);
        network_free(&network);
    }
}

static void loss_duplicates_and_reordering_are_measured_to_the_packet(void **state)
{
    (void)state;
    check(&none);
    check(&(struct impairment_config){.loss = 1});
    check(&(struct impairment_config){.loss = 20, .duplicate = 10});
    check(&(struct impairment_config){.loss_every = 10, .reorder = 5, .distance = 4});
    check(&(struct impairment_config){.burst = {2, 20, 0, 90}, .duplicate = 3, .reorder = 2});
    check(&(struct impairment_config){
        .loss = 3, .delay_ns = 80 * MS, .jitter_ns = 50 * MS, .duplicate = 5, .reorder = 5});
}

/* RFC 3550 6.4.1 from the injected delays alone: D is the difference of two neighbours' delays. */
static double expected_jitter_ms(const struct network *network)
{
    double jitter = 0, previous = 0;
    for (size_t i = 0; i < network->count; i++) {
        const struct arrival *arrival = &network->arrivals[i];
        double delay = (double)(arrival->due_ns - arrival->number * PTIME) / MS;
        if (i)
            jitter += (fabs(delay - previous) - jitter) / 16;
        previous = delay;
    }
    return jitter;
}

static void jitter_is_measured_within_5_percent_of_the_injected(void **state)
{
    (void)state;
    static const struct impairment_config configs[] = {
        {.jitter_ns = MS},
        {.delay_ns = 100 * MS, .jitter_ns = 5 * MS},
        {.jitter_ns = 10 * MS, .loss = 5},
        {.jitter_ns = 40 * MS, .duplicate = 5, .loss = 2},
        {.jitter_ns = 15 * MS, .reorder = 5, .distance = 2},
    };
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++) {
        struct network network = impaired(&configs[i], 11);
        network_end(&network);
        struct rtp_receiver receiver = heard(&network, 1);
        double expected = expected_jitter_ms(&network);
        assert_true(expected > .3);
        assert_near(rtp_receiver_jitter_ms(&receiver), expected, .05 * expected);
        network_free(&network);
    }
}

/* Uniform over 0..2j, neighbours differ by 2j/3 in the mean; J is noisy, its mean over time not. */
static void mean_jitter_is_two_thirds_of_the_injected_mean(void **state)
{
    (void)state;
    struct network network = network_new(&(struct impairment_config){.jitter_ns = 6 * MS}, 1);
    network_run(&network, 20000);
    network_end(&network);
    struct rtp_receiver receiver;
    double sum = 0;
    rtp_receiver_init(&receiver, CLOCK);
    for (size_t i = 0; i < network.count; i++) {
        uint32_t number = network.arrivals[i].number;
        struct rtp_packet packet = {.sequence = (uint16_t)number, .timestamp = number * 160};
        rtp_receiver_packet(&receiver, &packet, network.arrivals[i].due_ns);
        sum += rtp_receiver_jitter_ms(&receiver);
    }
    assert_near(sum / (double)network.count, 4, .05 * 4);
    network_free(&network);
}

/* With a delay that covers all that is injected, loss is what is concealed, and nothing else. */
static void a_listener_misses_what_was_lost_and_no_more(void **state)
{
    (void)state;
    static const struct impairment_config configs[] = {
        {.loss = 3, .jitter_ns = 30 * MS, .duplicate = 5},
        {.loss_every = 9, .reorder = 10, .distance = 3},
        {.burst = {3, 15, 0, 100}, .jitter_ns = 25 * MS, .duplicate = 2},
    };
    for (size_t i = 0; i < 3 * sizeof configs / sizeof configs[0]; i++) {
        struct network network = impaired(&configs[i / 3], i);
        struct impairment_truth truth = network_end(&network);
        struct playout *playout = playout_new(&(struct playout_config){
            .nominal_ns = 200 * MS, .clock_rate = CLOCK, .packet_step = 160});
        struct playout_event event;
        struct playout_totals totals;
        for (size_t j = 0; j < network.count; j++) {
            const struct arrival *arrival = &network.arrivals[j];
            struct rtp_packet packet = {.sequence = (uint16_t)(65000 + arrival->number),
                                        .timestamp = arrival->number * 160};
            while (playout_get(playout, arrival->due_ns - 1, &event))
                ;
            playout_put(playout, &packet, arrival->due_ns);
        }
        while (playout_get(playout, network.now_ns + 150 * MS, &event))
            ;
        playout_totals(playout, &totals);
        assert_int_equal(totals.played + totals.waiting, truth.offered - truth.lost);
        assert_int_equal(totals.concealed, truth.lost);
        assert_int_equal(totals.duplicates, truth.duplicated);
        assert_int_equal(totals.discarded + totals.dropped + totals.strays, 0);
        playout_free(playout);
        network_free(&network);
    }
}

SPECIFICATION(cmocka_unit_test(loss_duplicates_and_reordering_are_measured_to_the_packet),
              cmocka_unit_test(jitter_is_measured_within_5_percent_of_the_injected),
              cmocka_unit_test(a_listener_misses_what_was_lost_and_no_more),
              cmocka_unit_test(mean_jitter_is_two_thirds_of_the_injected_mean))
