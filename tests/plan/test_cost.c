#include "support/specification.h"

#include "cmtest/estimate.h"
#include "costs.h"

#include <math.h>
#include <string.h>

#define CALLS(media)                                                                     \
    "cmtest: 1\n"                                                                        \
    "groups:\n"                                                                          \
    "  agents: { registrar: embedded, endpoints: 4, audio: " media " }\n"                \
    "  callers: { registrar: embedded, endpoints: 4, call: agents, audio: " media " }\n" \
    "buildup: 8s\n"
#define PCMA CALLS("{ codecs: [pcma] }")

static struct estimate_costs costs(int64_t pair_ns, const char *text)
{
    struct machine machine = {.cpus = 2, .memory = UINT64_C(1) << 40, .pair_ns = pair_ns};
    struct arena *arena = arena_new();
    struct diag *diag = diag_new();
    struct spec *spec = spec_parse("cost.yaml", text, strlen(text), diag);
    assert_non_null(spec);
    const struct plan *plan = plan_new(spec, 42, arena, diag);
    assert_non_null(plan);
    struct estimate_costs found = estimate_new(plan, &machine, arena)->costs;
    spec_free(spec);
    diag_free(diag);
    arena_free(arena);
    return found;
}

static void assert_near(double value, double wanted)
{
    assert_true(fabs(value - wanted) <= 1e-9 * fabs(wanted));
}

static void ten_more_seconds_cost_their_packets_and_figures(void **state)
{
    (void)state;
    double ten = costs(0, PCMA "duration: 10s\n").cpu_s,
           twenty = costs(0, PCMA "duration: 20s\n").cpu_s;
    double without_decoding =
        (8 * 10 * (50.0 * COST_PACKET_NS + COST_STREAM_SECOND_NS) + 10 * COST_WALL_SECOND_NS) / 1e9;
    assert_true(twenty - ten >= without_decoding * (1 - 1e-9));
    assert_true(twenty - ten <= without_decoding * 1.2);
}

static void an_endpoint_that_only_registers_costs_a_registration(void **state)
{
    (void)state;
    double none = costs(0, PCMA "duration: 10s\n").cpu_s;
    double more =
        costs(0, "cmtest: 1\n"
                 "groups:\n"
                 "  agents: { registrar: embedded, endpoints: 5, audio: { codecs: [pcma] } }\n"
                 "  callers: { registrar: embedded, endpoints: 4, call: agents, audio: { codecs: "
                 "[pcma] } }\n"
                 "buildup: 8s\n"
                 "duration: 10s\n")
            .cpu_s;
    assert_true(more - none >= (COST_REGISTRATION_NS + COST_REGISTRAR_NS) / 1e9 * (1 - 1e-9));
}

static void srtp_costs_its_ciphers(void **state)
{
    (void)state;
    double plain = costs(0, PCMA "duration: 10s\n").cpu_s;
    double secured =
        costs(0, CALLS("{ codecs: [pcma], security: { mode: sdes } }") "duration: 10s\n").cpu_s;
    assert_near(secured - plain, 8 * 10 * 50 * (double)COST_SRTP_NS / 1e9);
}

static void a_machine_on_which_a_packet_costs_twice_as_much_needs_twice_the_time(void **state)
{
    (void)state;
    struct estimate_costs usual = costs(COST_PAIR_NS, PCMA "duration: 10s\n");
    struct estimate_costs slow = costs(2 * COST_PAIR_NS, PCMA "duration: 10s\n");
    assert_true(usual.scaled && slow.scaled);
    assert_near(slow.cpu_s, 2 * usual.cpu_s);
    assert_near(slow.memory, usual.memory);
}

static void without_a_measurement_the_span_is_wider(void **state)
{
    (void)state;
    struct estimate_costs scaled = costs(COST_PAIR_NS, PCMA "duration: 10s\n");
    struct estimate_costs not = costs(0, PCMA "duration: 10s\n");
    assert_false(not .scaled);
    assert_near(not .cpu_s, scaled.cpu_s);
    assert_true(not .within > scaled.within && scaled.within > 1);
}

static void sockets_cost_memory_of_the_kernel(void **state)
{
    (void)state;
    struct estimate_costs found = costs(0, PCMA "duration: 10s\n");
    assert_near(found.kernel_memory, 8 * 2 * (double)COST_SOCKET_BYTES);
    assert_true(found.memory > 0);
}

SPECIFICATION(
    cmocka_unit_test(ten_more_seconds_cost_their_packets_and_figures),
    cmocka_unit_test(an_endpoint_that_only_registers_costs_a_registration),
    cmocka_unit_test(srtp_costs_its_ciphers),
    cmocka_unit_test(a_machine_on_which_a_packet_costs_twice_as_much_needs_twice_the_time),
    cmocka_unit_test(without_a_measurement_the_span_is_wider),
    cmocka_unit_test(sockets_cost_memory_of_the_kernel))
