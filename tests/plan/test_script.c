/* Steps as the plan has them. */
#include "support/specification.h"
#include "cmtest/plan.h"

#include <stdio.h>
#include <string.h>

struct built {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
};

#define MS INT64_C(1000000)
#define SPEC(steps)                                                 \
    "cmtest: 1\ngroups:\n"                                          \
    "  agents: { registrar: embedded, endpoints: 1,"                \
    "            audio: { codecs: [pcma, telephone-event] } }\n"    \
    "  callers: { registrar: embedded, endpoints: 1, call: agents," \
    "             audio: { codecs: [pcma, telephone-event] },\n"    \
    "             scenario: [" steps "] }\nduration: 60s\n"

static void build(struct built *built, const char *yaml)
{
    *built = (struct built){.arena = arena_new(), .diag = diag_new()};
    built->spec = spec_parse("script.yaml", yaml, strlen(yaml), built->diag);
    built->plan = built->spec ? plan_new(built->spec, 1, built->arena, built->diag) : NULL;
}

static const struct step *steps_of(const struct built *built, size_t count)
{
    if (!built->plan) {
        struct text out = {0};
        diag_print(built->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    assert_int_equal(built->plan->groups[1].script.count, count);
    return built->plan->groups[1].script.steps;
}

static void clean(struct built *built)
{
    spec_free(built->spec);
    diag_free(built->diag);
    arena_free(built->arena);
}

static void times_events_and_order_have_their_names_resolved(void **state)
{
    (void)state;
    struct built built;
    build(&built, SPEC("{ name: a, at: 1500ms, do: hold },"
                       "{ at: 2s, from: registration, do: reregister },"
                       "{ on: session_timer_refreshed, times: always, do: refresh_session },"
                       "{ on: ringing, times: 3, within: 4s, do: wait, length: 1m, else: hangup },"
                       "{ after: a, do: resume, expect: { within: 1s, status: 200 } }"));
    const struct step *steps = steps_of(&built, 5);
    assert_int_equal(steps[0].when, STEP_AT);
    assert_int_equal(steps[0].at_ns, 1500 * MS);
    assert_int_equal(steps[0].from, OCCURRED_ANSWERED);
    assert_ptr_equal(steps[0].action, action_find("hold"));
    assert_int_equal(steps[1].from, OCCURRED_REGISTERING);
    assert_int_equal(steps[2].when, STEP_ON);
    assert_int_equal(steps[2].times, 0);
    assert_int_equal(steps[3].times, 3);
    assert_int_equal(steps[3].within_ns, 4000 * MS);
    assert_int_equal(step_duration(&steps[3], "length", 0), 60000 * MS);
    assert_ptr_equal(steps[3].otherwise->action, action_find("hangup"));
    assert_int_equal(steps[4].when, STEP_AFTER);
    assert_int_equal(steps[4].after, 0);
    assert_int_equal(steps[4].expect.status, 200);
    assert_true(plan_may_leave(&built.plan->groups[1]));
    assert_false(plan_may_leave(&built.plan->groups[0]));
    clean(&built);
}

static void lists_of_arguments_stay_in_order(void **state)
{
    (void)state;
    struct built built;
    build(&built, SPEC("{ at: 1s, do: update_media, codecs: [pcma, telephone-event] }"));
    const struct step *steps = steps_of(&built, 1);
    assert_string_equal(step_text_at(&steps[0], "codecs", 0), "pcma");
    assert_string_equal(step_text_at(&steps[0], "codecs", 1), "telephone-event");
    assert_null(step_text_at(&steps[0], "codecs", 2));
    clean(&built);
}

static void a_codec_that_the_group_has_not_cannot_be_offered_later(void **state)
{
    (void)state;
    struct built built;
    build(&built, SPEC("{ at: 1s, do: update_media, codecs: [pcmu] }"));
    assert_null(built.plan);
    assert_int_equal(diag_errors(built.diag), 1);
    assert_string_equal(diag_get(built.diag, 0)->code, "unknown-codec");
    assert_string_equal(diag_get(built.diag, 0)->message,
                        "\"pcmu\" is not one of the codecs of callers");
    clean(&built);
}

#define TALK(agents, callers)                                                            \
    "cmtest: 1\ngroups:\n"                                                               \
    "  agents: { registrar: embedded, endpoints: 1,"                                     \
    "            audio: { codecs: [pcma, telephone-event] }, scenario: [" agents "] }\n" \
    "  desks: { registrar: embedded, endpoints: 1 }\n"                                   \
    "  callers: { registrar: embedded, endpoints: 1, call: agents,"                      \
    "             audio: { codecs: [pcma, telephone-event] },"                           \
    "             scenario: [" callers "] }\nduration: 60s\n"

static void digits_that_are_waited_for_may_come_from_several_steps(void **state)
{
    (void)state;
    static const char waits[] = "{ on: dtmf_received, digit: \"42a#\", do: hangup }";
    static const struct {
        const char *yaml;
        bool good;
    } cases[] = {
        {TALK(
             "{ at: 1s, do: send_dtmf, digits: \"42A\" }, { at: 2s, do: send_dtmf, digits: \"#\" }",
             "%s"),
         true},
        {TALK("{ at: 1s, do: send_dtmf, digits: \"42A\" }, { on: info_received, within: 3s,"
              "  do: wait, length: 1s, else: { do: send_dtmf, digits: \"#\" } }",
              "%s, { at: 1s, do: send_info }"),
         true},
        {TALK("{ at: 1s, do: send_dtmf, digits: \"42\" }, { at: 2s, do: send_dtmf, digits: \"#\" }",
              "%s"),
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        char yaml[2048];
        snprintf(yaml, sizeof yaml, cases[i].yaml, waits);
        build(&built, yaml);
        if ((built.plan != NULL) != cases[i].good)
            fail_msg("case %zu", i);
        if (!cases[i].good)
            assert_string_equal(diag_get(built.diag, 0)->code, "event-never-happens");
        clean(&built);
    }
}

static void steps_that_mean_others_mean_somebody(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *code; /* NULL: all is well */
    } cases[] = {
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: transfer, to: desks }"), NULL},
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: transfer, to: \"sip:1@example.com\" }"),
         NULL},
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: transfer, to: desk }"), "unknown-group"},
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: transfer, to: \"sip:\" }"), "bad-uri"},
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: transfer, to: agents }"),
         "transfer-to-a-busy-group"},
        {TALK("{ on: ringing, do: redirect, to: \"sip:\" }", "{ at: 1s, do: options }"), "bad-uri"},
        {TALK("{ on: signal_received, signal: go, do: hold }", "{ at: 1s, do: signal, send: go }"),
         NULL},
        {TALK("{ on: signal_received, signal: go, do: hold }",
              "{ at: 1s, do: signal, send: go, to: agents }"),
         NULL},
        {TALK("{ on: signal_received, signal: go, do: hold }",
              "{ at: 1s, do: signal, send: go, to: desks }"),
         "event-never-happens"},
        {TALK("{ on: signal_received, signal: go, do: hold }", "{ at: 1s, do: signal, send: off }"),
         "event-never-happens"},
        {TALK("{ at: 1s, do: options }", "{ at: 1s, do: signal, send: go, to: agent }"),
         "unknown-group"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].yaml);
        if ((built.plan != NULL) != !cases[i].code ||
            (cases[i].code && strcmp(diag_get(built.diag, 0)->code, cases[i].code) != 0))
            fail_msg("case %zu: %s", i,
                     diag_count(built.diag) ? diag_get(built.diag, 0)->message : "no error");
        clean(&built);
    }
}

static void nobody_outside_hears_a_signal(void **state)
{
    (void)state;
    struct built built;
    build(&built, "cmtest: 1\ngroups:\n"
                  "  callers: { registrar: embedded, endpoints: 1, call: \"sip:1@example.com\","
                  "             scenario: [{ at: 1s, do: signal, send: go }] }\nduration: 9s\n");
    assert_null(built.plan);
    assert_string_equal(diag_get(built.diag, 0)->message,
                        "the partner of callers is outside of this spec, so nobody hears the "
                        "signal");
    clean(&built);
}

static void a_caller_waits_as_long_as_a_step_lets_it_ring(void **state)
{
    (void)state;
    struct built built;
    build(&built, TALK("{ at: 40s, from: ringing, do: answer }", "{ at: 1s, do: options }"));
    if (!built.plan)
        fail_msg("%s", diag_get(built.diag, 0)->message);
    assert_true(plan_ring_ns(&built.plan->groups[0]) == 40000 * MS);
    assert_true(built.plan->deadline_ns > 100000 * MS);
    clean(&built);
}

SPECIFICATION(cmocka_unit_test(times_events_and_order_have_their_names_resolved),
              cmocka_unit_test(lists_of_arguments_stay_in_order),
              cmocka_unit_test(digits_that_are_waited_for_may_come_from_several_steps),
              cmocka_unit_test(steps_that_mean_others_mean_somebody),
              cmocka_unit_test(nobody_outside_hears_a_signal),
              cmocka_unit_test(a_caller_waits_as_long_as_a_step_lets_it_ring),
              cmocka_unit_test(a_codec_that_the_group_has_not_cannot_be_offered_later))
