/* The tables of the commands: what every row must have. */
#include "support/specification.h"

#include <string.h>
#include "cmtest/command.h"
#include "cmtest/guide.h"
#include "cmtest/plan.h"
#include "cmtest/template.h"
#include "cmtest/topic.h"
#include "choice.h"

static void templates_are_valid_without_a_warning(void **state)
{
    (void)state;
    for (size_t i = 0; templates[i]; i++) {
        struct diag *diag = diag_new();
        struct arena *arena = arena_new();
        const char *text = templates[i]->text;
        struct spec *spec = spec_parse("cmtest.yaml", text, strlen(text), diag);
        if (spec)
            plan_new(spec, 1, arena, diag);
        if (diag_count(diag)) {
            struct text out = {0};
            diag_print(diag, &out, false);
            print_error("%s:\n%s", templates[i]->name, text_get(&out));
        }
        assert_int_equal(diag_count(diag), 0);
        spec_free(spec);
        arena_free(arena);
        diag_free(diag);
    }
}

static void templates_are_commented_and_narrow(void **state)
{
    (void)state;
    for (size_t i = 0; templates[i]; i++) {
        unsigned comments = 0;
        for (const char *line = templates[i]->text; *line;) {
            size_t length = strcspn(line, "\n");
            comments += memchr(line, '#', length) != NULL;
            assert_true(length <= 90);
            assert_int_equal(line[length], '\n');
            line += length + 1;
        }
        assert_true(comments >= 5);
    }
}

static void guides_fit_eighty_columns_and_say_where_to_go_on(void **state)
{
    (void)state;
    for (size_t i = 0; guides[i]; i++) {
        for (const char *line = guides[i]->text; *line; line += strcspn(line, "\n") + 1)
            if (strcspn(line, "\n") > 80)
                fail_msg("%s: %.80s...", guides[i]->name, line);
        if (!strstr(guides[i]->text, "\nNext: "))
            fail_msg("%s leads nowhere", guides[i]->name);
        for (size_t j = 0; commands[j]; j++)
            assert_string_not_equal(guides[i]->name, commands[j]->name);
    }
}

static void every_topic_lists_something(void **state)
{
    (void)state;
    for (size_t i = 0; topics[i]; i++) {
        struct text out = {0};
        struct listing *listing = listing_new(topics[i]->columns);
        topics[i]->fill(listing);
        listing_write_text(listing, 80, &out);
        if (out.length < 40)
            fail_msg("%s lists nothing", topics[i]->name);
        text_fini(&out);
        listing_free(listing);
    }
}

static void words_of_the_language_are_found(void **state)
{
    (void)state;
    assert_non_null(choices_at("groups.audio.codecs.name"));
    assert_non_null(choices_at("groups.video.codec"));
    assert_non_null(choices_at("groups.audio.source.name"));
    assert_non_null(choices_at("groups.video.source"));
    assert_null(choices_at("groups.audio"));
    assert_null(choices_at("groups.nothing.at.all"));
}

static void topics_fit_eighty_columns(void **state)
{
    (void)state;
    for (size_t i = 0; topics[i]; i++) {
        struct text out = {0};
        struct listing *listing = listing_new(topics[i]->columns);
        topics[i]->fill(listing);
        listing_write_text(listing, 80, &out);
        for (const char *line = text_get(&out); *line;) {
            size_t length = strcspn(line, "\n");
            size_t blank = strspn(line, " ");
            /* A word that is longer than a line stays whole. */
            bool one_word = blank < length && !memchr(line + blank, ' ', length - blank);
            if (length > 80 && !one_word)
                fail_msg("%s: %.*s", topics[i]->name, (int)length, line);
            assert_true(!length || line[length - 1] != ' ');
            line += length + (line[length] == '\n');
        }
        text_fini(&out);
        listing_free(listing);
    }
}

static void commands_have_what_their_help_needs(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        const struct command *command = commands[i];
        assert_true(command->name && command->run);
        assert_true(strlen(command->help) > 10 && strlen(command->help) < 68);
        assert_true(command->purpose <= PURPOSE_LOOK_UP);
        for (const struct option_row *row = command->options; row && row->name; row++) {
            bool valued = row->kind != OPTION_FLAG && row->kind != OPTION_COUNT &&
                          row->kind != OPTION_CONSENT;
            assert_int_equal(valued, row->value != NULL);
            assert_non_null(row->help);
        }
    }
}

SPECIFICATION(cmocka_unit_test(templates_are_valid_without_a_warning),
              cmocka_unit_test(templates_are_commented_and_narrow),
              cmocka_unit_test(guides_fit_eighty_columns_and_say_where_to_go_on),
              cmocka_unit_test(every_topic_lists_something),
              cmocka_unit_test(words_of_the_language_are_found),
              cmocka_unit_test(topics_fit_eighty_columns),
              cmocka_unit_test(commands_have_what_their_help_needs))
