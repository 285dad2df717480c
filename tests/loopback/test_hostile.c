/* Whole calls under datagrams of strangers, and broken ones from where the peer sends. */
#include "support/whole_run.h"
#include "support/kept.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"
#include "cmtest/rtcp.h"
#include "cmtest/rtp.h"
#include "cmtest/spec.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Ports that no other test takes, as many as the calls need; other ones for each of these, which
 * run beside each other. */
#define PORTS 8
#define PORT_FIRST (60000 + PORTS * (getpid() % 600))
#define ENDPOINTS 4
#define FDS 256
#define SPACE_NS (NS_PER_MS / 2)

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    struct result *result;
    volatile sig_atomic_t interrupts;
    struct kept kept;
    bool heard[ENDPOINTS];
    atomic_bool flowing; /* all hear each other */
    atomic_bool stop;
    struct random random;
    int stranger;
};

static void watch(void *to, const struct event *event)
{
    struct scene *scene = to;
    kept_take(&scene->kept, event);
    if (event->kind != EVENT_SECOND || event->second.direction != DIRECTION_RECEIVE)
        return;
    scene->heard[event->endpoint] |= event->second.value[READING_PACKETS] > 0;
    bool all = true;
    for (unsigned i = 0; i < ENDPOINTS; i++)
        all = all && scene->heard[i];
    if (all)
        atomic_store(&scene->flowing, true);
}

/* ---- the attacker ------------------------------------------------------------------------- */

static unsigned below(struct scene *scene, unsigned limit)
{
    return (unsigned)(random_next(&scene->random) % limit);
}

static void fill(struct scene *scene, uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)below(scene, 256);
}

/* It sends from the very socket of a peer: they are all in this process. */
static int socket_of(uint16_t port)
{
    for (int fd = 3; fd < FDS; fd++) {
        struct sockaddr_in address;
        socklen_t length = sizeof address;
        int type;
        socklen_t size = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM &&
            getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
            address.sin_family == AF_INET && ntohs(address.sin_port) == port)
            return fd;
    }
    return -1;
}

/* Nothing that can be read, whoever sends it. */
static size_t garbage(struct scene *scene, uint8_t *out)
{
    size_t length = below(scene, 200);
    fill(scene, out, length ? length : 1);
    switch (below(scene, 7)) {
    case 0: /* RTP that says it has more than there is */
        memcpy(out, "\x9f\x08", 2);
        return 12 + length % 40;
    case 1: /* RTP with more padding than packet */
        memcpy(out, "\xa0\x08", 2);
        out[30] = 0xff;
        return 31;
    case 2: /* RTP whose extension does not end in it */
        memcpy(out, "\x90\x08", 2);
        memcpy(out + 12, "\xbe\xde\xff\xff", 4);
        return 40;
    case 3: /* more than can be */
        memcpy(out, "\x80\x08", 2);
        memset(out + 2, 0, 2998);
        return 3000;
    case 4: /* STUN */
        memcpy(out, "\x00\x01\x00\x00\x21\x12\xa4\x42", 8);
        memset(out + 8, 7, 12);
        return 20;
    case 5: /* RTCP that was cut */
        memcpy(out, "\x81\xc8\x00\x0c", 4);
        return 28;
    default: /* no version of RTP; now and then it might be DTLS or nothing at all */
        out[0] &= 0x7f;
        return length;
    }
}

/* RTP as good as the peer's, but of nobody in the call. */
static size_t speech(struct scene *scene, uint8_t *out)
{
    uint8_t payload[160];
    fill(scene, payload, sizeof payload);
    struct rtp_packet packet = {.payload_type = 8,
                                .marker = below(scene, 2),
                                .sequence = (uint16_t)below(scene, 65536),
                                .timestamp = (uint32_t)random_next(&scene->random),
                                .ssrc = (uint32_t)random_next(&scene->random),
                                .payload = payload,
                                .payload_length = sizeof payload};
    return rtp_write(&packet, out, 3000);
}

static size_t reports(struct scene *scene, uint8_t *out)
{
    struct rtcp_report report = {.ssrc = (uint32_t)random_next(&scene->random),
                                 .is_sender = below(scene, 2),
                                 .bye = below(scene, 2),
                                 .ntp = random_next(&scene->random),
                                 .rtp_timestamp = (uint32_t)random_next(&scene->random),
                                 .packets = 1000000,
                                 .octets = 1000000,
                                 .reference_known = true,
                                 .reference = random_next(&scene->random),
                                 .voip_known = true,
                                 .voip = {.loss_rate = 255, .r_factor = 1, .mos_lq = 10},
                                 .block_count = 1,
                                 .blocks = {{.fraction_lost = 255, .cumulative_lost = 100000}}};
    return rtcp_write(&report, "stranger", out, 3000);
}

/* A DTLS record of a handshake, whose content makes no sense. */
static size_t handshake(struct scene *scene, uint8_t *out)
{
    fill(scene, out, 100);
    memcpy(out, "\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x57", 13);
    return 100;
}

/* What the peer has sent, again or changed in its sequence number, as a stranger sends it that
 * listens. 0: nothing waits on that port. */
static size_t copy(struct scene *scene, uint16_t port, uint8_t *out)
{
    /* A part of what was too long for any phone would be RTP that makes sense. */
    ssize_t got = recv(socket_of(port), out, 1500, MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC);
    if (got > 1500)
        return 0;
    if (got > 12 && below(scene, 2))
        out[2] ^= (uint8_t)(1 + below(scene, 255));
    return got > 0 ? (size_t)got : 0;
}

static void attack_once(struct scene *scene)
{
    uint8_t bytes[3000];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint16_t port = (uint16_t)((unsigned)PORT_FIRST + below(scene, PORTS));
    bool flowing = atomic_load(&scene->flowing), stranger = below(scene, 2);
    size_t length;
    to.sin_port = htons(port);
    switch (below(scene, 5)) {
    case 4:
        length = stranger ? copy(scene, port, bytes) : garbage(scene, bytes);
        break;
    case 0:
        length = flowing ? speech(scene, bytes) : garbage(scene, bytes);
        break;
    case 1:
        length = stranger && flowing ? reports(scene, bytes) : garbage(scene, bytes);
        break;
    case 2:
        length = stranger && flowing ? handshake(scene, bytes) : garbage(scene, bytes);
        break;
    default:
        length = garbage(scene, bytes);
    }
    int fd = stranger ? scene->stranger
                      : socket_of((uint16_t)((unsigned)PORT_FIRST + (port % 2u) +
                                             2 * below(scene, PORTS / 2)));
    (void)sendto(fd, bytes, length, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
}

static void *attack(void *arg)
{
    struct scene *scene = arg;
    int64_t at = clock_now();
    while (!atomic_load(&scene->stop)) {
        attack_once(scene);
        clock_sleep_until(at += SPACE_NS);
    }
    return NULL;
}

/* ---- the calls ---------------------------------------------------------------------------- */

static void make_plan(struct scene *scene, const char *audio)
{
    struct text yaml = {0};
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    text_printf(&yaml,
                "cmtest: 1\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 2, audio: { codecs: [pcma]%s } }\n"
                "  callers: { registrar: embedded, endpoints: 2, call: agents, "
                "audio: { codecs: [pcma]%s } }\n"
                "duration: 3s\n",
                audio, audio);
    scene->spec = spec_parse("hostile.yaml", text_get(&yaml), yaml.length, scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    assert_non_null(scene->plan);
    for (unsigned i = 0; i < 2; i++) {
        scene->plan->groups[i].port_first = (uint16_t)PORT_FIRST;
        scene->plan->groups[i].port_last = (uint16_t)(PORT_FIRST + PORTS - 1);
    }
    text_fini(&yaml);
}

static void run(struct scene *scene)
{
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    pthread_t thread;
    random_init(&scene->random, 6);
    scene->stranger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(scene->stranger, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(pthread_create(&thread, NULL, attack, scene), 0);
    scene->result = run_here(scene->plan, &watching);
    atomic_store(&scene->stop, true);
    pthread_join(thread, NULL);
    close(scene->stranger);
}

/* What the peer's packets say, and nothing else. Wide bounds: this machine may be busy, but what a
 * stranger says is off by orders of magnitude. */
static void check_seconds(const struct kept *kept, uint32_t endpoint)
{
    static const struct {
        enum reading reading;
        double least, most;
    } bounds[] = {{READING_PACKET_LOSS, 0, 0},     {READING_JITTER, 0, 60},
                  {READING_RTT, 0, 900},           {READING_SSRC_SWITCHES, 0, 0},
                  {READING_SEQUENCE_RESETS, 0, 0}, {READING_SEQUENCE_JUMPS, 0, 0},
                  {READING_DUPLICATES, 0, 0}};
    size_t count = 0;
    for (size_t i = 0; i < kept->count; i++)
        count += kept->seconds[i].endpoint == endpoint;
    assert_true(count >= 4);
    for (size_t i = 0; i < kept->count; i++)
        for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
            double value;
            if (kept->seconds[i].endpoint != endpoint ||
                !second_get(&kept->seconds[i].second, bounds[b].reading, &value))
                continue;
            if (value < bounds[b].least || value > bounds[b].most)
                fail_msg("%s of second %u is %g", reading_name(bounds[b].reading),
                         kept->seconds[i].second.second, value);
        }
}

static void check(struct scene *scene, bool secured)
{
    double malformed = 0, strangers = 0, strays = 0;
    uint64_t refused = 0;
    for (unsigned i = 0; i < ENDPOINTS; i++) {
        const struct result_endpoint *endpoint = &scene->result->endpoints[i];
        const struct event_call *call = &endpoint->call;
        const struct event_call *peer = &scene->result->endpoints[(i + 2) % 4].call;
        if (endpoint->outcome.outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %u: %s", i, endpoint->outcome.detail);
        assert_true(call->completed);
        assert_int_equal(call->packets_lost, 0);
        assert_int_equal(call->packets_received, peer->packets_sent);
        assert_int_equal(call->replays, 0);
        check_seconds(&scene->kept, i);
        malformed += kept_sum(&scene->kept, i, DIRECTION_RECEIVE, READING_MALFORMED);
        strangers += kept_sum(&scene->kept, i, DIRECTION_RECEIVE, READING_STRANGERS);
        strays += kept_sum(&scene->kept, i, DIRECTION_RECEIVE, READING_SSRC_STRAYS);
        refused += call->auth_failures + call->srtp_malformed;
    }
    assert_true(atomic_load(&scene->flowing));
    assert_true(strangers > 100);
    if (secured) {
        assert_true(refused > 100);
        assert_true(strays == 0);
    } else {
        assert_true(malformed > 100);
        assert_true(strays > 10);
    }
    assert_int_equal(scene->result->verdict, VERDICT_PASS);
}

static void check_call(const char *audio, bool secured)
{
#ifdef __SANITIZE_THREAD__
    (void)audio;
    (void)secured;
    skip(); /* an attacker that borrows the sockets of others races with their closing */
#endif
    struct scene scene;
    make_plan(&scene, audio);
    run(&scene);
    check(&scene, secured);
    result_free(scene.result);
    kept_free(&scene.kept);
    spec_free(scene.spec);
    diag_free(scene.diag);
    arena_free(scene.arena);
}

static void a_plain_call_goes_on_and_its_figures_are_the_peers(void **state)
{
    (void)state;
    check_call("", false);
}

static void a_plain_call_on_one_port_goes_on_and_its_figures_are_the_peers(void **state)
{
    (void)state;
    check_call(", rtcp_mux: true", false);
}

static void a_call_with_sdes_goes_on_and_its_figures_are_the_peers(void **state)
{
    (void)state;
    check_call(", security: sdes", true);
}

static void a_call_with_dtls_goes_on_and_its_figures_are_the_peers(void **state)
{
    (void)state;
    check_call(", security: dtls, rtcp_mux: true", true);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(a_plain_call_goes_on_and_its_figures_are_the_peers),
    cmocka_unit_test(a_plain_call_on_one_port_goes_on_and_its_figures_are_the_peers),
    cmocka_unit_test(a_call_with_sdes_goes_on_and_its_figures_are_the_peers),
    cmocka_unit_test(a_call_with_dtls_goes_on_and_its_figures_are_the_peers))
