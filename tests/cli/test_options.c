#include "support/specification.h"

#include "cmtest/command.h"

static int nothing(const struct options *options)
{
    (void)options;
    return 0;
}

static const struct option_row rows[] = {
    {"format", 'f', OPTION_TEXT, "FORMAT", "a text", offsetof(struct options, format)},
    {"strict", 0, OPTION_FLAG, NULL, "a flag", offsetof(struct options, strict)},
    {"verbose", 'v', OPTION_COUNT, NULL, "a count", offsetof(struct options, verbose)},
    {"seed", 0, OPTION_NUMBER, "N", "a number", offsetof(struct options, seed)},
    {0},
};
static const struct command needs = {"needs", .arguments = "SPEC", .options = rows, .run = nothing};
static const struct command may = {"may", .arguments = "[CODE]", .options = rows, .run = nothing};
static const struct command takes_none = {"none", .run = nothing};

static bool parse(const struct command *command, struct options *options, const char *first,
                  const char *second, const char *third)
{
    char *argv[] = {(char *)command->name, (char *)first, (char *)second, (char *)third, NULL};
    int argc = 1;
    while (argv[argc])
        argc++;
    *options = (struct options){0};
    return options_parse(command, argc, argv, options);
}

static void an_argument_in_brackets_may_be_left_out(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&may, &options, NULL, NULL, NULL));
    assert_null(options.spec);
    assert_true(parse(&may, &options, "tab", NULL, NULL));
    assert_string_equal(options.spec, "tab");
    assert_false(parse(&may, &options, "tab", "syntax", NULL));
}

static void any_other_argument_must_be_given_once(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&needs, &options, "a.yaml", NULL, NULL));
    assert_false(parse(&needs, &options, NULL, NULL, NULL));
    assert_false(parse(&needs, &options, "a.yaml", "b.yaml", NULL));
    assert_false(parse(&takes_none, &options, "a.yaml", NULL, NULL));
}

static void options_may_stand_on_both_sides(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&needs, &options, "a.yaml", "--strict", "--format=json"));
    assert_true(options.strict);
    assert_string_equal(options.format, "json");
    assert_true(parse(&needs, &options, "-vv", "-fjson", "a.yaml"));
    assert_int_equal(options.verbose, 2);
    assert_string_equal(options.spec, "a.yaml");
}

static void what_is_not_an_option_is_refused(void **state)
{
    (void)state;
    struct options options;
    assert_false(parse(&needs, &options, "a.yaml", "--strcit", NULL));
    assert_false(parse(&needs, &options, "a.yaml", "-x", NULL));
    assert_false(parse(&needs, &options, "a.yaml", "--format", NULL));
    assert_false(parse(&needs, &options, "a.yaml", "--seed", "ten"));
    assert_false(parse(&needs, &options, "a.yaml", "--seed", "-1"));
    assert_false(parse(&needs, &options, "a.yaml", "--strict=1", NULL));
}

static void a_seed_is_known_to_be_given(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&needs, &options, "a.yaml", "--seed", "0"));
    assert_true(options.seed_given);
    assert_true(parse(&needs, &options, "a.yaml", NULL, NULL));
    assert_false(options.seed_given);
}

SPECIFICATION(cmocka_unit_test(an_argument_in_brackets_may_be_left_out),
              cmocka_unit_test(any_other_argument_must_be_given_once),
              cmocka_unit_test(options_may_stand_on_both_sides),
              cmocka_unit_test(what_is_not_an_option_is_refused),
              cmocka_unit_test(a_seed_is_known_to_be_given))
