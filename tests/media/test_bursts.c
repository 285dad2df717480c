/*
 * Vectors by an independent implementation of the definitions of RFC 3611 and of its A.2.
 * Patterns: r50 is 50 received packets, l lost ones, d discarded ones.
 */
#include <stdlib.h>
#include "support/specification.h"
#include "cmtest/bursts.h"
#include "cmtest/random.h"
#include "media/near.h"

#define PACKET_MS 20

static void feed(struct bursts *bursts, const char *pattern)
{
    for (char *at = (char *)pattern; *at;) {
        enum bursts_packet what = *at == 'r'   ? PACKET_RECEIVED
                                  : *at == 'l' ? PACKET_LOST
                                               : PACKET_DISCARDED;
        unsigned long left = strtoul(at + 1, &at, 10);
        if (what == PACKET_RECEIVED)
            bursts_received(bursts, left);
        for (; left && what != PACKET_RECEIVED; left--)
            bursts_packet(bursts, what);
        at += *at == ' ';
    }
}

static const struct {
    const char *pattern;
    uint64_t c11, c13, c14, c22, c23, c33;
    struct bursts_report report;
    uint64_t bursts, burst_missing;
    double burst_density, burst_ms;
    uint64_t gap_missing;
    double gap_density, gap_ms, burst_r;
} rows[] = {
    {"r50 l1 r50 l1 r50 l1 r20",
     150,
     1,
     2,
     0,
     0,
     0,
     {255, 3, 20, 3060},
     0,
     0,
     0,
     0,
     3,
     1.734104,
     3460,
     0.982659},
    {"r50 l3 r50 l1 r20",
     100,
     2,
     0,
     0,
     0,
     2,
     {255, 0, 40, 1020},
     1,
     3,
     100,
     60,
     1,
     0.826446,
     1210,
     1.935484},
    {"r40 l1 r2 l1 r1 l2 r40 l1 r20",
     80,
     2,
     0,
     1,
     2,
     1,
     {160, 0, 80, 820},
     1,
     4,
     57.142857,
     140,
     1,
     0.990099,
     1010,
     1.192130},
    {"r100 l2 r1 l2 r60 l1 r1 l1 r1 r15 l1 r100",
     176,
     3,
     0,
     0,
     2,
     2,
     {199, 0, 60, 1193},
     2,
     6,
     75,
     80,
     1,
     0.361011,
     1846.667,
     1.365614},
    {"r30 d1 r1 d1 r30 l1 r30",
     60,
     2,
     0,
     0,
     1,
     0,
     {192, 0, 40, 620},
     1,
     2,
     66.666667,
     60,
     1,
     1.098901,
     910,
     0.968085},
};

static void check(size_t i)
{
    struct bursts bursts;
    struct bursts_figures figures;
    struct bursts_report report;
    bursts_init(&bursts);
    feed(&bursts, rows[i].pattern);
    bursts_figures(&bursts, &figures);
    bursts_report(&bursts, PACKET_MS, &report);
    assert_int_equal(bursts.c11, rows[i].c11);
    assert_int_equal(bursts.c13, rows[i].c13);
    assert_int_equal(bursts.c14, rows[i].c14);
    assert_int_equal(bursts.c22, rows[i].c22);
    assert_int_equal(bursts.c23, rows[i].c23);
    assert_int_equal(bursts.c33, rows[i].c33);
    assert_int_equal(report.burst_density, rows[i].report.burst_density);
    assert_int_equal(report.gap_density, rows[i].report.gap_density);
    assert_int_equal(report.burst_ms, rows[i].report.burst_ms);
    assert_int_equal(report.gap_ms, rows[i].report.gap_ms);
    assert_int_equal(figures.bursts, rows[i].bursts);
    assert_int_equal(figures.burst_missing, rows[i].burst_missing);
    assert_int_equal(figures.gap_missing, rows[i].gap_missing);
    assert_near(figures.burst_density, rows[i].burst_density, 1e-6);
    assert_near(figures.gap_density, rows[i].gap_density, 1e-6);
    assert_near(figures.burst_packets * PACKET_MS, rows[i].burst_ms, 1e-3);
    assert_near(figures.gap_packets * PACKET_MS, rows[i].gap_ms, 1e-3);
    assert_near(figures.burst_r, rows[i].burst_r, 1e-6);
}

static void vectors_come_out_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(i);
}

static void nothing_missing_has_no_burst_and_one_gap(void **state)
{
    (void)state;
    struct bursts bursts;
    struct bursts_figures figures;
    bursts_init(&bursts);
    bursts_figures(&bursts, &figures);
    assert_near(figures.gap_packets, 0, 0);
    feed(&bursts, "r100");
    bursts_figures(&bursts, &figures);
    assert_int_equal(figures.bursts, 0);
    assert_near(figures.gap_packets, 100, 0);
    assert_near(figures.burst_r, 1, 0);
}

static void everything_missing_is_one_burst(void **state)
{
    (void)state;
    struct bursts bursts;
    struct bursts_figures figures;
    bursts_init(&bursts);
    feed(&bursts, "l100");
    bursts_figures(&bursts, &figures);
    assert_int_equal(figures.bursts, 1);
    assert_near(figures.burst_density, 100, 0);
    assert_near(figures.burst_packets, 100, 0);
    assert_near(figures.gap_packets, 0, 0);
    assert_near(figures.burst_r, 1, 0);
}

static void asking_changes_nothing(void **state)
{
    (void)state;
    struct bursts asked, left;
    struct bursts_figures figures;
    bursts_init(&asked);
    bursts_init(&left);
    for (int i = 0; i < 1000; i++) {
        enum bursts_packet what = i % 7 && i % 11 ? PACKET_RECEIVED : PACKET_LOST;
        bursts_packet(&asked, what);
        bursts_packet(&left, what);
        bursts_figures(&asked, &figures);
    }
    assert_memory_equal(&asked, &left, sizeof asked);
}

/* The definition word by word, over the whole pattern at once. */
static void figures_by_definition(const char *pattern, size_t count, struct bursts_figures *out)
{
    uint64_t burst_packets = 0, gap_packets = 0, gaps = 0;
    size_t start = 0;
    *out = (struct bursts_figures){0};
    for (size_t first = 0; first < count;) {
        if (pattern[first] == 'r') {
            first++;
            continue;
        }
        size_t last = first, missing = 1;
        for (size_t at = first + 1; at < count && at - last <= BURSTS_GMIN; at++)
            if (pattern[at] != 'r') {
                last = at;
                missing++;
            }
        if (missing > 1) {
            out->bursts++;
            out->burst_missing += missing;
            burst_packets += last - first + 1;
            gaps += first > start;
            gap_packets += first - start;
            start = last + 1;
        } else {
            out->gap_missing++;
        }
        first = last + 1;
    }
    gaps += count > start;
    gap_packets += count - start;
    out->burst_packets = out->bursts ? (double)burst_packets / (double)out->bursts : 0;
    out->gap_packets = gaps ? (double)gap_packets / (double)gaps : 0;
}

static void random_patterns_agree_with_the_definition(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 7);
    for (int round = 0; round < 2000; round++) {
        char pattern[400];
        struct bursts bursts;
        struct bursts_figures figures, defined;
        double loss = random_unit(&random) * (round % 2 ? 0.1 : 0.6);
        size_t count = 1 + (size_t)(random_unit(&random) * 399);
        bursts_init(&bursts);
        for (size_t i = 0; i < count; i++) {
            pattern[i] = random_unit(&random) >= loss ? 'r'
                         : random_unit(&random) < 0.5 ? 'l'
                                                      : 'd';
            bursts_packet(&bursts, pattern[i] == 'r'   ? PACKET_RECEIVED
                                   : pattern[i] == 'l' ? PACKET_LOST
                                                       : PACKET_DISCARDED);
        }
        bursts_figures(&bursts, &figures);
        figures_by_definition(pattern, count, &defined);
        assert_int_equal(figures.bursts, defined.bursts);
        assert_int_equal(figures.burst_missing, defined.burst_missing);
        assert_int_equal(figures.gap_missing, defined.gap_missing);
        assert_near(figures.burst_packets, defined.burst_packets, 1e-9);
        assert_near(figures.gap_packets, defined.gap_packets, 1e-9);
    }
}

SPECIFICATION(cmocka_unit_test(vectors_come_out_to_the_printed_digits),
              cmocka_unit_test(nothing_missing_has_no_burst_and_one_gap),
              cmocka_unit_test(everything_missing_is_one_burst),
              cmocka_unit_test(asking_changes_nothing),
              cmocka_unit_test(random_patterns_agree_with_the_definition))
