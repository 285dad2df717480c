#include "support/specification.h"

#include "cmtest/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS(n) (INT64_C(1000000000) * (n))

struct fixture {
    struct arena *arena;
    const struct plan *plan;
    const struct estimate *estimate;
};

static const struct machine large = {
    .cpus = 64, .descriptors = 1000000, .memory = UINT64_C(1) << 40};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->arena = arena_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

static const struct estimate *estimate(struct fixture *f, const struct machine *machine,
                                       const char *text)
{
    struct diag *diag = diag_new();
    struct spec *spec = spec_parse("gate.yaml", text, strlen(text), diag);
    f->plan = spec ? plan_new(spec, 42, f->arena, diag) : NULL;
    assert_int_equal(diag_errors(diag), 0);
    assert_non_null(f->plan);
    spec_free(spec);
    diag_free(diag);
    f->estimate = estimate_new(f->plan, machine, f->arena);
    return f->estimate;
}

static void assert_stage(const struct estimate *e, enum stage stage, uint32_t count,
                         int64_t first_ns, int64_t last_ns, double per_second)
{
    assert_int_equal(e->stages[stage].count, count);
    assert_int_equal(e->stages[stage].first_ns, first_ns);
    assert_int_equal(e->stages[stage].last_ns, last_ns);
    assert_true(fabs(e->stages[stage].per_second - per_second) < 1e-9);
}

static void assert_near(double value, double wanted)
{
    if (fabs(value - wanted) > 1e-9 * fabs(wanted))
        fail_msg("%.12g is not %.12g", value, wanted);
}

#define EIGHT                                                                \
    "cmtest: 1\n"                                                            \
    "groups:\n"                                                              \
    "  agents: { registrar: embedded, endpoints: 4, answer: { ring: 2s },\n" \
    "            audio: { codecs: [pcmu, pcma] } }\n"                        \
    "  callers: { registrar: embedded, endpoints: 4, call: agents }\n"       \
    "buildup: 8s\n"

static void the_phases_follow_the_starts(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 10s\n");
    assert_stage(e, STAGE_RECEIVERS, 4, 0, SECONDS(3), 1);
    assert_stage(e, STAGE_CALLERS, 4, SECONDS(4), SECONDS(7), 1);
    assert_stage(e, STAGE_CALLING, 4, SECONDS(4), SECONDS(7), 1);
    assert_stage(e, STAGE_MEDIA, 4, SECONDS(6), SECONDS(19), 0);
    assert_stage(e, STAGE_TEARDOWN, 4, SECONDS(16), SECONDS(19), 1);
    assert_int_equal(e->end_ns, SECONDS(19));
    assert_int_equal(e->calls, 4);
}

static void all_at_once_has_no_rate(void **state)
{
    const struct estimate *e = estimate(*state, &large,
                                        "cmtest: 1\nduration: 5s\n"
                                        "groups:\n"
                                        "  a: { registrar: embedded, endpoints: 2 }\n"
                                        "  b: { registrar: embedded, endpoints: 2, call: a }\n");
    assert_stage(e, STAGE_CALLING, 2, 0, 0, 0);
    assert_near(e->offered, 0);
    assert_near(e->mean, 2);
    assert_int_equal(e->peak_calls, 2);
}

static void calls_that_overlap_are_counted_at_the_peak(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 10s\n");
    assert_int_equal(e->peak_calls, 4);
    assert_int_equal(e->peak_endpoints, 8);
    assert_int_equal(e->all_from_ns, SECONDS(9));
    assert_int_equal(e->all_to_ns, SECONDS(16));
    assert_near(e->offered, 10);
    assert_near(e->mean, 40.0 / 13);
}

static void a_call_that_ends_makes_room_for_the_next(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 2s\n");
    assert_int_equal(e->peak_calls, 2);
    /* While it rings an endpoint has its ports, but no media. */
    assert_int_equal(e->peak_endpoints, 8);
    assert_near(e->rtp_packets, 200);
}

static void packets_and_bits_are_those_on_the_wire(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 10s\n");
    assert_string_equal(e->groups[1].codec->name, "pcma");
    assert_string_equal(e->groups[0].codec->name, "pcma");
    assert_int_equal(e->groups[1].frame_bytes, 160);
    assert_near(e->groups[1].packets, 50);
    assert_near(e->groups[1].bits, 50 * 200 * 8);
    assert_near(e->rtp_packets, 8 * 50);
    assert_near(e->rtp_bits, 8 * 50 * 200 * 8);
    assert_near(e->rtcp_packets, 8);
    assert_near(e->rtcp_bits, 8 * 180 * 8);
}

#define OUTSIDE                                                                               \
    "cmtest: 1\nbuildup: 4s\nduration: 10s\n"                                                 \
    "registrars:\n"                                                                           \
    "  pbx: { domain: example.com, server: \"[2001:db8::1]\",\n"                              \
    "         accounts: [{ username: a, password: Hush }, { username: b, password: Hush },\n" \
    "                    { username: c, password: Hush }] }\n"                                \
    "groups:\n"                                                                               \
    "  callers: { registrar: pbx, endpoints: 1, call: \"sip:echo@example.com\" }\n"           \
    "  waiters: { registrar: pbx, endpoints: 1 }\n"

static void an_outside_partner_is_not_ours(void **state)
{
    const struct estimate *e = estimate(*state, &large, OUTSIDE);
    assert_int_equal(e->peak_calls, 1);
    assert_int_equal(e->peak_endpoints, 1);
    assert_near(e->rtp_packets, 50);
    assert_int_equal(e->registrars[0].needed, 2);
    assert_int_equal(e->registrars[0].given, 3);
}

static void whoever_waits_for_outside_calls_prolongs_the_run(void **state)
{
    const struct estimate *e = estimate(*state, &large, OUTSIDE);
    assert_true(e->groups[1].waits);
    assert_false(e->groups[0].waits);
    assert_int_equal(e->waiting, 1);
    assert_int_equal(e->end_ns, SECONDS(4 + 10 + 32));
}

static void the_offer_is_the_one_that_is_sent(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 10s\n");
    assert_null(e->groups[0].offer);
    assert_string_equal(e->groups[1].offer, "v=0\r\n"
                                            "o=- <id> 1 IN IP4 <address>\r\n"
                                            "s=-\r\n"
                                            "c=IN IP4 <address>\r\n"
                                            "t=0 0\r\n"
                                            "m=audio <port> RTP/AVP 8 0\r\n"
                                            "a=rtpmap:8 PCMA/8000\r\n"
                                            "a=rtpmap:0 PCMU/8000\r\n"
                                            "a=ptime:20\r\n"
                                            "a=rtcp-xr:rcvr-rtt=all voip-metrics\r\n"
                                            "a=sendrecv\r\n");
    e = estimate(*state, &large, OUTSIDE);
    assert_non_null(strstr(e->groups[0].offer, "\r\nc=IN IP6 <address>\r\n"));
}

static void a_large_machine_carries_it(void **state)
{
    const struct estimate *e = estimate(*state, &large, EIGHT "duration: 10s\n");
    assert_int_equal(e->fit, FIT_YES);
    assert_near(e->resources[RESOURCE_DESCRIPTORS].need, 8 + 12 + 2 * 8);
    assert_near(e->resources[RESOURCE_DESCRIPTORS].have, 1000000);
    assert_int_equal(e->resources[RESOURCE_DESCRIPTORS].endpoints, 499990);
    assert_near(e->resources[RESOURCE_PORTS].need, 8);
    assert_near(e->resources[RESOURCE_PORTS].have, 20000);
    assert_near(e->resources[RESOURCE_MEDIA].need, 400 * 5.8e-6);
    assert_near(e->resources[RESOURCE_MEDIA].have, 0.9);
    assert_int_equal(e->resources[RESOURCE_MEDIA].endpoints, 3103);
    assert_near(e->resources[RESOURCE_MEMORY].need, (15 << 20) + 8 * (54 << 10));
}

static void what_is_not_known_of_a_machine_is_no_limit(void **state)
{
    static const struct machine unknown = {0};
    struct text why = {0};
    const struct estimate *e = estimate(*state, &unknown, EIGHT "duration: 10s\n");
    assert_int_equal(e->fit, FIT_YES);
    assert_false(estimate_refused(e, &why));
    text_fini(&why);
}

static void too_few_descriptors_are_refused_with_what_would_fit(void **state)
{
    struct machine small = large;
    struct text why = {0};
    small.descriptors = 36;
    const struct estimate *e = estimate(*state, &small, EIGHT "duration: 10s\n");
    assert_int_equal(e->resources[RESOURCE_DESCRIPTORS].fit, FIT_TIGHT);
    assert_int_equal(e->fit, FIT_TIGHT);
    assert_false(estimate_refused(e, &why));
    small.descriptors = 35;
    e = estimate(*state, &small, EIGHT "duration: 10s\n");
    assert_int_equal(e->fit, FIT_NO);
    assert_true(estimate_refused(e, &why));
    assert_string_equal(text_get(&why),
                        "it needs 36 descriptors at once and 35 are allowed (`ulimit -Hn`); "
                        "7 endpoints in a call would fit");
    text_fini(&why);
}

static void more_calls_than_ports_are_refused(void **state)
{
    struct text why = {0};
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 5s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 10001 }\n"
                 "  b: { registrar: embedded, endpoints: 10001, call: a }\n");
    assert_true(estimate_refused(e, &why));
    assert_string_equal(text_get(&why),
                        "it needs 20002 pairs of RTP ports at once and there are 20000; "
                        "20000 endpoints in a call would fit");
    text_fini(&why);
}

static void what_is_only_estimated_is_never_refused(void **state)
{
    static const struct machine slow = {.cpus = 0.003, .descriptors = 1000, .memory = 1 << 20};
    struct text why = {0};
    const struct estimate *e = estimate(*state, &slow, EIGHT "duration: 10s\n");
    assert_int_equal(e->resources[RESOURCE_MEDIA].fit, FIT_NO);
    assert_int_equal(e->resources[RESOURCE_MEDIA].endpoints, 5);
    assert_int_equal(e->resources[RESOURCE_MEMORY].fit, FIT_NO);
    assert_int_equal(e->fit, FIT_NO);
    assert_false(estimate_refused(e, &why));
    text_fini(&why);
}

static void the_media_thread_is_tight_from_three_quarters_on(void **state)
{
    /* 400 packets/s take 0.0023 of a core; half of a core that is shared may be used. */
    static const struct machine slow = {
        .cpus = 0.005, .descriptors = 1000, .memory = UINT64_C(1) << 40};
    const struct estimate *e = estimate(*state, &slow, EIGHT "duration: 10s\n");
    assert_near(e->resources[RESOURCE_MEDIA].have, 0.0025);
    assert_int_equal(e->resources[RESOURCE_MEDIA].fit, FIT_TIGHT);
}

#define MANY(count)                                        \
    "cmtest: 1\nduration: 5s\n"                            \
    "groups:\n"                                            \
    "  a: { registrar: embedded, endpoints: " count " }\n" \
    "  b: { registrar: embedded, endpoints: " count ", call: a }\n"

static void only_a_large_run_is_made_by_several_processes(void **state)
{
    static const struct machine two = {
        .cpus = 2, .descriptors = 20000, .memory = UINT64_C(1) << 40};
    assert_int_equal(estimate(*state, &two, EIGHT "duration: 10s\n")->workers, 1);
    assert_int_equal(estimate(*state, &two, MANY("500"))->workers, 2);
    static const struct machine one = {
        .cpus = 1, .descriptors = 20000, .memory = UINT64_C(1) << 40};
    assert_int_equal(estimate(*state, &one, MANY("500"))->workers, 1);
}

static void more_processes_than_cpus_hold_the_descriptors_that_one_cannot(void **state)
{
    static const struct machine small = {
        .cpus = 1, .descriptors = 1100, .memory = UINT64_C(1) << 40};
    static const struct machine none = {.cpus = 1, .descriptors = 20};
    assert_int_equal(estimate(*state, &none, MANY("1000"))->workers_enough, 0);
    const struct estimate *e = estimate(*state, &small, MANY("1000"));
    struct text why = {0};
    assert_int_equal(e->workers, 4);
    assert_near(e->resources[RESOURCE_DESCRIPTORS].need, 8 + 12 + 4000 / 4);
    assert_false(estimate_refused(e, &why));
    e = estimate(*state, &small, MANY("1500"));
    assert_int_equal(e->workers, 4);
    assert_int_equal(e->workers_enough, 6);
    assert_true(estimate_refused(e, &why));
    assert_string_equal(text_get(&why),
                        "it needs 1520 descriptors at once in each of 4 processes and 1100 are "
                        "allowed (`ulimit -Hn`); 2160 endpoints in a call would fit");
    text_fini(&why);
}

static void endpoints_without_a_call_need_no_ports(void **state)
{
    const struct estimate *e = estimate(*state, &large,
                                        "cmtest: 1\nduration: 5s\n"
                                        "groups: { a: { registrar: embedded, endpoints: 9 } }\n");
    assert_int_equal(e->calls, 0);
    assert_int_equal(e->peak_endpoints, 0);
    assert_near(e->resources[RESOURCE_DESCRIPTORS].need, 20);
    assert_near(e->resources[RESOURCE_MEMORY].need, (15 << 20) + 9 * (19 << 10));
    assert_stage(e, STAGE_MEDIA, 0, 0, 0, 0);
    assert_int_equal(e->end_ns, SECONDS(37));
}

static void a_refused_call_has_no_media(void **state)
{
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 10s\nbuildup: 4s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 2, answer: { ring: 1s, reject: 486 } }\n"
                 "  b: { registrar: embedded, endpoints: 2, call: a }\n");
    assert_int_equal(e->calls, 2);
    assert_int_equal(e->peak_calls, 0);
    assert_int_equal(e->peak_endpoints, 2);
    assert_near(e->rtp_packets, 0);
    assert_stage(e, STAGE_MEDIA, 0, 0, 0, 0);
    assert_int_equal(e->end_ns, SECONDS(4));
}

static void a_callee_may_hang_up_first(void **state)
{
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 10s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 1, answer: { delay: 1s, ring: 2s,\n"
                 "       duration: 4s } }\n"
                 "  b: { registrar: embedded, endpoints: 1, call: a }\n");
    assert_stage(e, STAGE_MEDIA, 1, SECONDS(3), SECONDS(7), 0);
    assert_near(e->mean, 1);
}

static void a_longer_packet_time_means_fewer_packets(void **state)
{
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 10s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 1 }\n"
                 "  b: { registrar: embedded, endpoints: 1, call: a, audio: { ptime: 40ms } }\n");
    assert_int_equal(e->groups[1].frame_bytes, 320);
    assert_near(e->groups[1].packets, 25);
    assert_near(e->rtp_bits, 2 * 25 * 360 * 8);
    assert_non_null(strstr(e->groups[1].offer, "a=ptime:40\r\n"));
}

static void a_range_of_ports_of_its_own_is_not_taken_from_the_usual_one(void **state)
{
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 10s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 3, rtp_ports: 10000..10999 }\n"
                 "  b: { registrar: embedded, endpoints: 3, call: a }\n");
    assert_int_equal(e->peak_endpoints, 6);
    assert_near(e->resources[RESOURCE_PORTS].need, 3);
}

static void a_codec_without_fixed_frames_is_planned_with_its_bit_rate(void **state)
{
    const struct estimate *e =
        estimate(*state, &large,
                 "cmtest: 1\nduration: 10s\n"
                 "groups:\n"
                 "  a: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma, opus] } }\n"
                 "  b: { registrar: embedded, endpoints: 1, call: a,\n"
                 "       audio: { codecs: [telephone-event, opus, pcma] } }\n");
    assert_string_equal(e->groups[1].codec->name, "opus");
    assert_int_equal(e->groups[1].frame_bytes, 80);
    assert_near(e->rtp_bits, 2 * 50 * 120 * 8);
    assert_non_null(strstr(e->groups[1].offer, "opus/48000"));
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(a_codec_without_fixed_frames_is_planned_with_its_bit_rate,
                                    set_up, tear_down),

    cmocka_unit_test_setup_teardown(a_refused_call_has_no_media, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_callee_may_hang_up_first, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_longer_packet_time_means_fewer_packets, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_range_of_ports_of_its_own_is_not_taken_from_the_usual_one,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_phases_follow_the_starts, set_up, tear_down),
    cmocka_unit_test_setup_teardown(all_at_once_has_no_rate, set_up, tear_down),
    cmocka_unit_test_setup_teardown(calls_that_overlap_are_counted_at_the_peak, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_call_that_ends_makes_room_for_the_next, set_up, tear_down),
    cmocka_unit_test_setup_teardown(packets_and_bits_are_those_on_the_wire, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_outside_partner_is_not_ours, set_up, tear_down),
    cmocka_unit_test_setup_teardown(whoever_waits_for_outside_calls_prolongs_the_run, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(the_offer_is_the_one_that_is_sent, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_large_machine_carries_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_not_known_of_a_machine_is_no_limit, set_up, tear_down),
    cmocka_unit_test_setup_teardown(only_a_large_run_is_made_by_several_processes, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(more_processes_than_cpus_hold_the_descriptors_that_one_cannot,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(too_few_descriptors_are_refused_with_what_would_fit, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(more_calls_than_ports_are_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_only_estimated_is_never_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_media_thread_is_tight_from_three_quarters_on, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(endpoints_without_a_call_need_no_ports, set_up, tear_down))
