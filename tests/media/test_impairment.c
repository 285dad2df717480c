#include "media/network.h"
#include "cmtest/random.h"
#include "media/near.h"

/* What came out, counted without a look at the truth. */
struct counted {
    uint64_t delivered, missing, twice, behind;
    int64_t delay_sum_ns, delay_min_ns, delay_max_ns;
};

static struct counted count(const struct network *network)
{
    struct counted counted = {.delivered = network->count, .delay_min_ns = INT64_MAX};
    uint8_t *times = mem_array(network->offered, 1);
    int64_t newest = -1;
    memset(times, 0, network->offered);
    for (size_t i = 0; i < network->count; i++) {
        const struct arrival *arrival = &network->arrivals[i];
        int64_t delay = arrival->due_ns - arrival->number * PTIME;
        counted.delay_sum_ns += delay;
        if (delay < counted.delay_min_ns)
            counted.delay_min_ns = delay;
        if (delay > counted.delay_max_ns)
            counted.delay_max_ns = delay;
        if (times[arrival->number]++)
            counted.twice++;
        else if (arrival->number < newest)
            counted.behind++;
        if (arrival->number > newest)
            newest = arrival->number;
        assert_true(times[arrival->number] <= 2);
    }
    for (uint32_t i = 0; i < network->offered; i++)
        counted.missing += !times[i];
    if (!counted.delivered)
        counted.delay_min_ns = 0;
    free(times);
    return counted;
}

/* The truth is what came out, to the packet. */
static struct impairment_truth check(struct network *network)
{
    struct impairment_truth truth = network_end(network);
    struct counted counted = count(network);
    assert_int_equal(truth.offered, network->offered);
    assert_int_equal(truth.delivered, counted.delivered);
    assert_int_equal(truth.lost, counted.missing);
    assert_int_equal(truth.duplicated, counted.twice);
    assert_int_equal(truth.reordered, counted.behind);
    assert_int_equal(truth.overflowed, 0);
    assert_int_equal(truth.delivered, truth.offered - truth.lost + truth.duplicated);
    assert_int_equal(truth.delay_sum_ns, counted.delay_sum_ns);
    assert_int_equal(truth.delay_min_ns, counted.delay_min_ns);
    assert_int_equal(truth.delay_max_ns, counted.delay_max_ns);
    for (size_t i = 1; i < network->count; i++)
        assert_true(network->arrivals[i].due_ns >= network->arrivals[i - 1].due_ns);
    return truth;
}

static struct impairment_truth after(const struct impairment_config *config, uint64_t seed,
                                     uint32_t packets)
{
    struct network network = network_new(config, seed);
    network_run(&network, packets);
    struct impairment_truth truth = check(&network);
    network_free(&network);
    return truth;
}

static const struct impairment_config none = {0};

static void nothing_configured_changes_nothing(void **state)
{
    (void)state;
    struct network network = network_new(&none, 1);
    network_run(&network, 1000);
    struct impairment_truth truth = check(&network);
    assert_int_equal(truth.delivered, 1000);
    assert_int_equal(truth.delay_max_ns, 0);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(network.arrivals[i].number, i);
    network_free(&network);
}

static void truth_is_exact_for_every_mixture(void **state)
{
    (void)state;
    static const struct impairment_config mixtures[] = {
        {.loss = 5, .delay_ns = 30 * MS, .jitter_ns = 5 * MS, .duplicate = 2},
        {.loss = 1, .delay_ns = 10 * MS, .jitter_ns = 60 * MS, .duplicate = 5, .reorder = 3},
        {.loss_every = 7, .jitter_ns = 30 * MS, .keep_order = true, .duplicate = 50, .reorder = 2},
        {.burst = {5, 30, 1, 80}, .delay_ns = 200 * MS, .reorder = 20, .distance = 5},
        {.loss = 50, .reorder = 50, .duplicate = 50, .distance = 2, .jitter_ns = 200 * MS},
    };
    for (size_t i = 0; i < sizeof mixtures / sizeof mixtures[0]; i++) {
        struct impairment_truth truth = after(&mixtures[i], i + 1, 1000);
        assert_true(truth.lost > 0 && (truth.duplicated > 0 || !mixtures[i].duplicate));
        after(&mixtures[i], i + 100, 100000);
    }
}

static void every_nth_is_lost_beginning_with_the_nth(void **state)
{
    (void)state;
    struct network network = network_new(&(struct impairment_config){.loss_every = 10}, 1);
    network_run(&network, 1000);
    assert_int_equal(check(&network).lost, 100);
    for (size_t i = 0; i < network.count; i++)
        assert_true(network.arrivals[i].number % 10 != 9);
    network_free(&network);
    assert_int_equal(after(&(struct impairment_config){.loss_every = 1}, 1, 50).lost, 50);
    assert_int_equal(after(&(struct impairment_config){.loss_every = 7}, 1, 100000).lost,
                     100000 / 7);
}

/* Of n packets with chance p: within four standard deviations. */
static void assert_share(uint64_t of, uint64_t n, double p)
{
    assert_near((double)of, (double)n * p, 4 * sqrt((double)n * p * (1 - p)));
}

static void shares_are_those_configured(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct impairment_truth truth = after(
            &(struct impairment_config){.loss = 3, .duplicate = 2, .reorder = 4}, seed, 100000);
        assert_share(truth.lost, 100000, .03);
        assert_share(truth.duplicated, 97000, .02);
        assert_share(truth.reordered, 97000, .04);
    }
    assert_int_equal(after(&(struct impairment_config){.loss = 100}, 1, 1000).lost, 1000);
    assert_int_equal(after(&(struct impairment_config){.duplicate = 100}, 1, 1000).duplicated,
                     1000);
}

/* Mean loss: stationary share of the bad state; mean length of its runs: 1 / leave. With loss 100%
 * in the bad state and 0 in the good one, runs of lost packets are its runs. */
static void bursts_have_the_mean_loss_and_length_of_gilbert_elliott(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const double enter = .02, leave = .25, bad = enter / (enter + leave);
        struct network network = network_new(
            &(struct impairment_config){.burst = {.enter = 2, .leave = 25, .loss_bad = 100}}, seed);
        network_run(&network, 100000);
        struct impairment_truth truth = check(&network);
        double runs = 0, n = 100000;
        for (size_t i = 1; i < network.count; i++)
            runs += network.arrivals[i].number != network.arrivals[i - 1].number + 1;
        /* Neighbours depend on each other: correlation 1 - enter - leave. */
        double memory = (2 - enter - leave) / (enter + leave);
        assert_near((double)truth.lost, n * bad, 4 * sqrt(n * bad * (1 - bad) * memory));
        assert_near((double)truth.lost / runs, 1 / leave,
                    4 * sqrt((1 - leave) / (leave * leave) / runs));
        network_free(&network);
    }
}

static void bursts_lose_in_both_states_with_their_own_share(void **state)
{
    (void)state;
    struct impairment_config config = {
        .burst = {.enter = 10, .leave = 40, .loss_good = 1, .loss_bad = 60}};
    struct impairment_truth truth = after(&config, 3, 100000);
    double p = .8 * .01 + .2 * .6;
    assert_near((double)truth.lost, 100000 * p, 4 * sqrt(100000 * p * (1 - p) * 3));
}

static void delay_and_jitter_have_their_means(void **state)
{
    (void)state;
    struct impairment_config config = {.delay_ns = 50 * MS, .jitter_ns = 8 * MS};
    struct impairment_truth truth = after(&config, 1, 100000);
    assert_near((double)truth.delay_sum_ns / 100000 / MS, 58, 4 * 16 / sqrt(12) / sqrt(100000));
    assert_true(truth.delay_min_ns >= 50 * MS && truth.delay_min_ns < 50.1 * MS);
    assert_true(truth.delay_max_ns <= 66 * MS && truth.delay_max_ns > 65.9 * MS);
    assert_int_equal(truth.reordered, 0);
    truth = after(&(struct impairment_config){.delay_ns = 500 * MS}, 1, 1000);
    assert_int_equal(truth.delay_min_ns, 500 * MS);
    assert_int_equal(truth.delay_max_ns, 500 * MS);
    assert_int_equal(truth.reordered, 0);
}

static void jitter_overtakes_unless_order_is_kept(void **state)
{
    (void)state;
    struct impairment_config config = {.jitter_ns = 60 * MS, .loss = 2, .duplicate = 3};
    assert_true(after(&config, 1, 100000).reordered > 1000);
    config.keep_order = true;
    struct network network = network_new(&config, 1);
    network_run(&network, 100000);
    assert_int_equal(check(&network).reordered, 0);
    for (size_t i = 1; i < network.count; i++)
        assert_true(network.arrivals[i].number >= network.arrivals[i - 1].number);
    network_free(&network);
}

/* How many later ones came before each that is behind: at least and at most. */
static void check_distance(const struct network *network, uint32_t distance)
{
    for (size_t i = 0; i < network->count; i++) {
        uint32_t number = network->arrivals[i].number, passed = 0;
        for (size_t j = i > 2000 ? i - 2000 : 0; j < i; j++)
            passed += network->arrivals[j].number > number;
        assert_true(passed == 0 || passed == distance);
    }
}

static void exactly_so_many_pass_a_packet_that_is_taken_out(void **state)
{
    (void)state;
    static const uint32_t distances[] = {1, 2, 3, 10, 60};
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        struct network network = network_new(
            &(struct impairment_config){
                .reorder = 5, .loss = 3, .delay_ns = 35 * MS, .distance = distances[i]},
            7);
        network_run(&network, 2000);
        impairment_change(network.impairment, &(struct impairment_config){.delay_ns = 35 * MS});
        network_run(&network, 200);
        assert_true(check(&network).reordered > 50);
        check_distance(&network, distances[i]);
        network_free(&network);
    }
}

static void a_packet_that_nobody_follows_leaves_all_the_same(void **state)
{
    (void)state;
    struct impairment_config config = {.reorder = 100, .distance = 3, .delay_ns = 5 * MS};
    struct network network = network_new(&config, 1);
    network_run(&network, 1);
    assert_int_equal(impairment_due(network.impairment), 605 * MS);
    struct impairment_truth truth = check(&network);
    assert_int_equal(truth.delivered, 1);
    assert_int_equal(truth.delay_max_ns, 605 * MS);
    network_free(&network);
}

static void the_queue_is_bounded_and_what_does_not_fit_is_counted_apart(void **state)
{
    (void)state;
    struct impairment_config config = {.delay_ns = 1000 * MS, .duplicate = 100};
    struct impairment *impairment = impairment_new(&config, 1);
    struct impairment_truth truth;
    uint8_t bytes[IMPAIRMENT_BYTES + 1] = {0}, out[IMPAIRMENT_BYTES];
    int64_t due_ns;
    impairment_offer(impairment, bytes, IMPAIRMENT_BYTES + 1, 0);
    impairment_offer(impairment, bytes, 0, 0);
    assert_int_equal(impairment_due(impairment), INT64_MAX);
    impairment_offer(impairment, bytes, 1, 0);
    config.duplicate = 0;
    impairment_change(impairment, &config);
    for (int i = 0; i < IMPAIRMENT_PACKETS - 3; i++)
        impairment_offer(impairment, bytes, IMPAIRMENT_BYTES, 0);
    config.duplicate = 100;
    impairment_change(impairment, &config);
    for (int i = 0; i < 11; i++) /* the first fits, its copy does not */
        impairment_offer(impairment, bytes, IMPAIRMENT_BYTES, 0);
    impairment_truth(impairment, &truth);
    assert_int_equal(truth.overflowed, 2 + 10);
    unsigned taken = 0;
    while (impairment_take(impairment, 1000 * MS, out, &due_ns))
        taken++;
    assert_int_equal(taken, IMPAIRMENT_PACKETS);
    impairment_truth(impairment, &truth);
    assert_int_equal(truth.duplicated, 1);
    assert_int_equal(truth.delivered,
                     truth.offered - truth.lost - truth.overflowed + truth.duplicated);
    impairment_free(impairment);
}

static void the_same_seed_gives_the_same_fate(void **state)
{
    (void)state;
    struct impairment_config config = {
        .loss = 5, .jitter_ns = 40 * MS, .reorder = 5, .duplicate = 5, .distance = 2};
    struct network one = network_new(&config, 42), same = network_new(&config, 42);
    struct network other = network_new(&config, 43);
    network_run(&one, 2000);
    network_run(&same, 2000);
    network_run(&other, 2000);
    check(&one);
    check(&same);
    check(&other);
    assert_int_equal(one.count, same.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_int_equal(one.arrivals[i].number, same.arrivals[i].number);
        assert_int_equal(one.arrivals[i].due_ns, same.arrivals[i].due_ns);
    }
    size_t least = one.count < other.count ? one.count : other.count;
    assert_memory_not_equal(one.arrivals, other.arrivals, least * sizeof *one.arrivals);
    network_free(&one);
    network_free(&same);
    network_free(&other);
}

static void the_same_packets_are_lost_with_jitter_and_without(void **state)
{
    (void)state;
    struct network plain = network_new(&(struct impairment_config){.loss = 10}, 5);
    struct network late = network_new(
        &(struct impairment_config){.loss = 10, .jitter_ns = 30 * MS, .keep_order = true}, 5);
    network_run(&plain, 1000);
    network_run(&late, 1000);
    check(&plain);
    check(&late);
    assert_int_equal(plain.count, late.count);
    for (size_t i = 0; i < plain.count; i++)
        assert_int_equal(plain.arrivals[i].number, late.arrivals[i].number);
    network_free(&plain);
    network_free(&late);
}

static void a_change_in_mid_run_leaves_what_waits_its_time(void **state)
{
    (void)state;
    struct network network = network_new(&(struct impairment_config){.delay_ns = 90 * MS}, 1);
    network_run(&network, 10);
    impairment_change(network.impairment, &(struct impairment_config){.loss_every = 2});
    network_run(&network, 10);
    struct impairment_truth truth = check(&network);
    assert_int_equal(truth.lost, 5);
    assert_int_equal(truth.delay_sum_ns, 10 * 90 * MS);
    /* 10 enters at 200 ms and leaves at once, when 6 to 9 still wait. */
    assert_int_equal(network.arrivals[6].number, 10);
    assert_int_equal(network.arrivals[7].number, 6);
    assert_int_equal(truth.reordered, 4);
    network_free(&network);
}

static void figures_out_of_range_are_the_nearest_in_range(void **state)
{
    (void)state;
    struct impairment_config high = {.loss = -5, .duplicate = 900, .delay_ns = INT64_MAX};
    struct impairment_truth truth = after(&high, 1, 10);
    assert_int_equal(truth.lost, 0);
    assert_int_equal(truth.duplicated, 10);
    assert_int_equal(truth.delay_max_ns, 3600 * 1000 * MS);
    struct impairment_config nan = {.loss = NAN, .reorder = NAN, .jitter_ns = INT64_MIN};
    truth = after(&nan, 1, 10);
    assert_int_equal(truth.lost + truth.reordered, 0);
    assert_int_equal(truth.delay_max_ns, 0);
}

static void what_still_waits_is_freed(void **state)
{
    (void)state;
    struct impairment_config config = {.delay_ns = 900 * MS, .reorder = 50, .duplicate = 50};
    struct network network = network_new(&config, 1);
    network_run(&network, 30);
    assert_int_equal(network.count, 0);
    network_free(&network);
    impairment_free(NULL);
}

SPECIFICATION(cmocka_unit_test(nothing_configured_changes_nothing),
              cmocka_unit_test(truth_is_exact_for_every_mixture),
              cmocka_unit_test(every_nth_is_lost_beginning_with_the_nth),
              cmocka_unit_test(shares_are_those_configured),
              cmocka_unit_test(bursts_have_the_mean_loss_and_length_of_gilbert_elliott),
              cmocka_unit_test(bursts_lose_in_both_states_with_their_own_share),
              cmocka_unit_test(delay_and_jitter_have_their_means),
              cmocka_unit_test(jitter_overtakes_unless_order_is_kept),
              cmocka_unit_test(exactly_so_many_pass_a_packet_that_is_taken_out),
              cmocka_unit_test(a_packet_that_nobody_follows_leaves_all_the_same),
              cmocka_unit_test(the_queue_is_bounded_and_what_does_not_fit_is_counted_apart),
              cmocka_unit_test(the_same_seed_gives_the_same_fate),
              cmocka_unit_test(the_same_packets_are_lost_with_jitter_and_without),
              cmocka_unit_test(a_change_in_mid_run_leaves_what_waits_its_time),
              cmocka_unit_test(figures_out_of_range_are_the_nearest_in_range),
              cmocka_unit_test(what_still_waits_is_freed))
