/* What is written without a tree is what jansson would have written of one. */
#include "support/specification.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/event.h"
#include "cmtest/random.h"
#include "json_out.h"

static void assert_as_jansson(const struct text *written, json_t *value)
{
    char *expected = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
    assert_string_equal(text_get(written), expected);
    free(expected);
    json_decref(value);
}

static void assert_ns(int64_t ns)
{
    struct text written = {0};
    struct json_out out = {.text = &written};
    json_out_seconds(&out, NULL, ns);
    assert_as_jansson(&written, json_real((double)ns / 1e9));
    text_clear(&written);
    out.any = false;
    json_out_ms(&out, NULL, ns);
    assert_as_jansson(&written, json_real((double)ns / 1e6));
    text_fini(&written);
}

static void times_have_its_digits(void **state)
{
    static const int64_t edges[] = {0,
                                    1,
                                    99,
                                    100,
                                    99999,
                                    100000,
                                    1000000000,
                                    9999999999,
                                    10000000000,
                                    12345678905,
                                    99999999995,
                                    123456789012345,
                                    1000000000000000000,
                                    INT64_MAX,
                                    -1,
                                    -1500000,
                                    INT64_MIN + 1};
    struct random random = {0};
    (void)state;
    random_init(&random, 11);
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        assert_ns(edges[i]);
    for (int i = 0; i < 5000; i++)
        assert_ns((int64_t)(random_next(&random) >> (1 + i % 60)));
}

static void whole_numbers_have_their_sign(void **state)
{
    static const int64_t numbers[] = {0, 7, -1, 1234567890, INT64_MAX, INT64_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct text written = {0};
        struct json_out out = {.text = &written};
        json_out_number(&out, NULL, numbers[i]);
        assert_as_jansson(&written, json_integer(numbers[i]));
        text_fini(&written);
    }
}

static void every_byte_can_be_said(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char bytes[] = {'a', (char)byte, 'b'};
        struct text written = {0};
        struct json_out out = {.text = &written};
        json_out_bytes(&out, NULL, bytes, sizeof bytes);
        assert_as_jansson(&written, byte < 0x80 ? json_stringn(bytes, 3)
                                                : json_string("a\xef\xbf\xbd"
                                                              "b"));
        text_fini(&written);
    }
    struct text written = {0};
    struct json_out out = {.text = &written};
    json_out_text(&out, NULL, "\xc3\xa9t\xc3\xa9 \xe2\x82\xac");
    assert_as_jansson(&written, json_string("\xc3\xa9t\xc3\xa9 \xe2\x82\xac"));
    text_fini(&written);
}

static void members_and_elements_are_parted(void **state)
{
    struct text written = {0};
    struct json_out out = {.text = &written};
    (void)state;
    json_out_open(&out, NULL, '{');
    json_out_text(&out, "none", NULL);
    json_out_words(&out, "empty", "");
    json_out_seconds(&out, "unknown", EVENT_NONE);
    json_out_open(&out, "list", '[');
    json_out_close(&out, ']');
    json_out_open(&out, "more", '[');
    json_out_bool(&out, NULL, true);
    json_out_time(&out, NULL, INT64_C(1763707245123456789));
    json_out_time(&out, NULL, INT64_C(1763707246000001000));
    json_out_close(&out, ']');
    json_out_number(&out, "last", 1);
    json_out_close(&out, '}');
    assert_string_equal(text_get(&written),
                        "{\"none\": null, \"empty\": null, \"unknown\": null, \"list\": [], "
                        "\"more\": [true, \"2025-11-21T06:40:45.123456Z\", "
                        "\"2025-11-21T06:40:46.000001Z\"], \"last\": 1}");
    text_fini(&written);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(times_have_its_digits),
              cmocka_unit_test(whole_numbers_have_their_sign),
              cmocka_unit_test(every_byte_can_be_said),
              cmocka_unit_test(members_and_elements_are_parted))
/* clang-format on */
