#include "support/specification.h"

#include <math.h>
#include <string.h>
#include "cmtest/random.h"
#include "cmtest/threshold.h"

static struct threshold parse(struct arena *arena, const char *text)
{
    struct threshold threshold;
    struct threshold_error error;
    if (!threshold_parse(text, arena, &threshold, &error))
        fail_msg("\"%s\": %s (%s)", text, error.message, error.hint);
    return threshold;
}

/* The text must be refused with this code, at this part of it, and the hint must hold `teaches`. */
static void refuse(const char *text, const char *code, const char *part, const char *teaches)
{
    struct arena *arena = arena_new();
    struct threshold threshold;
    struct threshold_error error;
    if (threshold_parse(text, arena, &threshold, &error))
        fail_msg("\"%s\" should be refused", text);
    assert_string_equal(error.code, code);
    const char *place = part[0] ? strstr(text, part) : text + strlen(text);
    if (text + error.offset != place || error.length != (part[0] ? strlen(part) : 1))
        fail_msg("\"%s\": place is %zu+%zu, not \"%s\"", text, error.offset, error.length, part);
    if (!strstr(error.hint, teaches) && !strstr(error.message, teaches))
        fail_msg("\"%s\": neither \"%s\" nor \"%s\" says \"%s\"", text, error.message, error.hint,
                 teaches);
    arena_free(arena);
}

static void rate_needs_no_statistic(void **state)
{
    struct arena *arena = arena_new();
    struct threshold threshold = parse(arena, "calls.success_rate >= 99.5%");
    (void)state;
    assert_string_equal(threshold.key.metric->name, "calls.success_rate");
    assert_int_equal(threshold.statistic, STAT_VALUE);
    assert_int_equal(threshold.comparison, COMPARE_GE);
    assert_true(threshold.limit == 99.5);
    assert_null(threshold.group);
    assert_false(threshold.warn);
    threshold = parse(arena, "calls.success_rate.count >= 10");
    assert_int_equal(threshold.statistic, STAT_COUNT);
    arena_free(arena);
}

static void percentile_is_a_share(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold = parse(arena, "receive.mos.p5 >= 3.8");
    assert_int_equal(threshold.statistic, STAT_QUANTILE);
    assert_true(threshold.quantile == 0.05);
    assert_int_equal(threshold.key.direction, METRIC_RECEIVE);
    threshold = parse(arena, "send.jitter.p99.9 < 30ms");
    assert_true(fabs(threshold.quantile - 0.999) < 1e-12);
    assert_int_equal(threshold.key.direction, METRIC_SEND);
    arena_free(arena);
}

static void times_are_in_milliseconds_whatever_the_unit(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    assert_true(parse(arena, "post_dial_delay.p95 < 2s").limit == 2000);
    assert_true(parse(arena, "post_dial_delay.p95 < 2 s").limit == 2000);
    assert_true(parse(arena, "registration.time.p99 < 500ms").limit == 500);
    assert_true(parse(arena, "receive.jitter.max <= 250us").limit == 0.25);
    assert_true(parse(arena, "call_duration.min > 1.5m").limit == 90000);
    arena_free(arena);
}

static void levels_rates_and_clocks_may_have_their_unit(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    assert_true(parse(arena, "receive.bit_rate.avg >= 60kbps").limit == 60000);
    assert_true(parse(arena, "receive.bit_rate.avg >= 0.5 Mbps in callers").limit == 500000);
    assert_true(parse(arena, "receive.bit_rate.avg >= 60000").limit == 60000);
    assert_true(parse(arena, "receive.level_rms.avg > -30 dBov").limit == -30);
    assert_true(parse(arena, "receive.clock_drift.max < 50ppm").limit == 50);
    assert_true(parse(arena, "send.peer_signal_level.min > -30dBm0").limit == -30);
    arena_free(arena);
}

static void group_and_warn_follow_the_limit(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold =
        parse(arena, "  receive.packet_loss.max\t<1%   in  callers   warn ");
    assert_string_equal(threshold.text, "receive.packet_loss.max <1% in callers warn");
    assert_string_equal(threshold.group, "callers");
    assert_true(threshold.warn);
    threshold = parse(arena, "receive.mos.min>4 in warn");
    assert_string_equal(threshold.group, "warn");
    assert_false(threshold.warn);
    threshold = parse(arena, "receive.mos.min > 4 warn");
    assert_null(threshold.group);
    assert_true(threshold.warn);
    arena_free(arena);
}

static void every_comparison_is_read(void **state)
{
    static const char *const texts[] = {"send.mos.avg >= 1", "send.mos.avg <= 1",
                                        "send.mos.avg > 1",  "send.mos.avg < 1",
                                        "send.mos.avg == 1", "send.mos.avg != 1"};
    struct arena *arena = arena_new();
    (void)state;
    for (int i = 0; i < 6; i++)
        assert_int_equal(parse(arena, texts[i]).comparison, i);
    arena_free(arena);
}

static void packets_take_a_bare_number(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    assert_true(parse(arena, "call.packets_received.min >= 490").limit == 490);
    assert_true(parse(arena, "receive.packets.count >= 1").limit == 1);
    assert_true(parse(arena, "receive.jitter.count >= 10").limit == 10);
    arena_free(arena);
}

static void unknown_metric_names_the_nearest(void **state)
{
    (void)state;
    refuse("calls.sucess_rate >= 99%", "unknown-metric", "calls.sucess_rate",
           "\"calls.success_rate\"");
    refuse("recieve.mos.p5 >= 3.8", "unknown-metric", "recieve.mos.p5", "receive.mos.p5");
    refuse("receive.jiter.p99.9 < 3ms", "unknown-metric", "receive.jiter.p99.9",
           "\"receive.jitter.p99.9\"");
    refuse("post_dail_delay.p95 < 2s", "unknown-metric", "post_dail_delay.p95",
           "\"post_dial_delay.p95\"");
    refuse("latency.p95 < 2s", "unknown-metric", "latency.p95", "cmtest list metrics");
    refuse("", "unknown-metric", "", "calls.success_rate");
    refuse("   ", "unknown-metric", "", "calls.success_rate");
    refuse(">= 99%", "unknown-metric", ">", "begins with a metric");
}

static void missing_direction_asks_which(void **state)
{
    (void)state;
    refuse("mos.p5 >= 3.8", "unknown-metric", "mos.p5", "\"receive.mos.p5\" or \"send.mos.p5\"");
    refuse("packet_loss < 1%", "unknown-metric", "packet_loss", "receive.packet_loss");
    refuse("receive.loss.max < 1%", "unknown-metric", "receive.loss.max",
           "receive.packet_loss.max");
    refuse("send.loss.p99.9 < 1%", "unknown-metric", "send.loss.p99.9", "send.packet_loss.p99.9");
    refuse("rx.mos.p5 >= 3.8", "unknown-metric", "rx.mos.p5", "receive.mos.p5");
    refuse("receive.post_dial_delay.p95 < 2s", "unknown-metric", "receive.post_dial_delay.p95",
           "\"post_dial_delay.p95\"");
}

static void distribution_needs_a_statistic(void **state)
{
    (void)state;
    refuse("receive.mos >= 3.8", "missing-statistic", "receive.mos", "p95");
    refuse("receive.packets >= 50", "missing-statistic", "receive.packets", ".min");
}

static void unknown_statistic_lists_them(void **state)
{
    (void)state;
    refuse("receive.mos.mean >= 3.8", "unknown-statistic", "mean", "avg");
    refuse("receive.mos.std >= 3.8", "unknown-statistic", "std", "stddev");
    refuse("receive.packets.total >= 3", "unknown-statistic", "total", "sum");
    refuse("receive.mos.p100 >= 3.8", "unknown-statistic", "p100", "max");
    refuse("receive.mos.p0 >= 3.8", "unknown-statistic", "p0", "min");
    refuse("receive.mos.q5 >= 3.8", "unknown-statistic", "q5", "p1 to p99");
    refuse("receive.mos.p5x >= 3.8", "unknown-statistic", "p5x", "p1 to p99");
}

static void rate_has_no_percentile(void **state)
{
    (void)state;
    refuse("calls.success_rate.p95 >= 99%", "unknown-statistic", "p95", "single share");
    refuse("calls.success_rate.avg >= 99%", "unknown-statistic", "avg", "calls.success_rate >=");
}

static void bad_comparison_names_the_right_one(void **state)
{
    (void)state;
    refuse("receive.mos.p5 => 3.8", "bad-comparison", "=>", "\">=\"");
    refuse("receive.mos.p5 = 3.8", "bad-comparison", "=", "\"==\"");
    refuse("receive.mos.p5 =< 3.8", "bad-comparison", "=<", "\"<=\"");
    refuse("receive.mos.p5 is 3.8", "bad-comparison", "is", ">=");
    refuse("receive.mos.p5 3.8", "bad-comparison", "3.8", ">=");
    refuse("receive.mos.p5", "bad-comparison", "", "should follow");
}

static void bad_number_is_refused(void **state)
{
    (void)state;
    refuse("receive.mos.p5 >= nan", "bad-number", "nan", "not a number");
    refuse("receive.mos.p5 >= inf", "bad-number", "inf", "not a number");
    refuse("receive.mos.p5 >= -3", "bad-number", "-3", "negative");
    refuse("receive.mos.p5 >= .5", "bad-number", ".5", "0.5");
    refuse("receive.mos.p5 >= 3.", "bad-number", "3.", "not a number");
    refuse("receive.mos.p5 >= 3.1.2", "bad-number", "3.1.2", "not a number");
    refuse("receive.mos.p5 >= 1e3", "bad-number", "1e3", "digits");
    refuse("calls.success_rate >= 99,5%", "bad-number", "99,5%", "point");
    refuse("receive.mos.p5 >=", "bad-number", "", "should follow");
    refuse("receive.bytes.max < 99999999999999999999999", "bad-number", "99999999999999999999999",
           "too large");
}

static void limit_that_cannot_be_reached_is_refused(void **state)
{
    (void)state;
    refuse("calls.success_rate >= 995%", "bad-number", "995%", "100%");
    refuse("calls.success_rate > 100%", "bad-number", "100%", "100%");
    refuse("receive.mos.p5 >= 4.6", "bad-number", "4.6", "4.5");
}

static void number_without_its_unit_is_refused(void **state)
{
    (void)state;
    refuse("post_dial_delay.p95 < 2", "missing-unit", "2", "2ms or 2s");
    refuse("calls.success_rate >= 99 warn", "missing-unit", "99", "99%");
    refuse("post_dial_delay.p95 < 2 in callers", "missing-unit", "2", "2ms");
}

static void wrong_unit_is_refused(void **state)
{
    (void)state;
    refuse("post_dial_delay.p95 < 2sec", "bad-unit", "sec", "us, ms, s or m");
    refuse("receive.bit_rate.avg < 64kb", "bad-unit", "kb", "bps, kbps or Mbps");
    refuse("receive.level_rms.avg < -10dB", "bad-unit", "dB", "given in dBov");
    refuse("post_dial_delay.p95 < 2 seconds", "bad-unit", "seconds", "us, ms, s or m");
    refuse("calls.success_rate >= 99ms", "bad-unit", "ms", "given in %");
    refuse("receive.mos.p5 >= 3%", "bad-unit", "%", "number alone");
    refuse("receive.mos.p5 >= 3 ms", "bad-unit", "ms", "number alone");
    refuse("receive.packets.min >= 50pk", "bad-unit", "pk", "number alone");
    refuse("receive.jitter.count >= 5ms", "bad-unit", "ms", "number alone");
}

static void rest_of_the_line_is_refused(void **state)
{
    (void)state;
    refuse("receive.mos.p5 >= 3.8 and more", "trailing-words", "and", "in GROUP");
    refuse("receive.mos.p5 >= 3.8 in a b c", "trailing-words", "b c", "in GROUP");
    refuse("receive.mos.p5 >= 3.8 in", "missing-group", "in", "callers");
}

static void endless_text_is_refused(void **state)
{
    char text[4096];
    struct arena *arena = arena_new();
    struct threshold threshold;
    struct threshold_error error;
    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(threshold_parse(text, arena, &threshold, &error));
    assert_string_equal(error.code, "too-long");
    arena_free(arena);
}

/* Pieces of the grammar and bytes that are none of it, thrown together. */
static void any_bytes_are_safe(void **state)
{
    static const char *const pieces[] = {"receive.mos",
                                         ".p5",
                                         ".",
                                         " ",
                                         ">=",
                                         "<",
                                         "3",
                                         "99.9",
                                         "%",
                                         "ms",
                                         " in ",
                                         "warn",
                                         "calls.success_rate",
                                         "\x1b[31m",
                                         "\xff\xfe",
                                         "p99.9",
                                         "=",
                                         "-",
                                         "%s%n",
                                         "\n",
                                         "e",
                                         "0"};
    struct random random;
    struct arena *arena = arena_new();
    (void)state;
    random_init(&random, 3);
    for (int i = 0; i < 5000; i++) {
        struct threshold threshold;
        struct threshold_error error;
        char text[256] = "";
        for (uint64_t n = random_below(&random, 9); n > 0; n--)
            strcat(text, pieces[random_below(&random, sizeof(pieces) / sizeof(pieces[0]))]);
        if (threshold_parse(text, arena, &threshold, &error))
            continue;
        assert_non_null(error.code);
        assert_true(error.offset <= strlen(text));
        assert_true(error.length > 0);
        assert_int_not_equal(strlen(error.message), 0);
        assert_int_not_equal(strlen(error.hint), 0);
        assert_null(strchr(error.message, '\x1b'));
        assert_null(strchr(error.hint, '\x1b'));
    }
    arena_free(arena);
}

static void figures_are_printed_for_people(void **state)
{
    static const struct {
        const char *threshold;
        double value;
        const char *shown;
    } rows[] = {
        {"calls.success_rate >= 99.5%", 94, "94.0%"},
        {"receive.mos.p5 >= 3.8", 4.2134, "4.21"},
        {"post_dial_delay.p95 < 2s", 312.4, "312 ms"},
        {"post_dial_delay.p95 < 2s", 1204, "1.20 s"},
        {"post_dial_delay.p95 < 2s", 15.23, "15.2 ms"},
        {"receive.jitter.p95 < 2s", 0.1254, "0.13 ms"},
        {"receive.jitter.p95 < 2s", 0, "0 ms"},
        {"call_duration.min > 1s", 123456, "123.5 s"},
        {"receive.jitter.count > 1", 5840, "5,840"},
        {"receive.jitter.count > 1", 1234567, "1,234,567"},
        {"call.packets_received.min >= 490", 498, "498 packets"},
        {"receive.packets.avg >= 49", 49.83, "49.8 packets"},
        {"receive.bytes.avg >= 49", 8000, "8,000 bytes"},
        {"receive.bit_rate.avg >= 60kbps", 77600, "77.6 kbps"},
        {"receive.bit_rate.avg >= 60kbps", 59999, "59.999 kbps"},
        {"receive.bit_rate.avg >= 1bps", 640, "640 bps"},
        {"receive.bit_rate.avg >= 1Mbps", 1234567, "1.23 Mbps"},
        {"receive.mos.p5 >= 3.8", (double)NAN, "-"},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char shown[64];
        struct threshold threshold = parse(arena, rows[i].threshold);
        threshold_format(&threshold, rows[i].value, shown, sizeof(shown));
        assert_string_equal(shown, rows[i].shown);
    }
    arena_free(arena);
}

static void figure_never_contradicts_its_verdict(void **state)
{
    char shown[64];
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold = parse(arena, "calls.success_rate >= 100%");
    threshold_format(&threshold, 99.98, shown, sizeof(shown));
    assert_string_equal(shown, "99.98%");
    threshold = parse(arena, "post_dial_delay.max < 2s");
    threshold_format(&threshold, 1999.2, shown, sizeof(shown));
    assert_string_equal(shown, "1.999 s");
    threshold = parse(arena, "receive.packet_loss.max <= 1%");
    threshold_format(&threshold, 1.004, shown, sizeof(shown));
    assert_string_equal(shown, "1.004%");
    arena_free(arena);
}

static void every_statistic_is_read(void **state)
{
    static const struct {
        const char *text;
        enum statistic statistic;
    } rows[] = {{"receive.packets_lost.sum == 0 in callers", STAT_SUM},
                {"receive.packets.rate >= 49", STAT_RATE},
                {"receive.packets.rate >= 49/s", STAT_RATE},
                {"receive.jitter.stddev < 2ms", STAT_STDDEV},
                {"calls.success_rate.rate >= 2.5/s", STAT_RATE}};
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(parse(arena, rows[i].text).statistic, rows[i].statistic);
    struct threshold threshold = parse(arena, "receive.mos.median >= 3.8");
    assert_int_equal(threshold.statistic, STAT_QUANTILE);
    assert_true(threshold.quantile == 0.5);
    arena_free(arena);
}

static void clauses_come_in_any_order(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold =
        parse(arena, "receive.mos.avg >= 3 warn of worst endpoint during steady in a");
    assert_true(threshold.warn);
    assert_string_equal(threshold.group, "a");
    assert_true(threshold.endpoint_share == 1);
    assert_int_equal(threshold.during, DURING_STEADY);
    threshold = parse(arena, "receive.mos.avg >= 3 of 99.5% of endpoints");
    assert_true(threshold.endpoint_share == 0.995);
    assert_true(threshold.min_coverage == 0.995);
    assert_true(parse(arena, "receive.mos.avg >= 3 of 90% endpoints").endpoint_share == 0.9);
    assert_int_equal(parse(arena, "receive.mos.avg >= 3 during incall").during, DURING_INCALL);
    arena_free(arena);
}

static void window_may_be_of_a_phase(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold = parse(arena, "receive.mos.avg >= 3 during worst 10s");
    assert_true(threshold.window_ns == 10000000000);
    assert_int_equal(threshold.during, DURING_ALL);
    threshold = parse(arena, "receive.mos.avg >= 3 during worst 5m of steady in a");
    assert_true(threshold.window_ns == 300000000000);
    assert_int_equal(threshold.during, DURING_STEADY);
    arena_free(arena);
}

static void abort_waits_ten_seconds_unless_told_otherwise(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct threshold threshold = parse(arena, "receive.mos.avg >= 3 abort");
    assert_true(threshold.abort);
    assert_true(threshold.grace_ns == 10000000000);
    threshold = parse(arena, "receive.mos.avg >= 3 abort after 30s in a");
    assert_true(threshold.grace_ns == 30000000000);
    assert_string_equal(threshold.group, "a");
    assert_false(parse(arena, "receive.mos.avg >= 3").abort);
    arena_free(arena);
}

static void scope_that_cannot_be_teaches(void **state)
{
    (void)state;
    refuse("receive.mos.avg >= 3 during stedy", "unknown-phase", "stedy", "\"steady\"");
    refuse("receive.mos.avg >= 3 during", "unknown-phase", "during", "worst 10s");
    refuse("receive.mos.avg >= 3 during worst", "bad-number", "", "10s");
    refuse("receive.mos.avg >= 3 during worst 10", "bad-number", "10", "10s");
    refuse("receive.mos.avg >= 3 during worst 1.5s", "bad-number", "1.5s", "whole seconds");
    refuse("receive.mos.avg >= 3 during worst 99999s", "bad-number", "99999s", "at most a day");
    refuse("receive.mos.avg >= 3 worst 10s", "trailing-words", "worst", "during worst 10s");
    refuse("receive.mos.avg >= 3 of best endpoint", "bad-scope", "best", "of worst endpoint");
    refuse("receive.mos.avg >= 3 of worst call", "bad-scope", "call", "of worst endpoint");
    refuse("receive.mos.avg >= 3 of 101% of endpoints", "bad-scope", "101%", "at most 100%");
    refuse("receive.mos.avg >= 3 of 0% of endpoints", "bad-scope", "0%", "above 0%");
    refuse("receive.mos.avg >= 3 of worst endpoint during worst 10s", "bad-scope",
           "during worst 10s", "two thresholds");
    refuse("receive.packets.rate >= 3 during incall", "bad-scope", "during incall", ".count");
    refuse("receive.mos.avg >= 3 abort warn", "bad-scope", "warn", "remove abort");
    refuse("receive.mos.avg >= 3 abort after", "bad-number", "", "10s");
    refuse("receive.mos.avg >= 3 duringg steady", "trailing-words", "duringg", "\"during\"");
    refuse("receive.packets.rate >= 3ms", "bad-unit", "ms", "/s");
}

static void clause_that_is_said_twice_is_refused(void **state)
{
    static const char *const clauses[] = {"in a in b", "during steady during worst 5s",
                                          "of worst endpoint of 9% of endpoints", "abort abort",
                                          "warn warn"};
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++) {
        struct threshold threshold;
        struct threshold_error error;
        char text[128] = "receive.mos.avg >= 3 ";
        strcat(text, clauses[i]);
        assert_false(threshold_parse(text, arena, &threshold, &error));
        assert_string_equal(error.code, "said-twice");
    }
    arena_free(arena);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
static void a_level_may_be_limited_below_zero(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct threshold threshold = parse(arena, "receive.level_rms.min >= -35.5");
    assert_true(threshold.limit == -35.5);
    arena_free(arena);
}

SPECIFICATION(cmocka_unit_test(a_level_may_be_limited_below_zero),
              cmocka_unit_test(every_statistic_is_read),
              cmocka_unit_test(clauses_come_in_any_order),
              cmocka_unit_test(window_may_be_of_a_phase),
              cmocka_unit_test(abort_waits_ten_seconds_unless_told_otherwise),
              cmocka_unit_test(clause_that_is_said_twice_is_refused),
              cmocka_unit_test(scope_that_cannot_be_teaches),
              cmocka_unit_test(rate_needs_no_statistic),
              cmocka_unit_test(percentile_is_a_share),
              cmocka_unit_test(times_are_in_milliseconds_whatever_the_unit),
              cmocka_unit_test(levels_rates_and_clocks_may_have_their_unit),
              cmocka_unit_test(group_and_warn_follow_the_limit),
              cmocka_unit_test(every_comparison_is_read),
              cmocka_unit_test(packets_take_a_bare_number),
              cmocka_unit_test(unknown_metric_names_the_nearest),
              cmocka_unit_test(missing_direction_asks_which),
              cmocka_unit_test(distribution_needs_a_statistic),
              cmocka_unit_test(unknown_statistic_lists_them),
              cmocka_unit_test(rate_has_no_percentile),
              cmocka_unit_test(bad_comparison_names_the_right_one),
              cmocka_unit_test(bad_number_is_refused),
              cmocka_unit_test(limit_that_cannot_be_reached_is_refused),
              cmocka_unit_test(number_without_its_unit_is_refused),
              cmocka_unit_test(wrong_unit_is_refused),
              cmocka_unit_test(rest_of_the_line_is_refused),
              cmocka_unit_test(endless_text_is_refused),
              cmocka_unit_test(any_bytes_are_safe),
              cmocka_unit_test(figures_are_printed_for_people),
              cmocka_unit_test(figure_never_contradicts_its_verdict))
/* clang-format on */
