/* Digits in the body of a SIP INFO. */
#include "support/specification.h"
#include <string.h>
#include "cmtest/dtmf.h"

static void check(const char *type, const char *body, char digit, int32_t duration_ms)
{
    char found = 0;
    int32_t duration = 0;

    if (!dtmf_info_read(type, body, strlen(body), &found, &duration))
        fail_msg("no digit in %s", body);
    assert_int_equal(found, digit);
    assert_int_equal(duration, duration_ms);
}

static void refuse(const char *type, const char *body)
{
    char found;
    int32_t duration;

    if (dtmf_info_read(type, body, strlen(body), &found, &duration))
        fail_msg("a digit in %s", body);
}

static void what_is_written_is_read(void **state)
{
    char body[DTMF_INFO_MAX];

    (void)state;
    dtmf_info_write('#', 160, body);
    assert_string_equal(body, "Signal=#\r\nDuration=160\r\n");
    check("application/dtmf-relay", body, '#', 160);
}

static void bodies_of_the_field_are_understood(void **state)
{
    static const char relay[] = "application/dtmf-relay";

    (void)state;
    check(relay, "Signal= 5\r\nDuration= 250", '5', 250);
    check(relay, "signal=d\nduration=90\n", 'D', 90);
    check(relay, "Duration=90\r\nSignal=11\r\n", '#', 90);
    check(relay, "Signal=10", '*', -1);
    check(relay, "Signal=1\r\nDuration=soon\r\n", '1', -1);
    check(relay, "Signal=1\r\nDuration=99999999999\r\n", '1', -1);
    check(relay, "Signal=1\r\nDuration=-5\r\n", '1', -1);
    check(relay, "noise\r\nSignal=7\r\nSignal=8\r\n", '7', -1);
    check("application/dtmf", "5", '5', -1);
    check("application/dtmf", " *\r\n", '*', -1);
    check("application/dtmf", "12", 'A', -1);
}

static void what_is_no_digit_is_none(void **state)
{
    static const char relay[] = "application/dtmf-relay";

    (void)state;
    refuse(relay, "");
    refuse(relay, "Signal=\r\nDuration=100\r\n");
    refuse(relay, "Signal=16\r\n");
    refuse(relay, "Signal=hookflash\r\n");
    refuse(relay, "Signal=55\r\n");
    refuse(relay, "Duration=100\r\n");
    refuse(relay, "=\n=\n=");
    refuse("application/dtmf", "");
    refuse("application/dtmf", "\r\n");
    refuse("application/dtmf", "123");
    refuse("application/sdp", "5");
    refuse("", "5");
}

SPECIFICATION(cmocka_unit_test(what_is_written_is_read),
              cmocka_unit_test(bodies_of_the_field_are_understood),
              cmocka_unit_test(what_is_no_digit_is_none))
