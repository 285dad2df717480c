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

SPECIFICATION(cmocka_unit_test(durations_have_a_number_and_a_unit),
              cmocka_unit_test(durations_may_have_decimals_and_parts),
              cmocka_unit_test(what_is_not_a_duration_is_told_apart),
              cmocka_unit_test(durations_that_do_not_fit_are_too_long),
              cmocka_unit_test(durations_are_printed_in_their_largest_units),
              cmocka_unit_test(integers_are_those_of_the_core_schema),
              cmocka_unit_test(junk_behind_a_number_makes_it_no_number),
              cmocka_unit_test(a_leading_zero_is_neither_octal_nor_decimal))
