/* What is kept of the messages of calls that fail, from the sockets to the collector. */
#include "support/whole_run.h"
#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ENDPOINTS 4
#define MESSAGES 64

struct kept {
    struct event_message told[MESSAGES]; /* by EVENT_MESSAGE */
    int64_t told_ns[MESSAGES];
    unsigned told_count;
    struct text traced[MESSAGES]; /* by EVENT_TRACE, put together */
    int64_t traced_ns[MESSAGES];
    uint32_t totals[MESSAGES];
    unsigned traced_count;
    bool closed;
};

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct plan *plan;
    struct result *result;
    struct kept kept[ENDPOINTS];
};

static void take_trace(struct kept *kept, const struct event *event)
{
    const struct event_trace *piece = &event->trace;
    assert_true(kept->closed);
    assert_true(piece->message < MESSAGES);
    assert_int_equal(piece->dropped, 0);
    struct text *text = &kept->traced[piece->message];
    assert_int_equal(text->length, piece->offset);
    text_add_bytes(text, piece->bytes, piece->length);
    kept->totals[piece->message] = piece->total;
    kept->traced_ns[piece->message] = event->at_ns;
    kept->traced_count = piece->message + 1;
}

static void take_event(void *to, const struct event *event)
{
    struct scene *scene = to;
    if (event->endpoint >= ENDPOINTS)
        return;
    struct kept *kept = &scene->kept[event->endpoint];
    if (event->kind == EVENT_MESSAGE) {
        assert_true(kept->told_count < MESSAGES);
        kept->told_ns[kept->told_count] = event->at_ns;
        kept->told[kept->told_count++] = event->message;
    } else if (event->kind == EVENT_OUTCOME) {
        kept->closed = true;
    } else if (event->kind == EVENT_TRACE) {
        take_trace(kept, event);
    }
}

static void run(struct scene *scene, const char *answer)
{
    struct text yaml = {0};
    text_printf(&yaml,
                "cmtest: 1\nname: evidence\ngroups:\n"
                "  callees: { registrar: embedded, endpoints: 2%s }\n"
                "  callers: { registrar: embedded, endpoints: 2, call: callees }\n"
                "buildup: 100ms\nduration: 1s\nthresholds: [registration.success_rate >= 100%%]\n",
                answer);
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    struct spec *spec = spec_parse("evidence.yaml", text_get(&yaml), yaml.length, scene->diag);
    scene->plan = spec ? plan_new(spec, 1, scene->arena, scene->diag) : NULL;
    assert_non_null(scene->plan);
    struct execution_watch watch = {.event = take_event, .to = scene};
    scene->result = run_here(scene->plan, &watch);
    assert_string_equal(scene->result->error, "");
    spec_free(spec);
    text_fini(&yaml);
}

static void clean(struct scene *scene)
{
    for (int i = 0; i < ENDPOINTS; i++)
        for (int j = 0; j < MESSAGES; j++)
            text_fini(&scene->kept[i].traced[j]);
    result_free(scene->result);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

/* Every line of a message with credentials is hidden behind its scheme. */
static unsigned masked_lines(const char *message)
{
    unsigned count = 0;
    for (const char *line = message; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *value = strcasestr(line, "authorization: Digest ");
        if (!value || value > line + 6)
            continue;
        value += strlen("authorization: Digest ");
        assert_int_equal(strspn(value, "* "), strcspn(value, "\r\n"));
        count++;
    }
    return count;
}

/* Both tell the same story: the same messages, at the same time, whole. */
static void check_endpoint(const struct kept *kept, bool caller)
{
    unsigned masked = 0, invites = 0, acks = 0, busy = 0;
    /* What is repeated after its end is traced only. */
    assert_true(kept->traced_count >= kept->told_count);
    for (unsigned i = 0; i < kept->told_count; i++) {
        const struct event_message *told = &kept->told[i];
        const char *message = text_get(&kept->traced[i]);
        char start[96];
        assert_int_equal(kept->traced[i].length, kept->totals[i]);
        assert_int_equal(kept->totals[i], told->length);
        assert_int_equal(kept->traced_ns[i], kept->told_ns[i]);
        if (told->status)
            snprintf(start, sizeof start, "SIP/2.0 %u %s\r\n", told->status, told->reason);
        else
            snprintf(start, sizeof start, "%s ", told->method);
        assert_memory_equal(message, start, strlen(start));
        assert_non_null(strstr(message, told->call_id));
        assert_true(told->local[0] && told->remote[0]);
        masked += masked_lines(message);
        assert_null(strstr(message, "response="));
        if (told->repeated)
            continue;
        invites += !told->status && strcmp(told->method, "INVITE") == 0;
        acks += strcmp(told->method, "ACK") == 0 && told->sent == caller;
        busy += told->status == 486 && told->sent == !caller;
    }
    assert_true(masked >= 2); /* of the registration, and of its end */
    assert_true(invites >= 1);
    assert_int_equal(busy, 1);
    assert_int_equal(acks, caller ? 2 : 1); /* a caller also acknowledges the 407 */
    assert_string_equal(kept->told[0].method, "REGISTER");
    assert_true(kept->told[0].sent);
}

static void a_refused_call_leaves_the_messages_of_both_ends(void **state)
{
    (void)state;
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    run(scene, ", answer: { reject: 486 }");
    for (uint32_t id = 0; id < ENDPOINTS; id++)
        check_endpoint(&scene->kept[id], scene->plan->endpoints[id].caller);
    clean(scene);
    free(scene);
}

static void a_call_that_went_well_leaves_none(void **state)
{
    (void)state;
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    run(scene, "");
    for (int id = 0; id < ENDPOINTS; id++) {
        assert_true(scene->kept[id].told_count > 8);
        assert_int_equal(scene->kept[id].traced_count, 0);
    }
    clean(scene);
    free(scene);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(a_refused_call_leaves_the_messages_of_both_ends),
                           cmocka_unit_test(a_call_that_went_well_leaves_none))
