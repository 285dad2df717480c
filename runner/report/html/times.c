#include "html/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_REGISTRATION, TIME_PDD, TIME_SETUP, TIMES };

static const char *const names[TIMES] = {"registration.time", "post_dial_delay", "call_setup_time"};

/* EVENT_NONE: it never was. */
static int64_t moment_of(const struct result_endpoint *endpoint, enum event_kind kind,
                         enum endpoint_phase phase)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        if (endpoint->timeline[i].kind == kind &&
            (kind != EVENT_PHASE || endpoint->timeline[i].phase == phase))
            return endpoint->timeline[i].at_ns;
    return EVENT_NONE;
}

static void take(const struct result *result, const struct result_endpoint *endpoint, int which,
                 uint32_t step, uint32_t points, struct html_cell *cells)
{
    bool registered = endpoint->registered_known && which == TIME_REGISTRATION;
    int64_t took = EVENT_NONE, at;
    if (registered)
        took = endpoint->registration.time_ns;
    else if (endpoint->call_known && which != TIME_REGISTRATION)
        took = which == TIME_PDD ? endpoint->call.pdd_ns : endpoint->call.setup_ns;
    at = registered ? moment_of(endpoint, EVENT_REGISTRATION, PHASE_CLOSED)
                    : moment_of(endpoint, EVENT_PHASE, PHASE_CALLING);
    if (took == EVENT_NONE || at == EVENT_NONE)
        return;
    double place = html_since(result, at) / step;
    html_cell_add(&cells[(uint32_t)fmin(place, (double)points - 1)], (double)took / 1e6);
}

static void add(const struct result *result, int which, uint32_t group, uint32_t step,
                uint32_t points, bool *any, struct text *out)
{
    struct metric_key key = {0};
    struct html_cell *cells = calloc(points, sizeof(*cells));
    if (!cells)
        abort();
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        if (group == ROSTER_NONE || result->roster->endpoints[i].group == group)
            take(result, &result->endpoints[i], which, step, points, cells);
    struct html_row row = {
        .key = &key, .digits = 1, .group = group, .cells = cells, .count = points};
    if (metric_key_find(names[which], strlen(names[which]), &key))
        html_row(&row, any, out);
    for (uint32_t i = 0; i < points; i++)
        html_cell_fini(&cells[i]);
    free(cells);
}

void html_times(const struct result *result, uint32_t step, uint32_t points, bool *any,
                struct text *out)
{
    uint32_t groups = result->roster->group_count;
    for (int which = 0; which < TIMES; which++) {
        add(result, which, ROSTER_NONE, step, points, any, out);
        for (uint32_t i = 0; groups > 1 && i < groups && i < BANDS_GROUPS_MAX; i++)
            add(result, which, i, step, points, any, out);
    }
}

/* Endpoints that are between the two phases, by adding up who enters and who leaves. */
static void add_phase(const struct result *result, enum endpoint_phase from, enum endpoint_phase to,
                      uint32_t step, uint32_t points, struct text *out)
{
    int64_t *changes = calloc(points + 1, sizeof(*changes)), now = 0;
    if (!changes)
        abort();
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        int64_t entered = EVENT_NONE, left = EVENT_NONE;
        for (size_t m = 0; m < endpoint->timeline_count; m++) {
            const struct result_moment *each = &endpoint->timeline[m];
            bool ends =
                each->kind == EVENT_OUTCOME || (each->kind == EVENT_PHASE && each->phase >= to);
            if (each->kind == EVENT_PHASE && each->phase >= from && entered == EVENT_NONE)
                entered = each->at_ns;
            if (ends && entered != EVENT_NONE && left == EVENT_NONE)
                left = each->at_ns;
        }
        if (entered == EVENT_NONE)
            continue;
        changes[(uint32_t)fmin(html_since(result, entered) / step, points)]++;
        if (left != EVENT_NONE)
            changes[(uint32_t)fmin(html_since(result, left) / step, points)]--;
    }
    for (uint32_t i = 0; i < points; i++) {
        now += changes[i];
        text_printf(out, "%s%lld", i > 0 ? "," : "", (long long)now);
    }
    free(changes);
}

void html_phases(const struct result *result, uint32_t step, uint32_t points, struct text *out)
{
    text_add(out, "{\"registered\":[");
    add_phase(result, PHASE_REGISTERED, PHASE_DISCONNECTING, step, points, out);
    text_add(out, "],\n\"calling\":[");
    add_phase(result, PHASE_CALLING, PHASE_INCALL, step, points, out);
    text_add(out, "],\n\"incall\":[");
    add_phase(result, PHASE_INCALL, PHASE_DISCONNECTING, step, points, out);
    text_add(out, "]}");
}
