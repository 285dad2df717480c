#include "cmtest/share.h"
#include "estimate_load.h"
#include "cmtest/arena.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct load_call load_call(const struct plan *plan, uint32_t caller)
{
    const struct plan_endpoint *endpoint = &plan->endpoints[caller];
    const struct plan_group *group = &plan->groups[endpoint->group];
    /* What an outside callee does nobody knows: it answers at once. */
    static const struct plan_group outside = {0};
    const struct plan_group *callee =
        group->call == CALL_GROUP ? &plan->groups[group->target] : &outside;
    int64_t answer = endpoint->dial_ns + plan_ring_ns(callee);
    int64_t length = endpoint->duration_ns;
    if (callee->answer_ns && callee->answer_ns < length)
        length = callee->answer_ns;
    if (!plan_answers(callee))
        length = 0;
    return (struct load_call){endpoint->dial_ns, answer, answer + length, !plan_answers(callee)};
}

/* Something begins or ends to be there. */
struct change {
    int64_t at_ns;
    double packets, bits;
    double work_ns;              /* of the media thread, in a second */
    double reports, report_bits; /* RTCP */
    int32_t calls, endpoints;
};

static int by_time(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    /* What ends makes room for what begins at the same moment. */
    return (x->calls > y->calls) - (x->calls < y->calls);
}

/* Which of our endpoints count: all, or those whose ports are of the usual range; and of these,
 * those at one registrar that have no address of their own. */
struct filter {
    bool usual_ports;
    uint32_t registrar; /* ROSTER_NONE: any */
};

static bool counts(const struct plan *plan, uint32_t endpoint, const struct filter *filter)
{
    const struct plan_group *group = &plan->groups[plan->endpoints[endpoint].group];
    if (filter->usual_ports && group->port_first)
        return false;
    return filter->registrar == ROSTER_NONE ||
           (group->registrar == filter->registrar && !group->source_address);
}

static void put_reports(const struct plan *plan, uint32_t endpoint, struct change *change)
{
    const struct plan_hearing *hearing = &plan->groups[plan->endpoints[endpoint].group].hearing;
    double bytes =
        ESTIMATE_RTCP_BYTES + (hearing->extended_reports ? ESTIMATE_RTCP_EXTENDED_BYTES : 0);
    double reports = 1e9 / (double)hearing->rtcp_interval_ns;
    change->reports += reports;
    change->report_bits += reports * 8 * bytes;
}

/* By the sample rate, for what listens to the samples costs as much as what makes them. */
double load_codec_ns(const struct codec *codec)
{
    return codec->sample_rate > 16000 ? 25000 : codec->sample_rate > 8000 ? 12000 : 3000;
}

static double decoded_share(const struct plan_hearing *hearing)
{
    return hearing->decode == DECODE_NONE   ? 0
           : hearing->decode == DECODE_FULL ? 1
                                            : 1.0 / hearing->decode_one_in;
}

double load_decoding_ns(const struct plan_group *group, const struct estimate_group *own)
{
    return own->codec ? decoded_share(&group->hearing) * load_codec_ns(own->codec) : 0;
}

static double work_of(const struct plan *plan, uint32_t endpoint, const struct estimate_group *own)
{
    const struct plan_group *group = &plan->groups[plan->endpoints[endpoint].group];
    bool secured = group->security.sdes || group->security.dtls;
    double each = ESTIMATE_PACKET_NS + (secured ? ESTIMATE_SRTP_NS : 0);
    return own->packets * (each + load_decoding_ns(group, own));
}

/* A call, from when to when; both of its sides where both are ours. */
static void put_changes(const struct plan *plan, const struct estimate *estimate, uint32_t caller,
                        bool media, const struct filter *filter, struct change *changes)
{
    const struct plan_endpoint *endpoint = &plan->endpoints[caller];
    const struct estimate_group *group = &estimate->groups[endpoint->group];
    struct load_call call = load_call(plan, caller);
    bool both = endpoint->partner != ROSTER_NONE;
    int32_t endpoints = counts(plan, caller, filter);
    endpoints += both && counts(plan, endpoint->partner, filter);
    double packets = group->packets * (both ? 2 : 1), bits = group->bits * (both ? 2 : 1);
    changes[0] = (struct change){.at_ns = media ? call.answer_ns : call.dial_ns,
                                 .packets = packets,
                                 .bits = bits,
                                 .calls = 1,
                                 .endpoints = endpoints};
    changes[0].work_ns = work_of(plan, caller, group);
    if (both)
        changes[0].work_ns += work_of(plan, endpoint->partner, group);
    put_reports(plan, caller, &changes[0]);
    if (both)
        put_reports(plan, endpoint->partner, &changes[0]);
    changes[1] = (struct change){.at_ns = call.end_ns,
                                 .packets = -packets,
                                 .bits = -bits,
                                 .work_ns = -changes[0].work_ns,
                                 .reports = -changes[0].reports,
                                 .report_bits = -changes[0].report_bits,
                                 .calls = -1,
                                 .endpoints = -endpoints};
}

static size_t gather(const struct plan *plan, const struct estimate *estimate, bool media,
                     const struct filter *filter, struct change *changes)
{
    size_t count = 0;
    for (uint32_t i = 0; i < plan->endpoint_count; i++) {
        if (!plan->endpoints[i].caller || (media && load_call(plan, i).refused))
            continue;
        put_changes(plan, estimate, i, media, filter, changes + count);
        count += 2;
    }
    qsort(changes, count, sizeof *changes, by_time);
    return count;
}

static uint32_t peak_endpoints(const struct change *changes, size_t count)
{
    int32_t now = 0, peak = 0;
    for (size_t i = 0; i < count; i++) {
        now += changes[i].endpoints;
        peak = now > peak ? now : peak;
    }
    return (uint32_t)peak;
}

static void take_media(const struct change *changes, size_t count, struct estimate *estimate)
{
    struct change now = {0};
    for (size_t i = 0; i < count; i++) {
        now.packets += changes[i].packets;
        now.bits += changes[i].bits;
        now.calls += changes[i].calls;
        now.work_ns += changes[i].work_ns;
        now.reports += changes[i].reports;
        now.report_bits += changes[i].report_bits;
        if ((uint32_t)now.calls > estimate->peak_calls) {
            estimate->peak_calls = (uint32_t)now.calls;
            estimate->all_from_ns = changes[i].at_ns;
            estimate->all_to_ns = i + 1 < count ? changes[i + 1].at_ns : changes[i].at_ns;
        }
        if (now.packets > estimate->rtp_packets)
            estimate->rtp_packets = now.packets;
        if (now.bits > estimate->rtp_bits)
            estimate->rtp_bits = now.bits;
        if (now.work_ns / 1e9 > estimate->resources[RESOURCE_MEDIA].need)
            estimate->resources[RESOURCE_MEDIA].need = now.work_ns / 1e9;
        if (now.reports > estimate->rtcp_packets)
            estimate->rtcp_packets = now.reports;
        if (now.report_bits > estimate->rtcp_bits)
            estimate->rtcp_bits = now.report_bits;
    }
}

static uint32_t peak_of(const struct plan *plan, const struct estimate *estimate, bool usual_ports,
                        uint32_t registrar)
{
    struct filter filter = {usual_ports, registrar};
    struct change *changes = mem_array(2 * (size_t)estimate->calls + 1, sizeof *changes);
    uint32_t peak = peak_endpoints(changes, gather(plan, estimate, false, &filter, changes));
    free(changes);
    return peak;
}

/* Ports are taken at the address that faces a registrar; two registrars may share one or not, so
 * only the need of each is certain. */
static bool ports_are_certain(const struct plan *plan, const struct estimate *estimate,
                              double pairs)
{
    bool certain = false;
    for (uint32_t r = 0; r < plan->registrar_count && !certain; r++)
        if ((double)estimate->registrars[r].needed > pairs)
            certain = peak_of(plan, estimate, true, r) > pairs;
    return certain;
}

void load_peaks(const struct plan *plan, struct estimate *estimate)
{
    struct filter all = {false, ROSTER_NONE};
    struct change *changes = mem_array(2 * (size_t)estimate->calls + 1, sizeof *changes);
    take_media(changes, gather(plan, estimate, true, &all, changes), estimate);
    free(changes);
    estimate->peak_endpoints = peak_of(plan, estimate, false, ROSTER_NONE);
    estimate->resources[RESOURCE_PORTS].need = peak_of(plan, estimate, true, ROSTER_NONE);
}

/* ---- the machine ------------------------------------------------------------------------------
 */

/* The media thread keeps its times up to about 90% of a core; on one core it shares it with
 * signalling and with what the kernel does for both. */
#define CORE_MOST 0.9
#define CORE_SHARE 0.5
/* Of the processes beyond one on each CPU, that descriptors make necessary. */
#define WORKERS_PER_CPU 4

/* tight: the share of what there is from which on it is close. fixed: what is needed without any
 * endpoint; each: of one endpoint in a call. */
static void judge(struct estimate *estimate, enum resource resource, double have, double tight,
                  double fixed, double each)
{
    struct estimate_resource *own = &estimate->resources[resource];
    own->have = have;
    if (have <= 0)
        return;
    if (own->need > have)
        own->fit = FIT_NO;
    else if (own->need > tight * have)
        own->fit = FIT_TIGHT;
    if (each > 0 && have > fixed)
        own->endpoints =
            (have - fixed) / each < UINT32_MAX ? (uint32_t)((have - fixed) / each) : UINT32_MAX;
    if (own->fit > estimate->fit)
        estimate->fit = own->fit;
}

/* Of decoders and DTLS. */
static double extra_memory(const struct plan *plan)
{
    double total = 0;
    for (size_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        double each = decoded_share(&group->hearing) * ESTIMATE_MEMORY_DECODER;
        total += group->count * (each + (group->security.dtls ? ESTIMATE_MEMORY_DTLS : 0));
    }
    return total;
}

/* A connection of its own lasts longer than a call. What DNS will choose nobody knows yet: that it
 * is TLS. */
static double agents_of(const struct plan *plan)
{
    double total = 0;
    for (size_t g = 0; g < plan->group_count; g++) {
        const struct plan_registrar *registrar = &plan->registrars[plan->groups[g].registrar];
        if (registrar->per_endpoint)
            total +=
                plan->groups[g].count * (double)(registrar->tls ? ESTIMATE_DESCRIPTORS_AGENT_TLS
                                                                : ESTIMATE_DESCRIPTORS_AGENT);
    }
    return total;
}

/* Of one core. */
#define WORKERS_MEDIA 0.25
#define WORKERS_ENDPOINTS 1000
/* Registrations or calls per second. */
#define WORKERS_RATE 200

static bool is_large(const struct plan *plan, const struct estimate *estimate)
{
    bool fast = false;
    for (int i = STAGE_RECEIVERS; i <= STAGE_CALLING; i++)
        fast |=
            estimate->stages[i].count > WORKERS_RATE &&
            (estimate->stages[i].per_second <= 0 || estimate->stages[i].per_second > WORKERS_RATE);
    return fast || plan->endpoint_count >= WORKERS_ENDPOINTS ||
           estimate->resources[RESOURCE_MEDIA].need >= WORKERS_MEDIA;
}

/* Descriptors that a process needs without any endpoint, and those of all endpoints. */
static double descriptors_fixed(const struct plan *plan)
{
    return ESTIMATE_DESCRIPTORS + (double)plan->registrar_count * ESTIMATE_DESCRIPTORS_REGISTRAR;
}

static double descriptors_of(const struct plan *plan, const struct estimate *estimate)
{
    return agents_of(plan) + estimate->peak_endpoints * (double)ESTIMATE_DESCRIPTORS_ENDPOINT;
}

/* Limits of descriptors are of a process. */
static uint32_t for_descriptors(const struct plan *plan, const struct machine *machine,
                                const struct estimate *estimate, uint32_t most)
{
    double room = (double)machine->descriptors - descriptors_fixed(plan);
    uint32_t workers = 1;
    while (room > 0 && workers < most && descriptors_of(plan, estimate) > room * workers)
        workers++;
    return workers;
}

uint32_t load_workers(const struct plan *plan, const struct machine *machine,
                      const struct estimate *estimate)
{
    uint32_t cpus = machine->cpus > 1 ? (uint32_t)machine->cpus : 1;
    uint32_t wanted = plan->workers ? plan->workers : 1;
    uint32_t most = estimate->calls + estimate->waiting;
    if (!plan->workers && is_large(plan, estimate)) {
        wanted = for_descriptors(plan, machine, estimate, WORKERS_PER_CPU * cpus);
        wanted = wanted > cpus ? wanted : cpus;
    }
    wanted = wanted > SHARE_WORKERS_MAX ? SHARE_WORKERS_MAX : wanted;
    return wanted > most && most ? most : wanted;
}

void load_resources(const struct plan *plan, const struct machine *machine,
                    struct estimate *estimate)
{
    struct estimate_resource *resources = estimate->resources;
    double peak = estimate->peak_endpoints, pairs = (PLAN_PORT_LAST - PLAN_PORT_FIRST + 1) / 2.0;
    double descriptors = descriptors_fixed(plan), workers = estimate->workers;
    double all_descriptors = descriptors_of(plan, estimate);
    uint32_t enough = for_descriptors(plan, machine, estimate, SHARE_WORKERS_MAX);
    double room = (double)machine->descriptors - descriptors;
    estimate->workers_enough = all_descriptors <= room * enough ? enough : 0;
    resources[RESOURCE_DESCRIPTORS].need = descriptors + ceil(all_descriptors / workers);
    resources[RESOURCE_DESCRIPTORS].certain = true;
    judge(estimate, RESOURCE_DESCRIPTORS, (double)machine->descriptors, 0.9, descriptors,
          (peak > 0 ? all_descriptors / peak : ESTIMATE_DESCRIPTORS_ENDPOINT) / workers);
    judge(estimate, RESOURCE_PORTS, pairs, 0.9, 0, 1);
    resources[RESOURCE_PORTS].certain = peak <= pairs || ports_are_certain(plan, estimate, pairs);
    double cores = machine->cpus * (estimate->workers > 1 ? CORE_MOST : CORE_SHARE);
    double most = CORE_MOST * workers;
    judge(estimate, RESOURCE_MEDIA, cores < most ? cores : most, 0.75, 0,
          peak > 0 ? resources[RESOURCE_MEDIA].need / peak : 0);
    double all = (double)plan->endpoint_count;
    double each = ESTIMATE_MEMORY_ENDPOINT;
    if (all > 0) {
        double waiting = all > peak ? all - peak : 0;
        each -= (ESTIMATE_MEMORY_ENDPOINT - ESTIMATE_MEMORY_WAITING) * waiting / all;
        each += extra_memory(plan) / all;
    }
    double programs = ESTIMATE_MEMORY * workers;
    resources[RESOURCE_MEMORY].need = programs + all * each;
    resources[RESOURCE_MEMORY].certain = machine->memory_certain;
    judge(estimate, RESOURCE_MEMORY, (double)machine->memory, 0.75, programs, each);
}

bool estimate_lacking(const struct estimate *estimate, struct event_machine *machine)
{
    static const struct {
        enum resource resource;
        enum machine_resource named;
    } own[] = {{RESOURCE_DESCRIPTORS, MACHINE_DESCRIPTORS}, {RESOURCE_MEMORY, MACHINE_MEMORY}};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        const struct estimate_resource *resource = &estimate->resources[own[i].resource];
        if (resource->fit != FIT_NO || !resource->certain)
            continue;
        machine->refused = own[i].named;
        machine->need = resource->need;
        machine->have = resource->have;
        machine->fits = resource->endpoints;
        return true;
    }
    return false;
}

bool estimate_refused(const struct estimate *estimate, struct text *why)
{
    static const char *const sentences[] = {
        [RESOURCE_DESCRIPTORS] = "it needs %.0f descriptors at once%s and %.0f are allowed "
                                 "(`ulimit -Hn`); %u endpoints in a call would fit",
        [RESOURCE_PORTS] = "it needs %.0f pairs of RTP ports at once%s and there are %.0f; "
                           "%u endpoints in a call would fit",
    };
    for (int i = RESOURCE_DESCRIPTORS; i <= RESOURCE_PORTS; i++) {
        const struct estimate_resource *own = &estimate->resources[i];
        if (own->fit != FIT_NO || !own->certain)
            continue;
        char each[40] = "";
        if (estimate->workers > 1 && i == RESOURCE_DESCRIPTORS)
            snprintf(each, sizeof each, " in each of %u processes", estimate->workers);
        text_printf(why, sentences[i], own->need, each, own->have, own->endpoints);
        return true;
    }
    return false;
}
