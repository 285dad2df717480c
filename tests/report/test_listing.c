#include "support/specification.h"
#include "cmtest/listing.h"

#include <jansson.h>

static const struct listing_column columns[] = {
    {"name", NULL}, {"unit", "in "}, {"help", NULL}, {0}};

static struct listing *two_rows(const char *name)
{
    struct listing *listing = listing_new(columns);
    listing_add(listing, (const char *const[]){"jitter", "ms", "how uneven packets come"});
    listing_add(listing, (const char *const[]){name, NULL, "one two three four five six seven"});
    return listing;
}

static void assert_text(struct listing *listing, unsigned width, const char *expected)
{
    struct text out = {0};
    listing_write_text(listing, width, &out);
    assert_string_equal(text_get(&out), expected);
    text_fini(&out);
    listing_free(listing);
}

static void columns_are_aligned_and_prose_is_wrapped(void **state)
{
    (void)state;
    assert_text(two_rows("mos"), 44,
                "jitter  ms  how uneven packets come\n"
                "mos         one two three four five six\n"
                "            seven\n");
}

static void a_row_without_room_becomes_a_paragraph(void **state)
{
    (void)state;
    assert_text(two_rows("groups.<name>.scenario[].expect.header"), 40,
                "jitter\n"
                "    in ms\n"
                "    how uneven packets come\n"
                "\n"
                "groups.<name>.scenario[].expect.header\n"
                "    one two three four five six seven\n");
}

static void wide_characters_count_once(void **state)
{
    (void)state;
    struct listing *listing = listing_new(columns);
    listing_add(listing, (const char *const[]){"\xc3\xb6\xc3\xb6", "x", "a"});
    listing_add(listing, (const char *const[]){"ab", "y", NULL});
    assert_text(listing, 80, "\xc3\xb6\xc3\xb6  x  a\nab  y\n");
}

static void empty_columns_take_no_room(void **state)
{
    (void)state;
    struct listing *listing = listing_new(columns);
    listing_add(listing, (const char *const[]){"a", NULL, "b"});
    assert_text(listing, 80, "a  b\n");
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    assert_text(listing_new(columns), 80, "");
}

static void wrapping_keeps_line_ends_and_long_words(void **state)
{
    (void)state;
    struct text out = {0};
    listing_wrap(&out, "a bb ccc\n\naverylongwordindeed d", 2, 8);
    assert_string_equal(text_get(&out), "  a bb\n  ccc\n\n  averylongwordindeed\n  d\n");
    text_fini(&out);
}

static void json_has_every_column(void **state)
{
    (void)state;
    struct listing *listing = two_rows("a\"b");
    struct text out = {0};
    listing_write_json(listing, "metrics", &out);
    json_t *document = json_loads(text_get(&out), 0, NULL);
    assert_non_null(document);
    assert_string_equal(json_string_value(json_object_get(document, "topic")), "metrics");
    const json_t *second = json_array_get(json_object_get(document, "rows"), 1);
    assert_string_equal(json_string_value(json_object_get(second, "name")), "a\"b");
    assert_true(json_is_null(json_object_get(second, "unit")));
    json_decref(document);
    text_fini(&out);
    listing_free(listing);
}

SPECIFICATION(cmocka_unit_test(columns_are_aligned_and_prose_is_wrapped),
              cmocka_unit_test(a_row_without_room_becomes_a_paragraph),
              cmocka_unit_test(wide_characters_count_once),
              cmocka_unit_test(empty_columns_take_no_room), cmocka_unit_test(nothing_is_nothing),
              cmocka_unit_test(wrapping_keeps_line_ends_and_long_words),
              cmocka_unit_test(json_has_every_column))
