#include "html/detail.h"

#include <math.h>
#include <stdlib.h>
#include "evidence.h"
#include "words.h"

struct point {
    double sum;
    uint32_t count;
};

struct series {
    const struct result *result;
    const struct html_choice *choice;
    struct html_key keys[HTML_KEYS_MAX];
    struct metric_key metrics[HTML_KEYS_MAX];
    size_t key_count;
    uint32_t step, points;
    struct point *list; /* by slot, key, time */
};

static struct point *points_of(const struct series *series, uint32_t slot, size_t key)
{
    return &series->list[(slot * series->key_count + key) * series->points];
}

static void take(void *to, const struct event *event)
{
    struct series *series = to;
    if (event->endpoint >= series->result->roster->endpoint_count)
        return;
    uint32_t slot = series->choice->slots[event->endpoint];
    if (slot == HTML_NO_SLOT)
        return;
    int64_t began_ns = event->at_ns - (int64_t)event->second.length_ms * 1000000;
    uint32_t at = (uint32_t)fmin(html_since(series->result, began_ns) / series->step,
                                 (double)series->points - 1);
    for (size_t i = 0; i < series->key_count; i++) {
        double value = 0;
        if (!series->metrics[i].metric || series->keys[i].direction != event->second.direction ||
            !metric_read(series->metrics[i].metric, event, series->keys[i].direction, &value))
            continue;
        struct point *point = &points_of(series, slot, i)[at];
        point->sum += value;
        point->count++;
    }
}

static void collect(struct series *series, const struct report_run *run,
                    const struct html_choice *choice)
{
    const struct result *result = run->result;
    *series = (struct series){.result = result, .choice = choice};
    series->key_count = html_keys(result, series->keys);
    series->step = html_step(result, DETAIL_POINTS_MAX);
    series->points = (uint32_t)(html_since(result, result->ended_ns) / series->step) + 1;
    size_t count = (size_t)choice->count * series->key_count * series->points;
    series->list = calloc(count ? count : 1, sizeof(*series->list));
    if (!series->list)
        abort();
    for (size_t i = 0; i < series->key_count; i++) {
        char name[96];
        html_key_metric(&series->keys[i], &series->metrics[i], name, sizeof(name));
    }
    html_seconds(run, series->keys, series->key_count, take, series);
}

static void add_series(const struct series *series, uint32_t slot, struct text *out)
{
    bool any = false;
    text_add(out, ",\"series\":{");
    for (size_t i = 0; i < series->key_count; i++) {
        const struct point *list = points_of(series, slot, i);
        double before = 0, power = pow(10, series->keys[i].digits);
        uint32_t values = 0;
        char name[96];
        for (uint32_t p = 0; p < series->points; p++)
            values += list[p].count;
        if (values == 0)
            continue;
        html_next(out, &any, ",");
        metric_key_name(&series->metrics[i], name, sizeof(name));
        text_printf(out, "\n\"%s\":[", name);
        for (uint32_t p = 0; p < series->points; p++) {
            double value = list[p].count ? round(list[p].sum / list[p].count * power) : NAN;
            text_add(out, p > 0 ? "," : "");
            html_scaled(out, value - before, 0);
            if (isfinite(value))
                before = value;
        }
        text_add(out, "]");
    }
    text_add(out, "}");
}

static void add_text(struct text *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_printf(out, ",\"%s\":", name);
    html_json(out, value);
}

static void add_time(struct text *out, const char *name, int64_t ns)
{
    if (ns == EVENT_NONE)
        return;
    text_printf(out, ",\"%s\":", name);
    html_scaled(out, (double)ns / 1e6, 1);
}

static void add_call(const struct event_call *call, struct text *out)
{
    add_text(out, "result", call_result_name(call->result));
    add_text(out, "callid", call->call_id);
    add_text(out, "cause", call->cause);
    add_time(out, "trying", call->trying_ns);
    add_time(out, "ringing", call->ringing_ns);
    add_time(out, "pdd", call->pdd_ns);
    add_time(out, "teardown", call->teardown_ns);
    add_time(out, "early", call->early_media_ns);
    if (call->repeats_sent || call->repeats_received)
        text_printf(out, ",\"repeats\":[%u,%u]", call->repeats_sent, call->repeats_received);
    if (call->media_known)
        text_printf(out, ",\"rtp\":[%llu,%llu,%llu,%llu]", (unsigned long long)call->packets_sent,
                    (unsigned long long)call->packets_received,
                    (unsigned long long)call->packets_expected,
                    (unsigned long long)call->packets_missing);
}

static void add_facts(const struct result *result, uint32_t index, struct text *out)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct roster_endpoint *who = &result->roster->endpoints[index];
    add_text(out, "account", who->account);
    add_text(out, "target", who->target);
    add_text(out, "phase", phase_name(endpoint->reached));
    add_text(out, "failure", failure_name(endpoint->outcome.failure));
    if (endpoint->media_known) {
        add_text(out, "codec", endpoint->media.codec);
        add_text(out, "local", endpoint->media.local);
        add_text(out, "remote", endpoint->media.remote);
        add_text(out, "security", endpoint->media.security);
    }
    if (endpoint->registered_known) {
        const struct event_registration *event = &endpoint->registration;
        text_printf(out, ",\"regstatus\":%u", event->status);
        add_text(out, "regreason", event->reason);
        add_text(out, "regserver", event->server);
        add_text(out, "regtrouble", event->trouble);
        add_time(out, "regtime", event->time_ns);
    }
    if (endpoint->call_known)
        add_call(&endpoint->call, out);
    if (endpoint->recording)
        add_text(out, "recording", endpoint->recording->path);
}

static void add_evidence(const struct evidence_list *list, uint32_t index, struct text *out)
{
    const struct evidence *call = evidence_of(list, index);
    struct text path = {0};
    bool any = false;
    text_add(out, ",\"evidence\":[");
    for (size_t i = 0; call && evidence_path(call, i, &path); i++) {
        html_next(out, &any, ",");
        html_json(out, text_get(&path));
    }
    text_add(out, "]");
    text_fini(&path);
}

static void add_endpoints(const struct series *series, struct text *out)
{
    static const char *const why[] = {"failed", "worst", "sample"};
    const struct html_choice *choice = series->choice;
    struct evidence_list *list = calloc(1, sizeof(*list));
    size_t room = DETAIL_MESSAGES_MAX;
    if (!list)
        abort();
    evidence_choose(list, series->result);
    for (uint32_t i = 0; i < choice->count; i++) {
        uint32_t index = choice->endpoints[i];
        text_printf(out, "%s\n\"%u\":{\"why\":\"%s\"", i > 0 ? "," : "", index,
                    why[choice->why[i]]);
        add_facts(series->result, index, out);
        add_evidence(list, index, out);
        html_moments(series->result, index, out);
        html_messages(series->result, index, &room, out);
        add_series(series, i, out);
        text_add(out, "}");
    }
    free(list);
}

void html_details(const struct report_run *run, const struct html_figures *figures,
                  struct text *out)
{
    struct html_choice choice;
    struct series series;
    html_choose(&choice, run->result, figures);
    collect(&series, run, &choice);
    text_printf(out, "{\"step\":%u,\"points\":%u,\"endpoints\":{", series.step, series.points);
    add_endpoints(&series, out);
    text_add(out, "}}");
    free(series.list);
    free(choice.slots);
}
