#include "support/specification.h"

#include "scalar.h"

static int64_t duration(const char *text)
{
    int64_t ns = -1;
    assert_int_equal(scalar_duration(text, &ns), DURATION_OK);
    return ns;
}

static int64_t integer(const char *text)
{
    int64_t value = -1;
    assert_int_equal(scalar_integer(text, &value), NUMBER_OK);
    return value;
}

static void durations_have_a_number_and_a_unit(void **state)
{
    (void)state;
    assert_int_equal(duration("60s"), INT64_C(60000000000));
    assert_int_equal(duration("1500ms"), INT64_C(1500000000));
    assert_int_equal(duration("2m"), INT64_C(120000000000));
    assert_int_equal(duration("1h"), INT64_C(3600000000000));
    assert_int_equal(duration("7us"), 7000);
    assert_int_equal(duration("9ns"), 9);
    assert_int_equal(duration("0s"), 0);
}

static void durations_may_have_decimals_and_parts(void **state)
{
    (void)state;
    assert_int_equal(duration("1.5s"), INT64_C(1500000000));
    assert_int_equal(duration("0.1h"), INT64_C(360000000000));
    assert_int_equal(duration("0.000000001s"), 1);
    assert_int_equal(duration("0.0000000019s"), 1);
    assert_int_equal(duration("1m30s"), INT64_C(90000000000));
    assert_int_equal(duration("1h2m3s4ms"), INT64_C(3723004000000));
}

static void what_is_not_a_duration_is_told_apart(void **state)
{
    (void)state;
    int64_t ns;
    assert_int_equal(scalar_duration("60", &ns), DURATION_NO_UNIT);
    assert_int_equal(scalar_duration("1.5", &ns), DURATION_NO_UNIT);
    assert_int_equal(scalar_duration("60sec", &ns), DURATION_BAD_UNIT);
    assert_int_equal(scalar_duration("60S", &ns), DURATION_BAD_UNIT);
    const char *const not [] = {"",      "s",    "soon", "-5s", "+5s",  " 5s",
                                "5 s",   "5s ",  "1.s",  ".5s", "1e3s", "5s5s",
                                "30s1m", "1m30", "0x5s", "5s,", "1..5s"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (scalar_duration(not [i], &ns) == DURATION_OK)
            fail_msg("\"%s\" was read as a duration", not [i]);
}

static void durations_that_do_not_fit_are_too_long(void **state)
{
    (void)state;
    int64_t ns;
    assert_int_equal(scalar_duration("99999999999h", &ns), DURATION_TOO_LONG);
    assert_int_equal(scalar_duration("9999999999999999999999999ns", &ns), DURATION_TOO_LONG);
    assert_int_equal(scalar_duration("9223372036854775807s", &ns), DURATION_TOO_LONG);
}

static void durations_are_printed_in_their_largest_units(void **state)
{
    (void)state;
    char text[40];
    scalar_print_duration(INT64_C(90000000000), text, sizeof text);
    assert_string_equal(text, "1m30s");
    scalar_print_duration(INT64_C(86400000000000), text, sizeof text);
    assert_string_equal(text, "24h");
    scalar_print_duration(0, text, sizeof text);
    assert_string_equal(text, "0s");
    scalar_print_duration(1500000, text, sizeof text);
    assert_string_equal(text, "1ms500us");
}

static void integers_are_those_of_the_core_schema(void **state)
{
    (void)state;
    assert_int_equal(integer("5060"), 5060);
    assert_int_equal(integer("-7"), -7);
    assert_int_equal(integer("+7"), 7);
    assert_int_equal(integer("0"), 0);
    assert_int_equal(integer("0x1F"), 31);
    assert_int_equal(integer("0o17"), 15);
    assert_int_equal(integer("9223372036854775807"), INT64_MAX);
}

static void junk_behind_a_number_makes_it_no_number(void **state)
{
    (void)state;
    int64_t value;
    const char *const not [] = {"",    "-",  "5060abc", "5 ",    "1e3",
                                "1.0", "0x", "0o8",     "1_000", "-0x1"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (scalar_integer(not [i], &value) != NUMBER_NOT)
            fail_msg("\"%s\" was read as an integer", not [i]);
    assert_int_equal(scalar_integer("9223372036854775808", &value), NUMBER_TOO_LARGE);
}

static void a_leading_zero_is_neither_octal_nor_decimal(void **state)
{
    (void)state;
    int64_t value;
    assert_int_equal(scalar_integer("010", &value), NUMBER_LEADING_ZERO);
    assert_int_equal(scalar_integer("00", &value), NUMBER_LEADING_ZERO);
}

static int64_t value_of(bool (*read)(const char *text, int64_t *value), const char *text)
{
    int64_t value = -1;
    return read(text, &value) ? value : -1;
}

static void shares_rates_and_bit_rates_have_their_unit(void **state)
{
    (void)state;
    assert_int_equal(value_of(scalar_percent, "99.5%"), 99500);
    assert_int_equal(value_of(scalar_percent, "0%"), 0);
    assert_int_equal(value_of(scalar_percent, "50"), -1);
    assert_int_equal(value_of(scalar_percent, "-1%"), -1);
    assert_int_equal(value_of(scalar_percent, "1e2%"), -1);
    assert_int_equal(value_of(scalar_percent, ".5%"), -1);
    assert_int_equal(value_of(scalar_percent, "99999999999999999999%"), -1);
    assert_int_equal(value_of(scalar_bitrate, "64kbps"), 64000);
    assert_int_equal(value_of(scalar_bitrate, "1.5Mbps"), 1500000);
    assert_int_equal(value_of(scalar_bitrate, "6000bps"), 6000);
    assert_int_equal(value_of(scalar_bitrate, "64 kbps"), -1);
    assert_int_equal(value_of(scalar_bitrate, "64k"), -1);
    assert_int_equal(value_of(scalar_rate, "10/s"), 10000);
    assert_int_equal(value_of(scalar_rate, "90/m"), 1500);
    assert_int_equal(value_of(scalar_rate, "3600/h"), 1000);
    assert_int_equal(value_of(scalar_rate, "0.5/s"), 500);
    assert_int_equal(value_of(scalar_rate, "10"), -1);
}

static void a_range_keeps_its_leading_zeros(void **state)
{
    int64_t first, last;
    uint32_t width;
    (void)state;
    assert_true(scalar_range("1001..1100", &first, &last, &width));
    assert_int_equal(first, 1001);
    assert_int_equal(last, 1100);
    assert_int_equal(width, 0);
    assert_true(scalar_range("0001..0100", &first, &last, &width));
    assert_int_equal(first, 1);
    assert_int_equal(width, 4);
    assert_true(scalar_range("0..9", &first, &last, &width));
    assert_int_equal(width, 0);
    static const char *const wrong[] = {
        "",     "..",   "1..",   "..2",     "1.2",
        "1-2",  "a..b", "1...2", "1..2..3", "99999999999999999999..2",
        "1..x", "-1..2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(scalar_range(wrong[i], &first, &last, &width));
}

static void a_resolution_is_width_x_height(void **state)
{
    uint32_t width, height;
    (void)state;
    assert_true(scalar_resolution("640x480", &width, &height));
    assert_int_equal(width, 640);
    assert_int_equal(height, 480);
    static const char *const wrong[] = {"",          "x",         "640",       "640x",   "x480",
                                        "640x480x2", "640.5x480", "640 x 480", "99999x1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(scalar_resolution(wrong[i], &width, &height));
}

SPECIFICATION(cmocka_unit_test(durations_have_a_number_and_a_unit),
              cmocka_unit_test(durations_may_have_decimals_and_parts),
              cmocka_unit_test(what_is_not_a_duration_is_told_apart),
              cmocka_unit_test(durations_that_do_not_fit_are_too_long),
              cmocka_unit_test(durations_are_printed_in_their_largest_units),
              cmocka_unit_test(integers_are_those_of_the_core_schema),
              cmocka_unit_test(junk_behind_a_number_makes_it_no_number),
              cmocka_unit_test(a_leading_zero_is_neither_octal_nor_decimal),
              cmocka_unit_test(shares_rates_and_bit_rates_have_their_unit),
              cmocka_unit_test(a_range_keeps_its_leading_zeros),
              cmocka_unit_test(a_resolution_is_width_x_height))
