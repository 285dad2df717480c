/*
 * cmtest-plan/1: the same for programs. Times are seconds from the start of the run, rates per
 * second, sizes in bytes, and null is what is not known.
 */
#include "json_endpoint.h"
#include "plan_script.h"
#include "plan_words.h"

#include <stdlib.h>

#define NUMBER_DIGITS 10

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

/* 0: not known, or there is none. */
static json_t *known(double value)
{
    return value > 0 ? json_number(value) : json_null();
}

static json_t *phases(const struct estimate *estimate)
{
    json_t *list = json_array();
    for (int i = 0; i < STAGE_COUNT; i++) {
        const struct estimate_stage *own = &estimate->stages[i];
        json_t *each = json_object();
        if (!own->count) {
            json_decref(each);
            continue;
        }
        set(each, "name", json_string(stage_name((enum stage)i)));
        set(each, "count", json_count(own->count));
        set(each, "from", json_seconds(own->first_ns));
        set(each, "to", json_seconds(own->last_ns));
        set(each, "per_second", known(own->per_second));
        json_array_append_new(list, each);
    }
    return list;
}

static json_t *registrars(const struct plan_case *from)
{
    json_t *list = json_array();
    for (size_t i = 0; i < from->plan->registrar_count; i++) {
        const struct plan_registrar *own = &from->plan->registrars[i];
        json_t *each = json_object();
        set(each, "name", json_text(own->name));
        set(each, "embedded", json_boolean(own->embedded));
        set(each, "domain", json_text(own->domain));
        set(each, "host", json_text(own->host));
        set(each, "port", own->port ? json_count(own->port) : json_null());
        set(each, "transport", json_string(plan_transport(own->transport)));
        set(each, "proxy", json_boolean(own->route != NULL));
        set(each, "connections", json_string(own->per_endpoint ? "per_endpoint" : "shared"));
        set(each, "udp_limit", json_count(own->udp_limit));
        set(each, "keepalive",
            json_string(own->crlf_ns      ? "crlf"
                        : own->options_ns ? "options"
                                          : "none"));
        set(each, "verifies_certificate",
            own->tls ? json_boolean(own->tls->verify != TLS_VERIFY_SKIP) : json_null());
        set(each, "server_name", json_text(own->tls ? own->tls->server_name : NULL));
        set(each, "accounts_needed", json_count(from->estimate->registrars[i].needed));
        set(each, "accounts_given", json_count(from->estimate->registrars[i].given));
        json_array_append_new(list, each);
    }
    return list;
}

static json_t *codec_names(const struct plan_group *group)
{
    json_t *list = json_array();
    for (size_t i = 0; i < group->codec_count; i++)
        json_array_append_new(list, json_string(group->codecs[i]->name));
    return list;
}

/* null: plain RTP. */
static json_t *security(const struct plan_group *group)
{
    const struct session_security *from = &group->security;
    if (!from->sdes && !from->dtls)
        return json_null();
    json_t *each = json_object(), *names = json_array();
    for (size_t i = 0; i < from->suite_count; i++)
        json_array_append_new(names, json_string(from->suites[i]->name));
    set(each, "mode", json_string(!from->dtls ? "sdes" : !from->sdes ? "dtls" : "dual"));
    set(each, "required", json_boolean(from->required));
    set(each, "suites", names);
    set(each, "rekey", group->rekey_ns ? json_seconds(group->rekey_ns) : json_null());
    return each;
}

static json_t *use(enum dialog_use use)
{
    static const char *const words[] = {"disabled", "supported", "required"};
    return json_string(words[use]);
}

/* Percent and seconds; null: this direction is not impaired. */
static json_t *impairment(const struct impairment_config *config)
{
    json_t *each = json_object();
    if (!config) {
        json_decref(each);
        return json_null();
    }
    bool burst = config->burst.enter > 0;
    set(each, "loss", json_number(config->loss));
    set(each, "every", config->loss_every ? json_count(config->loss_every) : json_null());
    set(each, "burst_enter", burst ? json_number(config->burst.enter) : json_null());
    set(each, "burst_leave", burst ? json_number(config->burst.leave) : json_null());
    set(each, "burst_loss_inside", burst ? json_number(config->burst.loss_bad) : json_null());
    set(each, "burst_loss_outside", burst ? json_number(config->burst.loss_good) : json_null());
    set(each, "delay", json_seconds(config->delay_ns));
    set(each, "jitter", json_seconds(config->jitter_ns));
    set(each, "order", json_string(config->keep_order ? "keep" : "free"));
    set(each, "reorder", json_number(config->reorder));
    set(each, "distance", json_count(config->distance));
    set(each, "duplicate", json_number(config->duplicate));
    return each;
}

static json_t *playout(const struct stream_playout *own)
{
    json_t *each = json_object();
    set(each, "mode", json_string(own->fixed ? "fixed" : "adaptive"));
    set(each, "nominal", json_number(own->nominal_ms / 1e3));
    set(each, "minimum", own->fixed ? json_null() : json_number(own->minimum_ms / 1e3));
    set(each, "maximum", own->fixed ? json_null() : json_number(own->maximum_ms / 1e3));
    return each;
}

static uint32_t decode_one_in(const struct plan_hearing *hearing)
{
    return hearing->decode == DECODE_NONE   ? 0
           : hearing->decode == DECODE_FULL ? 1
                                            : hearing->decode_one_in;
}

static json_t *scenario(const struct plan_group *group, const struct roster_group *roster)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < group->script.count; i++) {
        const struct roster_step *step = &roster->steps[i];
        struct text words = {0};
        json_t *each = json_object();
        plan_step(&group->script, i, &words);
        set(each, "name", json_text(step->name));
        set(each, "action", json_text(step->action));
        set(each, "trigger", json_text(step->trigger));
        set(each, "expected", step->expected[0] ? json_text(step->expected) : json_null());
        set(each, "words", json_text(text_get(&words)));
        json_array_append_new(list, each);
        text_fini(&words);
    }
    return list;
}

static json_t *groups(const struct plan_case *from)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < from->plan->group_count; g++) {
        const struct plan_group *group = &from->plan->groups[g];
        const struct estimate_group *own = &from->estimate->groups[g];
        const struct roster_group *roster = &from->plan->roster.groups[g];
        json_t *each = json_object();
        set(each, "name", json_text(group->name));
        set(each, "endpoints", json_count(group->count));
        set(each, "registrar", json_text(roster->registrar));
        set(each, "calls", json_text(group->calls));
        set(each, "waits_for_outside", json_boolean(own->waits));
        set(each, "ring", group->never ? json_null() : json_seconds(plan_ring_ns(group)));
        set(each, "early_media", json_boolean(group->early_media));
        set(each, "late_offer", json_boolean(group->late_offer));
        set(each, "reliable_provisional", use(group->dialog.reliable));
        set(each, "session_timer", use(group->dialog.timer));
        set(each, "follows_redirects", json_boolean(group->dialog.redirects > 0));
        set(each, "redirect", json_text(group->redirect));
        set(each, "reject", group->reject ? json_count(group->reject) : json_null());
        set(each, "codecs", codec_names(group));
        set(each, "codec_expected", json_text(own->codec ? own->codec->name : NULL));
        set(each, "security", security(group));
        set(each, "avpf", json_boolean(group->feedback));
        set(each, "rtcp_mux", json_boolean(group->mux));
        set(each, "payload_bytes", own->codec ? json_count(own->frame_bytes) : json_null());
        set(each, "packets_per_second", known(own->packets));
        set(each, "bits_per_second", known(own->bits));
        set(each, "rtp_port_first",
            json_count(group->port_first ? group->port_first : PLAN_PORT_FIRST));
        set(each, "rtp_port_last",
            json_count(group->port_first ? group->port_last : PLAN_PORT_LAST));
        set(each, "decode_one_in",
            decode_one_in(&group->hearing) ? json_count(decode_one_in(&group->hearing))
                                           : json_null());
        set(each, "record", json_text(group->hearing.record));
        set(each, "playout", playout(&group->hearing.playout));
        set(each, "rtcp_interval", json_seconds(group->hearing.rtcp_interval_ns));
        set(each, "extended_reports", json_boolean(group->hearing.extended_reports));
        set(each, "dscp", json_count(group->dscp));
        set(each, "impair_send", impairment(group->impair[DIRECTION_SEND]));
        set(each, "impair_receive", impairment(group->impair[DIRECTION_RECEIVE]));
        set(each, "scenario", scenario(group, roster));
        set(each, "sdp_offer", json_text(own->offer));
        json_array_append_new(list, each);
    }
    return list;
}

static json_t *endpoints(const struct plan_case *from)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < from->plan->endpoint_count; i++) {
        const struct plan_endpoint *own = &from->plan->endpoints[i];
        const struct roster *roster = &from->plan->roster;
        struct text partner = {0};
        char name[96];
        json_t *each = json_object();
        roster_endpoint_name(roster, i, name, sizeof name);
        plan_partner(from, i, &partner);
        set(each, "name", json_text(name));
        set(each, "group", json_text(roster->groups[own->group].name));
        set(each, "account", json_text(roster->endpoints[i].account));
        set(each, "registrar", json_text(roster->groups[own->group].registrar));
        set(each, "role", json_string(own->caller ? "caller" : "callee"));
        set(each, "partner", partner.length ? json_text(text_get(&partner)) : json_null());
        set(each, "start", json_seconds(own->start_ns));
        json_array_append_new(list, each);
        text_fini(&partner);
    }
    return list;
}

static json_t *load(const struct estimate *estimate)
{
    json_t *object = json_object();
    set(object, "calls", json_count(estimate->calls));
    set(object, "calls_at_once", json_count(estimate->peak_calls));
    set(object, "endpoints_in_calls_at_once", json_count(estimate->peak_endpoints));
    set(object, "calls_per_second", known(estimate->stages[STAGE_CALLING].per_second));
    set(object, "erlang_peak", json_count(estimate->peak_calls));
    set(object, "erlang_mean", json_number(estimate->mean));
    set(object, "erlang_offered", known(estimate->offered));
    set(object, "rtp_packets_per_second", json_number(estimate->rtp_packets));
    set(object, "rtp_bits_per_second", json_number(estimate->rtp_bits));
    set(object, "rtcp_packets_per_second", json_number(estimate->rtcp_packets));
    set(object, "rtcp_bits_per_second", json_number(estimate->rtcp_bits));
    return object;
}

static json_t *resources(const struct estimate *estimate)
{
    static const char *const names[] = {"descriptors", "rtp_port_pairs", "media_thread_cores",
                                        "memory_bytes"};
    json_t *object = json_object();
    for (int i = 0; i < RESOURCE_COUNT; i++) {
        const struct estimate_resource *own = &estimate->resources[i];
        json_t *each = json_object();
        bool limited = own->have > 0 && own->endpoints > 0;
        set(each, "needed", json_number(own->need));
        set(each, "available", known(own->have));
        set(each, "endpoints_that_fit", limited ? json_count(own->endpoints) : json_null());
        set(each, "certain", json_boolean(own->certain));
        set(each, "verdict", own->have > 0 ? json_string(fit_name(own->fit)) : json_null());
        set(object, names[i], each);
    }
    return object;
}

static json_t *costs(const struct estimate_costs *own)
{
    json_t *object = json_object();
    set(object, "cpu_seconds", json_number(own->cpu_s));
    set(object, "cpu_seconds_low", json_number(own->cpu_s / own->within));
    set(object, "cpu_seconds_high", json_number(own->cpu_s * own->within));
    set(object, "cores", json_number(own->cores));
    set(object, "memory_bytes", json_number(own->memory));
    set(object, "kernel_memory_bytes", json_number(own->kernel_memory));
    set(object, "scaled_to_this_machine", json_boolean(own->scaled));
    return object;
}

static json_t *one_case(const struct plan_case *from)
{
    const struct estimate *estimate = from->estimate;
    json_t *object = json_object();
    set(object, "name", json_text(from->plan->name));
    set(object, "case", json_text(from->spec->case_name));
    set(object, "runnable", json_boolean(!from->later));
    set(object, "verdict", json_string(fit_name(estimate->fit)));
    set(object, "duration", json_seconds(from->plan->duration_ns));
    set(object, "expected_end", json_seconds(estimate->end_ns));
    set(object, "deadline", json_seconds(from->plan->deadline_ns));
    set(object, "phases", phases(estimate));
    set(object, "workers", json_count(estimate->workers));
    set(object, "load", load(estimate));
    set(object, "resources", resources(estimate));
    set(object, "costs", costs(&estimate->costs));
    set(object, "registrars", registrars(from));
    set(object, "groups", groups(from));
    set(object, "endpoints", endpoints(from));
    return object;
}

/* A case at a time, so that memory does not hold all of them. Consumes value. */
static void add(struct text *out, json_t *value)
{
    char *bytes =
        json_dumps(value, JSON_ENCODE_ANY | JSON_INDENT(2) | JSON_REAL_PRECISION(NUMBER_DIGITS));
    text_add(out, bytes ? bytes : "null");
    free(bytes);
    json_decref(value);
}

static void write(const struct plan_case *each, const struct plan_page *page, struct text *out)
{
    (void)page;
    if (!each->index) {
        text_add(out, "{\n\"format\": \"cmtest-plan/1\",\n\"spec\": ");
        add(out, json_text(each->plan->spec));
        text_add(out, ",\n\"cases\": [\n");
    }
    add(out, one_case(each));
    text_add(out, each->index + 1 < each->count ? ",\n" : "\n]\n}\n");
}

const struct plan_format plan_format_json = {
    .name = "json",
    .help = "for programs: cmtest-plan/1, with every endpoint",
    .write = write,
};
