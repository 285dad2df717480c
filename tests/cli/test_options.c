#include "support/specification.h"

#include <string.h>
#include "cmtest/arena.h"
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
    {"tag", 't', OPTION_LIST, "TAG", "a list", offsetof(struct options, tags)},
    {"timeout", 0, OPTION_DURATION, "TIME", "a duration", offsetof(struct options, timeout_ns)},
    {"color", 0, OPTION_COLOR, "WHEN", "a word", offsetof(struct options, color)},
    {"allow-exec", 0, OPTION_CONSENT, NULL, "a consent", offsetof(struct options, allow_exec)},
    {0},
};
static const struct command many = {"many", .arguments = "SPEC...", .options = rows,
                                    .run = nothing};
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

static void dots_allow_several_arguments_but_not_none(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&many, &options, "a.yaml", "b.yaml", "--strict"));
    assert_int_equal(options.argument_count, 2);
    assert_string_equal(options.spec, "a.yaml");
    assert_false(parse(&many, &options, NULL, NULL, NULL));
}

static void values_are_checked(void **state)
{
    (void)state;
    struct options options;
    assert_true(parse(&many, &options, "a.yaml", "--timeout", "1m30s"));
    assert_true(options.timeout_ns == INT64_C(90000000000));
    assert_false(parse(&many, &options, "a.yaml", "--timeout", "90"));
    assert_false(parse(&many, &options, "a.yaml", "--timeout", "0s"));
    assert_true(parse(&many, &options, "a.yaml", "--color", "never"));
    assert_false(parse(&many, &options, "a.yaml", "--color", "red"));
}

/* What options_preset() makes of these variables, then options_parse() of the arguments. */
static bool preset(struct options *options, const char *const *environment, const char *argument)
{
    char *argv[] = {(char *)"many", (char *)"a.yaml", (char *)argument, NULL};
    *options = (struct options){.arena = arena_new()};
    return options_preset(&many, environment, options) &&
           options_parse(&many, argument ? 3 : 2, argv, options);
}

#define NO_FILE "CMTEST_CONFIG="

static void variables_say_what_options_say(void **state)
{
    (void)state;
    const char *environment[] = {NO_FILE,          "CMTEST_STRICT=yes",   "CMTEST_TAG=a,b",
                                 "CMTEST_SEED=12", "CMTEST_VERBOSE=2",    "CMTEST_TIMEOUT=5s",
                                 "CMTEST_FORMAT=", "CMTEST_ALLOW_EXEC=1", NULL};
    struct options options;
    assert_true(preset(&options, environment, NULL));
    assert_true(options.strict && options.seed_given && options.allow_exec);
    assert_int_equal(options.seed, 12);
    assert_int_equal(options.verbose, 2);
    assert_int_equal(options.tags.count, 2);
    assert_string_equal(options.tags.items[1], "b");
    assert_null(options.format); /* an empty one says nothing */
    arena_free(options.arena);
}

static void the_command_line_goes_over_variables(void **state)
{
    (void)state;
    const char *environment[] = {NO_FILE, "CMTEST_TAG=a,b", "CMTEST_VERBOSE=3", NULL};
    struct options options;
    assert_true(preset(&options, environment, "--tag=c"));
    assert_int_equal(options.tags.count, 1);
    assert_string_equal(options.tags.items[0], "c");
    arena_free(options.arena);
    assert_true(preset(&options, environment, "-v"));
    assert_int_equal(options.verbose, 1);
    arena_free(options.arena);
}

static void the_variable_of_a_command_goes_over_that_of_all(void **state)
{
    (void)state;
    const char *environment[] = {
        NO_FILE,           "CMTEST_FORMAT=json",     "CMTEST_MANY_FORMAT=text",
        "CMTEST_STRICT=1", "CMTEST_MANY_STRICT=off", NULL};
    struct options options;
    assert_true(preset(&options, environment, NULL));
    assert_string_equal(options.format, "text");
    assert_false(options.strict);
    arena_free(options.arena);
}

static void a_variable_with_a_wrong_value_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"CMTEST_STRICT=maybe", "CMTEST_SEED=x", "CMTEST_TIMEOUT=5",
                                        "CMTEST_COLOR=blue", "CMTEST_VERBOSE=loud"};
    struct options options;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *environment[] = {NO_FILE, wrong[i], NULL};
        if (preset(&options, environment, NULL))
            fail_msg("%s was taken", wrong[i]);
        arena_free(options.arena);
    }
}

SPECIFICATION(cmocka_unit_test(an_argument_in_brackets_may_be_left_out),
              cmocka_unit_test(any_other_argument_must_be_given_once),
              cmocka_unit_test(options_may_stand_on_both_sides),
              cmocka_unit_test(what_is_not_an_option_is_refused),
              cmocka_unit_test(a_seed_is_known_to_be_given),
              cmocka_unit_test(dots_allow_several_arguments_but_not_none),
              cmocka_unit_test(values_are_checked),
              cmocka_unit_test(variables_say_what_options_say),
              cmocka_unit_test(the_command_line_goes_over_variables),
              cmocka_unit_test(the_variable_of_a_command_goes_over_that_of_all),
              cmocka_unit_test(a_variable_with_a_wrong_value_is_refused))
