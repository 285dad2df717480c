/* The language as a whole: what must be valid, and what its words stand for. */
#include "support/specification.h"

#include "cmtest/plan.h"
#include "cmtest/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOOD TEST_DATA "/../specs/good"

/* No error, and no warning but of what cannot be run yet. */
static void assert_only_not_yet(struct diag *diag)
{
    for (size_t i = 0; i < diag_count(diag); i++)
        if (strcmp(diag_get(diag, i)->code, "not-yet") != 0)
            fail_msg("%s: %s", diag_get(diag, i)->code, diag_get(diag, i)->message);
    assert_int_equal(diag_dropped(diag), 0);
}

static void the_example_of_the_north_star_is_valid(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    struct arena *arena = arena_new();
    struct spec *spec = spec_load(GOOD "/north-star.yaml", diag);
    assert_non_null(spec);
    const struct plan *plan = plan_new(spec, 1, arena, diag);
    assert_int_equal(diag_errors(diag), 0);
    assert_non_null(plan);
    assert_int_equal(plan->endpoint_count, 100);
    assert_ptr_equal(plan->registrars[0].transport, transport_find("tls"));
    assert_string_equal(plan->registrars[0].host, "sbc.example.com");
    assert_int_equal(plan->registrars[0].port, 5061);
    assert_string_equal(plan->groups[1].codecs[0]->name, "opus");
    assert_int_equal(plan->tag_count, 2);
    assert_true(plan->thresholds[4].warn);
    spec_free(spec);
    arena_free(arena);
    diag_free(diag);
}

static void what_cannot_run_yet_is_an_error_for_a_run(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    struct spec *spec = spec_load(TEST_DATA "/../specs/bad/not-yet.yaml", diag);
    assert_int_equal(diag_errors(diag), 0);
    assert_true(diag_warnings(diag) > 0);
    diag_promote_code(diag, "not-yet");
    assert_int_equal(diag_warnings(diag), 0);
    assert_int_equal(diag_errors(diag), diag_count(diag));
    spec_free(spec);
    diag_free(diag);
}

static const struct field *at(const char *path)
{
    char word[64];
    const struct field *field = NULL, *fields = spec_fields;
    for (size_t length; *path; path += length + (path[length] == '.')) {
        length = strcspn(path, ".");
        snprintf(word, sizeof word, "%.*s", (int)length, path);
        field = field_find(fields, word);
        assert_non_null(field);
        fields = field->item ? field->item->fields : field->fields;
    }
    return field;
}

static void codecs_of_the_language_are_the_rows_of_the_table(void **state)
{
    (void)state;
    const struct choice *const *words = at("groups.audio.codecs.name")->choices;
    size_t count = 0;
    for (; words[count]; count++) {
        const struct codec *codec = codec_find(words[count]->word);
        assert_non_null(codec);
        assert_false(words[count]->later);
        assert_true(codec->kind != CODEC_AUDIO || (codec->encode && codec->decode));
    }
    for (size_t i = 0; codecs[i]; i++)
        assert_non_null(field_choice(at("groups.audio.codecs.name"), codecs[i]->name));
}

static void sources_of_the_language_are_the_rows_of_the_table(void **state)
{
    (void)state;
    const struct field *field = at("groups.audio.source.name");
    for (size_t i = 0; field->choices[i]; i++)
        assert_int_equal(field->choices[i]->later, source_find(field->choices[i]->word) == NULL);
    /* A file is written by its path. */
    for (size_t i = 0; sources[i]; i++)
        assert_true(field_choice(field, sources[i]->name) || strcmp(sources[i]->name, "file") == 0);
}

static void assert_step_is_valid(const char *step)
{
    struct text text = {0};
    struct diag *diag = diag_new();
    text_printf(&text,
                "cmtest: 1\nduration: 1m\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 1 }\n"
                "  callers:\n"
                "    registrar: embedded\n"
                "    endpoints: 1\n"
                "    call: agents\n"
                "    scenario: [%s]\n",
                step);
    struct spec *spec =
        spec_parse(GOOD "/step.yaml", text_get(&text), strlen(text_get(&text)), diag);
    assert_non_null(spec);
    assert_only_not_yet(diag);
    assert_int_equal(spec->groups[1].scenario_count, 1);
    spec_free(spec);
    diag_free(diag);
    text_fini(&text);
}

static void the_example_of_each_action_is_a_valid_step(void **state)
{
    (void)state;
    for (size_t i = 0; actions[i]; i++)
        assert_step_is_valid(actions[i]->choice.example);
}

static void the_example_of_each_trigger_is_a_valid_step(void **state)
{
    (void)state;
    for (size_t i = 0; triggers[i]; i++)
        assert_step_is_valid(triggers[i]->choice.example);
}

static void what_triggers_are_caused_by_are_actions(void **state)
{
    (void)state;
    for (size_t i = 0; triggers[i]; i++)
        for (const char *const *cause = triggers[i]->caused_by; cause && *cause; cause++)
            assert_non_null(action_find(*cause));
}

static void arguments_of_a_step_are_kept_as_written(void **state)
{
    (void)state;
    static const char text[] =
        "cmtest: 1\nduration: 1m\ngroups:\n"
        "  phones:\n"
        "    registrar: embedded\n"
        "    endpoints: 2\n"
        "    call: phones\n"
        "    scenario:\n"
        "      - { on: dtmf_received, digit: \"1\", do: update_media, codecs: [pcma, pcmu],\n"
        "          ptime: 30ms, within: 5s, else: hangup, times: 3,\n"
        "          expect: { within: 1s, header: { X-A: { matches: c }, \"X-B;d\": e } } }\n";
    struct diag *diag = diag_new();
    struct spec *spec = spec_parse("step.yaml", text, sizeof text - 1, diag);
    assert_only_not_yet(diag);
    const struct spec_step *step = &spec->groups[0].scenario[0];
    static const char *const wanted[][2] = {
        {"digit", "1"}, {"codecs", "pcma"}, {"codecs", "pcmu"}, {"ptime", "30ms"}};
    assert_int_equal(step->arguments_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(step->arguments[i].key, wanted[i][0]);
        assert_string_equal(step->arguments[i].value, wanted[i][1]);
    }
    assert_string_equal(step->otherwise.action, "hangup");
    assert_string_equal(step->times, "3");
    assert_int_equal(step->expect.within_ns, INT64_C(1000000000));
    assert_string_equal(step->expect.header[0].matches, "c");
    assert_string_equal(step->expect.header[1].path, "X-B;d");
    assert_string_equal(step->expect.header[1].equals, "e");
    spec_free(spec);
    diag_free(diag);
}

SPECIFICATION(cmocka_unit_test(the_example_of_the_north_star_is_valid),
              cmocka_unit_test(what_cannot_run_yet_is_an_error_for_a_run),
              cmocka_unit_test(codecs_of_the_language_are_the_rows_of_the_table),
              cmocka_unit_test(sources_of_the_language_are_the_rows_of_the_table),
              cmocka_unit_test(the_example_of_each_action_is_a_valid_step),
              cmocka_unit_test(the_example_of_each_trigger_is_a_valid_step),
              cmocka_unit_test(what_triggers_are_caused_by_are_actions),
              cmocka_unit_test(arguments_of_a_step_are_kept_as_written))
