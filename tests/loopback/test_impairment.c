/* Calls through networks that are bad on purpose, in both directions and on both sides, from spec
 * to result: what one side did is what the other one measured. */
#include "support/whole_run.h"

#include "cmtest/emodel.h"
#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"
#include "media/near.h"

#include <string.h>

#define LOSS 10 /* percent, of every: 10 */
#define ENDPOINTS 8
/* Packets of 10 ms on their way, or in a queue, when a call ends. */
#define TAIL_MAX 50

static const char specification[] =
    "cmtest: 1\n"
    "defaults: { registrar: embedded, endpoints: 2 }\n"
    "groups:\n"
    "  g711_agents:\n"
    "    audio: { codecs: [pcma], ptime: 10ms }\n"
    "    impair: { send: { loss: 10%, burst: 3, duplicate: 10% }, receive: { every: 10 } }\n"
    "  g711_callers:\n"
    "    audio: { codecs: [pcma], ptime: 10ms }\n"
    "    call: g711_agents\n"
    "    impair: { receive: { loss: 5%, delay: 40ms, jitter: 8ms, reorder: 2% } }\n"
    "  opus_agents:\n"
    "    audio: { codecs: [opus], ptime: 10ms, playout: { mode: fixed, nominal: 250ms } }\n"
    "    impair: { delay: 20ms }\n"
    "  opus_callers:\n"
    "    audio: { codecs: [opus], ptime: 10ms, playout: { mode: fixed, nominal: 250ms } }\n"
    "    call: opus_agents\n"
    "    impair: { send: { every: 10, delay: 30ms }, receive: 20% }\n"
    "duration: 11s\n"
    "thresholds: [endpoints.success_rate >= 100%]\n";

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    struct result *result;
    volatile sig_atomic_t interrupts;
    double mos_sum[ENDPOINTS]; /* of what each received, by time */
    double mos_seconds[ENDPOINTS];
    double rtt_ms[ENDPOINTS]; /* the shortest that each measured; 0: none */
};

/* The first second begins before the first packet can be there, and the last one is a rest. */
static void watch(void *to, const struct event *event)
{
    struct scene *scene = to;
    const struct event_second *second = &event->second;
    if (event->kind != EVENT_SECOND || second->direction != DIRECTION_RECEIVE || !second->second ||
        !event_second_is_sample(second))
        return;
    assert_true(event->endpoint < ENDPOINTS);
    double *rtt_ms = &scene->rtt_ms[event->endpoint], value;
    if (second_get(second, READING_RTT, &value) && (!*rtt_ms || value < *rtt_ms))
        *rtt_ms = value;
    scene->mos_sum[event->endpoint] += second->value[READING_MOS] * second->length_ms / 1e3;
    scene->mos_seconds[event->endpoint] += second->length_ms / 1e3;
}

static const struct result *run(struct scene *scene, const char *text)
{
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    scene->spec = spec_parse("impairment.yaml", text, strlen(text), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_count(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    assert_int_equal(scene->result->verdict, VERDICT_PASS);
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

/* What comes out of it, of what goes in. */
static uint64_t through(const struct event_impairment *impaired)
{
    assert_int_equal(impaired->overflowed, 0);
    return impaired->packets - impaired->lost + impaired->duplicated - impaired->waiting;
}

/* With second copies at both ends one of them may wait, too; not here, where those have no delay.
 */
static void follow(const struct event_call *from, const struct event_call *to, bool hangs_up)
{
    const struct event_impairment *ways[] = {&from->impaired[DIRECTION_SEND],
                                             &to->impaired[DIRECTION_RECEIVE]};
    int64_t missing = (int64_t)to->replays;
    assert_true(from->packets_sent > 1000);
    /* What a network copies of encrypted packets are replays to who has the keys. */
    uint64_t packets = from->packets_sent;
    if (ways[0]->known) {
        assert_int_equal(ways[0]->packets, packets);
        packets = through(ways[0]);
    }
    packets -= to->replays;
    uint64_t arrived = ways[1]->known ? ways[1]->packets : to->packets_received;
    if (ways[1]->known)
        assert_int_equal(to->packets_received, through(ways[1]));
    /* Who hangs up is gone when the last packets arrive; how many those are, is a matter of how
     * fast the other one has its BYE. Media has a thread of its own: one more may follow a BYE. */
    uint64_t after = packets - arrived;
    assert_in_range(after, 0, hangs_up ? TAIL_MAX : 2);
    missing += (int64_t)after;
    for (int i = 0; i < 2; i++)
        if (ways[i]->known)
            missing += (int64_t)(ways[i]->lost + ways[i]->waiting) - (int64_t)ways[i]->duplicated;
    /* As RFC 3550 counts; but what was lost before the first packet that came, and behind the last
     * one, nobody can know. */
    int64_t unknown = (int64_t)(from->packets_sent - to->packets_expected);
    assert_in_range(unknown, ways[0]->duplicated ? 0 : after, hangs_up ? TAIL_MAX : 12);
    assert_int_equal(to->packets_lost, missing - unknown);
    /* And as it is, however many copies came; of two ways the second may lose what the first
     * copied. */
    if (ways[0]->known && ways[1]->known)
        return;
    const struct event_impairment *way = ways[!ways[0]->known];
    if (!way->duplicated || !way->waiting)
        assert_int_equal(to->packets_missing,
                         (int64_t)(way->lost + way->waiting + after) - unknown);
}

static void check_mos(const struct scene *scene, uint32_t id, const char *codec)
{
    const struct codec_quality *quality = &codec_find(codec)->concealed;
    const struct emodel_input input = {.scale = quality->scale,
                                       .ie = quality->ie,
                                       .bpl = quality->bpl,
                                       .loss = LOSS,
                                       .burst_r = 1};
    assert_true(scene->mos_seconds[id] >= 9);
    assert_near(scene->mos_sum[id] / scene->mos_seconds[id],
                emodel_mos(quality->scale, emodel_r(&input)), .02);
}

/* Delays of both directions on both sides: a round trip, from either. */
static void check_round_trips(const struct scene *scene)
{
    const struct plan *plan = scene->plan;
    for (uint32_t id = 0; id < plan->endpoint_count; id++) {
        bool opus = plan->endpoints[id].group >= 2;
        double least = opus ? 20 + 20 + 30 : 40, jitter = opus ? 0 : 2 * 8;
        assert_true(scene->rtt_ms[id] > least - 1);
        assert_true(scene->rtt_ms[id] < least + jitter + 3);
    }
}

static void check_run(const char *text, bool secured)
{
    struct scene scene;
    const struct result *result = run(&scene, text);
    for (uint32_t id = 0; id < result->roster->endpoint_count; id++) {
        const struct event_call *own = &result->endpoints[id].call;
        assert_int_equal(result->endpoints[id].outcome.outcome, OUTCOME_SUCCESS);
        assert_int_equal(own->secured, secured);
        assert_int_equal(own->auth_failures, 0);
        follow(own, &result->endpoints[result_partner(result, id)].call,
               !scene.plan->endpoints[id].caller);
    }
    for (uint32_t i = 0; i < 2; i++) {
        check_mos(&scene, scene.plan->groups[0].first + i, "pcma");
        check_mos(&scene, scene.plan->groups[2].first + i, "opus");
    }
    check_round_trips(&scene);
    clean(&scene);
}

static void both_sides_measure_what_was_done_in_both_directions(void **state)
{
    (void)state;
    check_run(specification, false);
}

static void encryption_changes_nothing_of_what_is_measured(void **state)
{
    (void)state;
    static const char key[] = "ptime: 10ms";
    struct text text = {0};
    const char *at = specification, *next;
    for (; (next = strstr(at, key)); at = next + sizeof key - 1)
        text_printf(&text, "%.*s%s, security: sdes", (int)(next - at), at, key);
    text_add(&text, at);
    check_run(text_get(&text), true);
    text_fini(&text);
}

/* Of a group, by direction; loss and burst are chances of Gilbert and Elliott in the plan. */
static void a_plan_has_what_the_spec_says(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct diag *diag = diag_new();
    struct spec *spec =
        spec_parse("impairment.yaml", specification, sizeof specification - 1, diag);
    const struct plan *plan = plan_new(spec, 1, arena, diag);
    assert_non_null(plan);
    const struct impairment_config *send = plan->groups[0].impair[DIRECTION_SEND];
    const struct impairment_config *receive = plan->groups[0].impair[DIRECTION_RECEIVE];
    /* A burst of 3 and 27 good packets: a tenth of all. */
    assert_near(send->burst.leave, 100. / 3, 1e-9);
    assert_near(send->burst.enter, 100. / 27, 1e-9);
    assert_near(send->burst.loss_bad, 100, 0);
    assert_near(send->loss, 0, 0);
    assert_near(send->duplicate, 10, 0);
    assert_int_equal(receive->loss_every, 10);
    assert_null(plan->groups[1].impair[DIRECTION_SEND]);
    receive = plan->groups[1].impair[DIRECTION_RECEIVE];
    assert_true(receive->keep_order);
    assert_int_equal(receive->delay_ns, 40 * NS_PER_MS);
    assert_int_equal(receive->jitter_ns, 8 * NS_PER_MS);
    assert_int_equal(receive->distance, 1);
    assert_int_equal(plan->groups[2].impair[DIRECTION_SEND]->delay_ns, 20 * NS_PER_MS);
    assert_int_equal(plan->groups[2].impair[DIRECTION_RECEIVE]->delay_ns, 20 * NS_PER_MS);
    assert_near(plan->groups[3].impair[DIRECTION_RECEIVE]->loss, 20, 0);
    spec_free(spec);
    diag_free(diag);
    arena_free(arena);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(both_sides_measure_what_was_done_in_both_directions),
                           cmocka_unit_test(encryption_changes_nothing_of_what_is_measured),
                           cmocka_unit_test(a_plan_has_what_the_spec_says))
