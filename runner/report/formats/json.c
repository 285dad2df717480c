/*
 * result.json: everything that is known, for programs; schema/result.schema.json describes it.
 * Lines are for people with grep: a line per member, and per element of the long lists. Endpoints
 * are written without a tree in memory, because there are many. Times are in
 * seconds, shares in percent, and null is what was not measured.
 */
#include "json_endpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "cmtest/journal.h"
#include "cmtest/report.h"

#define NUMBER_DIGITS 10

/* Consumes value. */
static void add_value(struct text *out, json_t *value)
{
    char *bytes = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(NUMBER_DIGITS));
    text_add(out, bytes ? bytes : "null");
    free(bytes);
    json_decref(value);
}

static void add_member(struct text *out, const char *name, json_t *value)
{
    text_printf(out, "%s\n\"%s\": ", out->data[out->length - 1] == '{' ? "" : ",", name);
    add_value(out, value);
}

static json_t *pacing(const struct event_pacing *pacing)
{
    if (pacing->packets == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "packets", json_count(pacing->packets),
                     "skipped", json_count(pacing->skipped), "over_5ms",
                     json_count(pacing->over_5ms), "over_20ms", json_count(pacing->over_20ms),
                     "p50", json_seconds(pacing->p50_ns), "p99", json_seconds(pacing->p99_ns),
                     "max", json_seconds(pacing->max_ns));
}

static json_t *outcomes(const uint32_t counts[])
{
    json_t *object = json_object();
    for (int i = 0; i <= OUTCOME_TEARDOWN_ERROR; i++)
        json_object_set_new(object, outcome_name((enum endpoint_outcome)i), json_count(counts[i]));
    return object;
}

static json_t *group(const struct result *result, uint32_t index)
{
    const struct roster_group *each = &result->roster->groups[index];
    uint32_t counts[OUTCOME_TEARDOWN_ERROR + 1] = {0};
    for (uint32_t i = each->first; i < each->first + each->count; i++)
        counts[result->endpoints[i].outcome.outcome]++;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(each->name),
                     "registrar", json_text(each->registrar), "server", json_text(each->server),
                     "target", json_text(each->target), "codecs", json_text(each->codecs),
                     "endpoints", json_count(each->count), "outcomes", outcomes(counts), "steps",
                     json_steps(result, index));
}

/* ---- thresholds and metrics ------------------------------------------------------------- */

static const char *unit_name(enum metric_unit unit)
{
    switch (unit) {
    case UNIT_PERCENT:
        return "percent";
    case UNIT_MS:
        return "seconds";
    case UNIT_PACKETS:
        return "packets";
    case UNIT_BYTES:
        return "bytes";
    case UNIT_PPM:
        return "ppm";
    case UNIT_DBOV:
        return "dbov";
    case UNIT_DBM:
        return "dbm0";
    case UNIT_BPS:
        return "bits_per_second";
    case UNIT_PER_SECOND:
        return "per_second";
    case UNIT_NONE:
        break;
    }
    return "none";
}

static json_t *in_unit(double value, enum metric_unit unit)
{
    return json_number(unit == UNIT_MS ? value / 1e3 : value);
}

/* The scale of R, MOS and impairments, beside the number. */
static void add_scale(json_t *object, struct metric_scale scale)
{
    const char *name = metric_scale_name(scale);
    if (!name)
        return;
    json_object_set_new(object, "scale", json_string(name));
    json_object_set_new(object, "provisional", json_boolean(scale.provisional));
}

/* What part of the run was judged; absent: all of it. */
static void add_scope(json_t *object, const struct judgement *each)
{
    const struct threshold *threshold = each->threshold;
    if (threshold->during != DURING_ALL)
        json_object_set_new(object, "during", json_string(threshold_phase_name(threshold->during)));
    if (threshold->window_ns > 0)
        json_object_set_new(object, "window", json_seconds(threshold->window_ns));
    if (each->from_ns != EVENT_NONE) {
        json_object_set_new(object, "from", json_time(each->from_ns));
        json_object_set_new(object, "to", json_time(each->to_ns));
    }
    if (threshold->endpoint_share > 0) {
        json_object_set_new(object, "share", json_number(100 * threshold->endpoint_share));
        json_object_set_new(object, "endpoints_ok", json_count(each->endpoints_ok));
        json_object_set_new(object, "endpoints_due", json_count(each->endpoints_due));
    }
    if (each->worst_endpoint != ROSTER_NONE)
        json_object_set_new(object, "worst_endpoint", json_count(each->worst_endpoint));
    if (each->stopped)
        json_object_set_new(object, "stopped", json_true());
}

static json_t *judgement(const struct judgement *each)
{
    const struct threshold *threshold = each->threshold;
    char name[96];
    bool rate = threshold->statistic == STAT_VALUE && each->measured;
    enum metric_unit unit = threshold->statistic == STAT_COUNT  ? UNIT_NONE
                            : threshold->statistic == STAT_RATE ? UNIT_PER_SECOND
                                                                : threshold->key.metric->unit;
    metric_key_name(&threshold->key, name, sizeof(name));
    json_t *object = json_object();
    json_object_set_new(object, "text", json_text(threshold->text));
    json_object_set_new(object, "verdict", json_string(verdict_name(each->verdict)));
    json_object_set_new(object, "metric", json_text(name));
    json_object_set_new(object, "group", json_text(threshold->group));
    json_object_set_new(object, "unit", json_string(unit_name(unit)));
    json_object_set_new(object, "limit", in_unit(threshold->limit, unit));
    json_object_set_new(object, "observed",
                        each->measured ? in_unit(each->observed, unit) : json_null());
    add_scale(object, each->scale);
    json_object_set_new(object, "samples", json_count(each->samples));
    json_object_set_new(object, "covered", json_count(each->covered));
    json_object_set_new(object, "due", json_count(each->due));
    json_object_set_new(object, "numerator", rate ? json_count(each->numerator) : json_null());
    json_object_set_new(object, "denominator", rate ? json_count(each->denominator) : json_null());
    add_scope(object, each);
    json_object_set_new(object, "note", json_text(each->note));
    json_object_set_new(object, "warn", json_boolean(threshold->warn));
    json_object_set_new(object, "implicit", json_boolean(threshold->implicit));
    json_object_set_new(object, "line",
                        threshold->line > 0 ? json_integer(threshold->line) : json_null());
    return object;
}

static json_t *summary(const struct result *result, const struct metric_key *key)
{
    char name[96];
    enum metric_unit unit = key->metric->unit;
    const struct aggregate *aggregate = metric_store_get(result->store, key, ROSTER_NONE);
    if (aggregate_count(aggregate) == 0)
        return NULL;
    metric_key_name(key, name, sizeof(name));
    json_t *object = json_object();
    json_object_set_new(object, "name", json_text(name));
    json_object_set_new(object, "unit", json_string(unit_name(unit)));
    json_object_set_new(object, "count", json_count(aggregate_count(aggregate)));
    json_object_set_new(object, "endpoints",
                        json_count(metric_store_coverage(result->store, key, ROSTER_NONE)));
    add_scale(object, metric_store_scale(result->store, key, ROSTER_NONE));
    if (key->metric->kind == METRIC_RATE) {
        json_object_set_new(object, "value", json_number(100 * aggregate_avg(aggregate)));
        return object;
    }
    json_object_set_new(object, "min", in_unit(aggregate_min(aggregate), unit));
    json_object_set_new(object, "avg", in_unit(aggregate_avg(aggregate), unit));
    json_object_set_new(object, "max", in_unit(aggregate_max(aggregate), unit));
    static const struct {
        const char *name;
        double q;
    } quantiles[] = {{"p5", .05}, {"p50", .5}, {"p95", .95}, {"p99", .99}};
    for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
        json_object_set_new(object, quantiles[i].name,
                            in_unit(aggregate_quantile(aggregate, quantiles[i].q), unit));
    return object;
}

/* ---- the document ----------------------------------------------------------------------- */

static void add_attempts(struct text *out, const struct report_run *run)
{
    add_member(out, "flaky", json_boolean(report_flaky(run)));
    add_member(out, "attempts", json_count(run->attempts));
    add_member(out, "tried", json_tried(run));
    add_member(out, "limits", json_limits(run->result));
}

static json_t *json_remote(const struct event_remote *remote)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "project", json_text(remote->project),
                     "test", json_text(remote->test), "run", json_text(remote->run), "status",
                     json_text(remote->status), "link",
                     remote->link[0] ? json_text(remote->link) : json_null(), "partial",
                     json_boolean(remote->partial));
}

static void add_head(struct text *out, const struct report_run *run,
                     const struct evidence_list *evidence)
{
    const struct result *result = run->result;
    const struct roster *roster = result->roster;
    char seed[32];
    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)result->seed);
    add_member(out, "schema", json_string("cmtest-result/1"));
    add_member(out, "version", json_string(CMTEST_VERSION));
    add_member(out, "name", json_text(roster->name ? roster->name : ""));
    add_member(out, "case", json_text(run->case_name));
    add_member(out, "spec", json_text(roster->spec));
    add_member(out, "verdict", json_string(verdict_name(result->verdict)));
    add_member(out, "exit_code", json_integer(result_exit_code(result)));
    add_member(out, "why", json_text(result->why));
    add_member(out, "try", json_text(result->try_next));
    add_attempts(out, run);
    add_member(out, "interrupted", json_boolean(result->interrupted));
    add_member(out, "error", result->error[0] ? json_text(result->error) : json_null());
    add_member(out, "started", json_time(result->started_ns));
    add_member(out, "ended", json_time(result->ended_ns));
    add_member(out, "duration", json_seconds(result->ended_ns - result->started_ns));
    /* As text: many readers keep only 53 bits of a number. */
    add_member(out, "seed", json_string(seed));
    add_member(out, "series", run->journal ? json_string(JOURNAL_FILE) : json_null());
    add_member(out, "planned_calls", json_count(roster->planned_calls));
    add_member(out, "outcomes", outcomes(result->outcome_counts));
    add_member(out, "evidence",
               json_pack("{s:o, s:o}", "calls", json_count(evidence->count), "left_out",
                         json_count(evidence->left_out)));
    add_member(out, "pacing", pacing(&result->pacing));
    if (result->remote_known)
        add_member(out, "platform", json_remote(&result->remote));
    if (result->machine_known || result->health_count)
        add_member(out, "health", json_health(result));
}

static void add_item(struct text *out, json_t *value, bool *any)
{
    text_add(out, *any ? ",\n" : "\n");
    add_value(out, value);
    *any = true;
}

static json_t *diagnosis(const struct result *result, const struct result_diagnosis *each)
{
    json_t *first = json_array();
    for (uint32_t i = 0; i < each->first_count; i++) {
        char name[96];
        roster_endpoint_name(result->roster, each->first[i], name, sizeof(name));
        json_array_append_new(first, json_text(name));
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "rule", each->rule->name, "title",
                     each->rule->title, "scope", scope_name(each->scope), "endpoints",
                     json_count(each->count), "first", first, "failure",
                     each->failure == FAILURE_NONE ? json_null()
                                                   : json_string(failure_name(each->failure)),
                     "text", json_text(each->text), "try", json_text(each->next));
}

static void add_metrics(struct text *out, const struct result *result)
{
    static const unsigned directions[] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};
    bool any = false;
    text_add(out, ",\n\"metrics\": [");
    for (size_t i = 0; metrics[i]; i++) {
        for (size_t d = 0; d < 3; d++) {
            struct metric_key key = {metrics[i], directions[d]};
            json_t *value = metrics[i]->directions & directions[d] ? summary(result, &key) : NULL;
            if (value)
                add_item(out, value, &any);
        }
    }
    text_add(out, "]");
}

static void add_endpoint(struct json_out *out, const struct result *result, uint32_t index,
                         const struct evidence_list *evidence)
{
    text_add(out->text, index > 0 ? ",\n" : "\n");
    out->any = false;
    json_endpoint(result, index, evidence, out);
}

/* What is written at once, where it is not to be kept: so much fits into a cache. */
#define CHUNK (32 * 1024)

static void pass_on(struct text *out, FILE *to)
{
    fwrite(text_get(out), 1, out->length, to);
    text_clear(out);
}

/* to: takes what there is from time to time; NULL: out gets all. */
static void write_to(const struct report *report, struct text *out, FILE *to)
{
    const struct result *result = report->runs[0].result;
    bool any = false;
    struct json_out endpoints = {.text = out};
    struct evidence_list evidence;
    evidence_choose(&evidence, result);
    text_add(out, "{");
    add_head(out, &report->runs[0], &evidence);
    text_add(out, ",\n\"thresholds\": [");
    for (size_t i = 0; i < result->threshold_count; i++)
        add_item(out, judgement(&result->judgements[i]), &any);
    any = false;
    text_add(out, "],\n\"diagnoses\": [");
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        add_item(out, diagnosis(result, &result->diagnoses[i]), &any);
    text_add(out, "]");
    add_metrics(out, result);
    any = false;
    text_add(out, ",\n\"groups\": [");
    for (uint32_t i = 0; i < result->roster->group_count; i++)
        add_item(out, group(result, i), &any);
    text_add(out, "],\n\"endpoints\": [");
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        add_endpoint(&endpoints, result, i, &evidence);
        if (to && out->length >= CHUNK)
            pass_on(out, to);
    }
    text_add(out, "]\n}\n");
}

static void write_json(const struct report *report, struct text *out)
{
    write_to(report, out, NULL);
}

static bool stream_json(const struct report *report, FILE *to)
{
    struct text out = {0};
    write_to(report, &out, to);
    pass_on(&out, to);
    text_fini(&out);
    return true;
}

const struct report_format report_format_json = {
    .name = "json",
    .file = "result.json",
    .help = "everything that is known, for programs (schema/result.schema.json)",
    .single = true,
    .write = write_json,
    .stream = stream_json,
};
