#include "html/html.h"

#include <math.h>
#include <stdlib.h>
#include "words.h"

struct bands {
    const struct result *result;
    struct html_figures *figures;
    struct html_key keys[HTML_KEYS_MAX];
    struct metric_key metrics[HTML_KEYS_MAX];
    size_t key_count;
    uint32_t groups; /* with rows of their own */
    uint32_t step, points;
    double values[HTML_KEYS_MAX]; /* that were read last: most are what the endpoint before had */
    int32_t indices[HTML_KEYS_MAX];
    struct html_cell *cells; /* by key, then all and each group, then time */
};

static struct html_cell *cells_of(const struct bands *bands, size_t key, uint32_t row)
{
    return &bands->cells[(key * (bands->groups + 1) + row) * bands->points];
}

static void figure(struct html_figures *figures, const struct event *event)
{
    const struct event_second *second = &event->second;
    double value = 0;
    if (second->direction != DIRECTION_RECEIVE)
        return;
    if (second_get(second, READING_MOS, &value)) {
        if (figures->mos_count == 0 || value < figures->mos_min)
            figures->mos_min = value;
        figures->mos_sum += value;
        figures->mos_count++;
    }
    if (second_get(second, READING_JITTER, &value) && event_second_is_sample(second)) {
        if (figures->jitter_count == 0 || value > figures->jitter_max)
            figures->jitter_max = value;
        figures->jitter_count++;
    }
    if (second_get(second, READING_RTT, &value)) {
        figures->rtt_sum += value;
        figures->rtt_count++;
    }
}

static void add(struct bands *bands, size_t key, uint32_t group, uint32_t at, double value)
{
    if (value != bands->values[key])
        bands->indices[key] = html_cell_index(value);
    bands->values[key] = value;
    html_cell_put(&cells_of(bands, key, 0)[at], bands->indices[key], value);
    if (group < bands->groups)
        html_cell_put(&cells_of(bands, key, group + 1)[at], bands->indices[key], value);
}

static void take(void *to, const struct event *event)
{
    struct bands *bands = to;
    if (event->endpoint >= bands->result->roster->endpoint_count)
        return;
    uint32_t group = bands->result->roster->endpoints[event->endpoint].group;
    /* A second belongs to the time that it is about, not to the moment at which it was over. */
    int64_t began_ns = event->at_ns - (int64_t)event->second.length_ms * 1000000;
    uint32_t at = (uint32_t)fmin(html_since(bands->result, began_ns) / bands->step,
                                 (double)bands->points - 1);
    figure(&bands->figures[event->endpoint], event);
    for (size_t i = 0; i < bands->key_count; i++) {
        double value = 0;
        const struct metric *metric = bands->metrics[i].metric;
        if (!metric || bands->keys[i].direction != event->second.direction ||
            !metric_read(metric, event, bands->keys[i].direction, &value))
            continue;
        if (isfinite(value))
            add(bands, i, group, at, value);
    }
}

/* As differences, which are short. */
static void add_quantiles(struct text *out, const struct html_row *row, double q)
{
    double before = 0, power = pow(10, row->digits);
    for (uint32_t i = 0; i < row->count; i++) {
        double value = round(html_cell_quantile(&row->cells[i], q) * power);
        text_add(out, i > 0 ? "," : "");
        html_scaled(out, value - before, 0);
        if (isfinite(value))
            before = value;
    }
}

void html_row(const struct html_row *row, bool *any, struct text *out)
{
    static const struct {
        const char *name;
        double q;
    } lines[] = {{"lo", .05}, {"mid", .5}, {"hi", .95}};
    char name[96];
    uint64_t values = 0;
    for (uint32_t i = 0; i < row->count; i++)
        values += row->cells[i].values;
    if (values == 0)
        return;
    metric_key_name(row->key, name, sizeof(name));
    html_next(out, any, ",\n");
    text_printf(out, "{\"key\":\"%s\",\"digits\":%d,\"group\":%d,\"unit\":", name, row->digits,
                row->group == ROSTER_NONE ? -1 : (int)row->group);
    html_json(out, metric_unit_suffix(row->key->metric->unit));
    if (row->group == ROSTER_NONE) {
        text_add(out, ",\"help\":");
        html_json(out, row->key->metric->help);
    }
    if (metric_scale_name(row->scale))
        text_printf(out, ",\"scale\":\"%s\"", metric_scale_name(row->scale));
    text_add(out, ",\"n\":[");
    for (uint32_t i = 0; i < row->count; i++)
        text_printf(out, "%s%llu", i > 0 ? "," : "", (unsigned long long)row->cells[i].values);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        text_printf(out, "],\"%s\":[", lines[i].name);
        add_quantiles(out, row, lines[i].q);
    }
    text_add(out, "]}");
}

static void add_rows(const struct bands *bands, bool *any, struct text *out)
{
    for (size_t i = 0; i < bands->key_count; i++) {
        for (uint32_t row = 0; bands->metrics[i].metric && row <= bands->groups; row++) {
            struct html_row each = {.key = &bands->metrics[i],
                                    .digits = bands->keys[i].digits,
                                    .group = row == 0 ? ROSTER_NONE : row - 1,
                                    .cells = cells_of(bands, i, row),
                                    .count = bands->points};
            each.scale = metric_store_scale(bands->result->store, each.key, each.group);
            html_row(&each, any, out);
        }
    }
}

/* A single group is all of them. */
static uint32_t groups_shown(const struct result *result)
{
    uint32_t count = result->roster->group_count;
    return count < 2 ? 0 : count < BANDS_GROUPS_MAX ? count : BANDS_GROUPS_MAX;
}

void html_bands(const struct report_run *run, struct html_figures *figures, struct text *out)
{
    struct bands bands = {.result = run->result, .figures = figures};
    bands.key_count = html_keys(run->result, bands.keys);
    bands.groups = groups_shown(run->result);
    size_t rows = bands.key_count * (bands.groups + 1), most = BANDS_CELLS_MAX / rows;
    if (most > BANDS_POINTS_MAX)
        most = BANDS_POINTS_MAX;
    bands.step = html_step(run->result, most < 20 ? 20 : (uint32_t)most);
    bands.points = (uint32_t)(html_since(run->result, run->result->ended_ns) / bands.step) + 1;
    bands.cells = calloc(rows * bands.points, sizeof(*bands.cells));
    if (!bands.cells)
        abort();
    for (size_t i = 0; i < bands.key_count; i++) {
        char name[96];
        html_key_metric(&bands.keys[i], &bands.metrics[i], name, sizeof(name));
    }
    html_seconds(run, bands.keys, bands.key_count, take, &bands);
    bool any = false;
    text_printf(out, "{\"step\":%u,\"points\":%u,\"groups\":%u,\"rows\":[\n", bands.step,
                bands.points, bands.groups);
    add_rows(&bands, &any, out);
    html_times(run->result, bands.step, bands.points, &any, out);
    text_add(out, "],\n\"phases\":");
    html_phases(run->result, bands.step, bands.points, out);
    text_add(out, "}");
    for (size_t i = 0; i < rows * bands.points; i++)
        html_cell_fini(&bands.cells[i]);
    free(bands.cells);
}
