#include "support/specification.h"

#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#define GOLDEN_FOLDER "plans"
#include "cmtest/plan_report.h"
#include "golden.h"

static const struct machine machine = {
    .cpus = 2, .descriptors = 20000, .memory = UINT64_C(8) << 30};

static const char gate[] =
    "cmtest: 1\n"
    "name: Gate\n"
    "registrars:\n"
    "  pbx:\n"
    "    domain: telephones.example.com\n"
    "    server: \"[2001:db8::1]:5070\"\n"
    "    transport: tcp\n"
    "    accounts: [{ username: alice, password: Hush }, { username: bob, password: Hush }]\n"
    "groups:\n"
    "  agents: { registrar: embedded, endpoints: 12, answer: { ring: 2s } }\n"
    "  callers: { registrar: embedded, endpoints: 12, call: agents, audio: { codecs: [pcmu] } }\n"
    "  outside: { registrar: pbx, endpoints: 1, call: \"sip:echo@telephones.example.com\" }\n"
    "  waiters:\n"
    "    registrar: pbx\n"
    "    endpoints: 1\n"
    "    audio: { codecs: [pcma], security: { mode: dual, policy: optional }, rtcp_mux: true }\n"
    "buildup: 13s\n"
    "duration: 1m\n";

static const char steps[] =
    "cmtest: 1\n"
    "name: Steps\n"
    "groups:\n"
    "  agents:\n"
    "    registrar: embedded\n"
    "    endpoints: 1\n"
    "    scenario:\n"
    "      - { at: 1s, from: ringing, do: send_info, body: \"please wait\" }\n"
    "      - { at: 3s, do: send_message, body: hello }\n"
    "  callers:\n"
    "    registrar: embedded\n"
    "    endpoints: 1\n"
    "    call: agents\n"
    "    audio: { codecs: [pcma, pcmu, telephone-event] }\n"
    "    scenario:\n"
    "      - { name: hold, at: 1s, do: hold, method: inactive,\n"
    "          expect: { within: 1s, status: 200, direction: sendonly } }\n"
    "      - { name: pause, after: hold, do: wait, length: 1500ms }\n"
    "      - { after: pause, do: update_media, codecs: [pcmu, pcma], expect: { codec: pcmu } }\n"
    "      - { at: 0s, do: send_dtmf, digits: \"42#\", tone: 80ms }\n"
    "      - { on: message_received, times: 3, do: options }\n"
    "      - { on: info_received, times: always, do: send_info, body: \"ab\" }\n"
    "      - { on: bye_received, within: 8s, do: reregister, else: hangup }\n"
    "duration: 10s\n";

static const char huge[] = "cmtest: 1\n"
                           "name: Huge\n"
                           "groups:\n"
                           "  agents: { registrar: embedded, endpoints: 30000 }\n"
                           "  callers: { registrar: embedded, endpoints: 30000, call: agents }\n"
                           "duration: 1h\n";

struct written {
    struct arena *arena;
    struct diag *diag;
    struct spec *specs[2];
    struct plan_case cases[2];
    struct text out;
};

static void add(struct written *w, size_t index, size_t count, const char *text)
{
    struct spec *spec = spec_parse("gate.yaml", text, strlen(text), w->diag);
    const struct plan *plan = plan_new(spec, 42, w->arena, w->diag);
    assert_non_null(plan);
    w->specs[index] = spec;
    w->cases[index] =
        (struct plan_case){index, count, false, spec, plan, estimate_new(plan, &machine, w->arena)};
}

static void write(struct written *w, const char *format, const struct plan_page *page,
                  const char *first, const char *second)
{
    size_t count = second ? 2 : 1;
    *w = (struct written){.arena = arena_new(), .diag = diag_new()};
    add(w, 0, count, first);
    if (second)
        add(w, 1, count, second);
    for (size_t i = 0; i < count; i++)
        plan_format_find(format)->write(&w->cases[i], page, &w->out);
}

static void written_fini(struct written *w)
{
    text_fini(&w->out);
    for (size_t i = 0; i < 2; i++)
        spec_free(w->specs[i]);
    arena_free(w->arena);
    diag_free(w->diag);
}

static void assert_as_golden(const char *name, const char *format, const struct plan_page *page,
                             const char *spec)
{
    struct written w;
    write(&w, format, page, spec, NULL);
    assert_golden(name, text_get(&w.out), w.out.length);
    written_fini(&w);
}

static void text_is_as_the_golden_file(void **state)
{
    (void)state;
    assert_as_golden("gate.txt", "text", &(struct plan_page){.width = 80, .symbols = true}, gate);
    assert_as_golden("gate-120.txt", "text", &(struct plan_page){.width = 120, .all = true}, gate);
    assert_as_golden("huge.txt", "text", &(struct plan_page){.width = 80, .symbols = true}, huge);
}

/* The page of one part, which ends with an empty line. */
static void a_scenario_is_told_step_by_step(void **state)
{
    struct written w;
    (void)state;
    write(&w, "text", &(struct plan_page){.width = 80}, steps, NULL);
    const char *from = strstr(text_get(&w.out), "Scenario of agents\n");
    assert_non_null(from);
    const char *end = strstr(from, "\nEndpoints");
    assert_non_null(end);
    assert_golden("steps.txt", from, (size_t)(end - from) + 1);
    written_fini(&w);
}

static void what_is_expected_of_calls_is_told(void **state)
{
    struct written w;
    static const char spec[] =
        "cmtest: 1\n"
        "name: End\n"
        "groups:\n"
        "  agents: { registrar: embedded, endpoints: 1, answer: { reject: 486 } }\n"
        "  callers: { registrar: embedded, endpoints: 1, call: agents,\n"
        "             expect: { outcome: call_failed, status: 486 } }\n"
        "duration: 1s\n";
    (void)state;
    write(&w, "text", &(struct plan_page){.width = 80}, spec, NULL);
    assert_non_null(strstr(text_get(&w.out),
                           "  callers: expected of each call: call_failed with status 486\n"));
    assert_null(strstr(text_get(&w.out), "agents: expected of"));
    written_fini(&w);
}

static void each_step_is_in_the_json_as_in_the_spec(void **state)
{
    struct written w;
    (void)state;
    write(&w, "json", &(struct plan_page){0}, steps, NULL);
    json_t *root = json_loads(text_get(&w.out), 0, NULL);
    json_t *list = json_object_get(
        json_array_get(json_object_get(json_array_get(json_object_get(root, "cases"), 0), "groups"),
                       1),
        "scenario");
    assert_int_equal(json_array_size(list), 7);
    json_t *hold = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(hold, "trigger")), "at 1 s");
    assert_string_equal(json_string_value(json_object_get(hold, "expected")),
                        "status 200, sendonly within 1 s");
    assert_true(json_is_null(json_object_get(json_array_get(list, 3), "expected")));
    json_decref(root);
    written_fini(&w);
}

static void json_is_as_the_golden_file(void **state)
{
    (void)state;
    assert_as_golden("gate.json", "json", &(struct plan_page){0}, gate);
}

static size_t widest(const char *text)
{
    size_t most = 0, columns = 0;
    for (; *text; text++) {
        columns = *text == '\n' ? 0 : columns + (((unsigned char)*text & 0xc0) != 0x80);
        most = columns > most ? columns : most;
    }
    return most;
}

static void no_line_is_wider_than_the_page(void **state)
{
    (void)state;
    for (unsigned width = 72; width <= 140; width++) {
        struct written w;
        write(&w, "text", &(struct plan_page){.width = width}, gate, NULL);
        assert_in_range(widest(text_get(&w.out)), 1, width);
        written_fini(&w);
    }
}

static void no_password_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; plan_formats[i]; i++) {
        struct written w;
        write(&w, plan_formats[i]->name, &(struct plan_page){.width = 80, .all = true}, gate, NULL);
        assert_null(strstr(text_get(&w.out), "Hush"));
        assert_non_null(strstr(text_get(&w.out), "alice"));
        for (size_t a = 0; a < w.cases[0].plan->registrars[1].account_count; a++)
            assert_null(
                strstr(text_get(&w.out), w.cases[0].plan->registrars[1].accounts[a].password));
        written_fini(&w);
    }
}

static void several_cases_are_one_json_document(void **state)
{
    struct written w;
    json_error_t error;
    (void)state;
    write(&w, "json", &(struct plan_page){0}, gate, huge);
    json_t *root = json_loadb(text_get(&w.out), w.out.length, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    const json_t *cases = json_object_get(root, "cases");
    assert_string_equal(json_string_value(json_object_get(root, "format")), "cmtest-plan/1");
    assert_int_equal(json_array_size(cases), 2);
    const json_t *second = json_array_get(cases, 1);
    assert_string_equal(json_string_value(json_object_get(second, "name")), "Huge");
    assert_string_equal(json_string_value(json_object_get(second, "verdict")), "does not fit");
    assert_int_equal(json_array_size(json_object_get(second, "endpoints")), 60000);
    json_decref(root);
    written_fini(&w);
}

static void several_cases_are_shown_one_after_the_other(void **state)
{
    struct written w;
    (void)state;
    write(&w, "text", &(struct plan_page){.width = 80}, gate, huge);
    const char *gate_at = strstr(text_get(&w.out), "\nGate\n");
    assert_non_null(gate_at);
    assert_non_null(strstr(gate_at, "\nFITS\n"));
    assert_non_null(strstr(gate_at, "\nHuge\n"));
    assert_non_null(strstr(gate_at, "\nDOES NOT FIT\n"));
    written_fini(&w);
}

/* ---- what the yaml format writes is a spec with the same plan ----------------------------------
 */

/* Each case as JSON and as YAML. */
struct round {
    unsigned count;
    struct text json[64], yaml[64];
};

static void round_fini(struct round *round)
{
    for (unsigned i = 0; i < round->count; i++) {
        text_fini(&round->json[i]);
        text_fini(&round->yaml[i]);
    }
}

static bool go_round(const char *path, struct spec_cases cases, struct diag *diag,
                     struct round *round)
{
    struct arena *arena = arena_new();
    *round = (struct round){.count = cases.count};
    assert_in_range(cases.count, 0, sizeof round->yaml / sizeof *round->yaml);
    for (unsigned i = 0; i < cases.count; i++) {
        cases.specs[i]->case_name = NULL; /* which the matrix gives, and that is gone */
        const struct plan *plan = plan_new(cases.specs[i], 42, arena, diag);
        if (!plan)
            break;
        struct plan_case each = {
            0, 1, false, cases.specs[i], plan, estimate_new(plan, &machine, arena)};
        plan_format_find("json")->write(&each, &(struct plan_page){0}, &round->json[i]);
        plan_format_find("yaml")->write(&each, &(struct plan_page){0}, &round->yaml[i]);
    }
    if (diag_errors(diag)) {
        struct text out = {0};
        diag_print(diag, &out, false);
        print_error("%s: %s\n", path, text_get(&out));
        text_fini(&out);
    }
    arena_free(arena);
    return cases.count && !diag_errors(diag);
}

static void assert_round(const char *path)
{
    struct diag *diag = diag_new();
    struct round first, second;
    struct spec_cases cases = spec_load_cases(path, NULL, 0, diag);
    assert_true(go_round(path, cases, diag, &first));
    spec_cases_free(&cases);
    for (unsigned i = 0; i < first.count; i++) {
        const struct text *yaml = &first.yaml[i];
        cases = spec_parse_cases(path, text_get(yaml), yaml->length, NULL, 0, diag);
        if (!go_round(path, cases, diag, &second))
            fail_msg("%s", text_get(yaml));
        assert_string_equal(text_get(&second.yaml[0]), text_get(yaml));
        assert_string_equal(text_get(&second.json[0]), text_get(&first.json[i]));
        round_fini(&second);
        spec_cases_free(&cases);
    }
    round_fini(&first);
    diag_free(diag);
}

static void every_example_comes_back_from_yaml_as_the_same_plan(void **state)
{
    glob_t found;
    (void)state;
    assert_int_equal(glob(TEST_DATA "/../../examples/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        assert_round(found.gl_pathv[i]);
    globfree(&found);
}

SPECIFICATION(cmocka_unit_test(every_example_comes_back_from_yaml_as_the_same_plan),
              cmocka_unit_test(text_is_as_the_golden_file),
              cmocka_unit_test(a_scenario_is_told_step_by_step),
              cmocka_unit_test(what_is_expected_of_calls_is_told),
              cmocka_unit_test(each_step_is_in_the_json_as_in_the_spec),
              cmocka_unit_test(json_is_as_the_golden_file),
              cmocka_unit_test(no_line_is_wider_than_the_page),
              cmocka_unit_test(no_password_is_shown),
              cmocka_unit_test(several_cases_are_one_json_document),
              cmocka_unit_test(several_cases_are_shown_one_after_the_other))
