/*
 * csv: every sample of every metric that the verdict saw, a line each (RFC 4180, UTF-8), so that a
 * threshold can be computed again from it. Columns:
 *
 *   time       s since the start of the run, 9 digits (exact ns): the event's at_ns, which of a
 *              second of a stream is its end; empty: the sample is missing
 *   second     of the stream's media, from 0; empty where it is no second of a stream
 *   length_ms  of this second; empty where it is none
 *   endpoint   "callers[3]"; group and index are its parts
 *   group, index
 *   role       caller or callee
 *   phase      in which the endpoint was: INCALL
 *   direction  send, receive; empty for a metric without
 *   metric     "packet_loss", without its direction
 *   value      as short as it comes back to the last bit; of a rate 0 or 1; empty: due, but missing
 *   unit       "%", "ms", "packets"; empty: a score, or a rate
 *   scale      narrow, wide, full: of the scores of the E-model
 *   case       of a matrix; else empty
 *
 * In the order of the run; at its end what never reported but counts (the call that nobody told
 * of), then a line without time and value for each endpoint that owed a sample and gave none.
 */
#include <math.h>
#include <string.h>
#include "cmtest/json_event.h"
#include "samples.h"

struct csv {
    FILE *out;
    struct text line;
    const char *case_name;
};

static void add_cell(struct text *line, const char *cell)
{
    if (cell[strcspn(cell, ",\"\r\n")] == '\0') {
        text_add(line, cell);
        return;
    }
    text_add(line, "\"");
    for (; *cell; cell++) {
        if (*cell == '"')
            text_add(line, "\"");
        text_add_bytes(line, cell, 1);
    }
    text_add(line, "\"");
}

static void add_time(struct csv *csv, const struct sample *sample)
{
    struct text *line = &csv->line;
    const struct event *event = sample->event;
    if (event) {
        int64_t ns = event->at_ns - sample->result->started_ns;
        uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
        text_printf(line, "%s%llu.%09llu", ns < 0 ? "-" : "",
                    (unsigned long long)(size / 1000000000),
                    (unsigned long long)(size % 1000000000));
    }
    if (event && event->kind == EVENT_SECOND)
        text_printf(line, ",%u,%u,", event->second.second, event->second.length_ms);
    else
        text_add(line, ",,,");
}

static void add_value(struct csv *csv, const struct sample *sample)
{
    static const char *const scales[] = {"narrow", "wide", "full"};
    struct text *line = &csv->line;
    const struct metric *metric = sample->key.metric;
    text_printf(line, ",%s,%s,",
                sample->key.direction == METRIC_SEND      ? "send"
                : sample->key.direction == METRIC_RECEIVE ? "receive"
                                                          : "",
                metric->name);
    if (!isnan(sample->value))
        json_event_number(sample->value, line);
    const char *unit = metric->kind == METRIC_RATE ? "" : metric_unit_suffix(metric->unit);
    text_printf(line, ",%s,", unit + strspn(unit, " "));
    if (metric->scaled && sample->event && sample->event->kind == EVENT_SECOND)
        text_add(line, scales[sample->event->second.scale]);
}

static void take(void *to, const struct sample *sample)
{
    struct csv *csv = to;
    char name[96];
    const struct roster *roster = sample->result->roster;
    const struct roster_endpoint *who = &roster->endpoints[sample->endpoint];
    if (ferror(csv->out))
        return;
    text_clear(&csv->line);
    add_time(csv, sample);
    roster_endpoint_name(roster, sample->endpoint, name, sizeof(name));
    add_cell(&csv->line, name);
    text_add(&csv->line, ",");
    add_cell(&csv->line, roster->groups[who->group].name);
    text_printf(&csv->line, ",%u,%s,%s", who->index, who->role == ROLE_CALLER ? "caller" : "callee",
                phase_name(sample->phase));
    add_value(csv, sample);
    text_add(&csv->line, ",");
    add_cell(&csv->line, csv->case_name ? csv->case_name : "");
    text_add(&csv->line, "\r\n");
    fwrite(text_get(&csv->line), 1, csv->line.length, csv->out);
}

static bool stream(const struct report *report, FILE *out)
{
    struct csv csv = {.out = out};
    fputs("time,second,length_ms,endpoint,group,index,role,phase,direction,metric,value,unit,scale,"
          "case\r\n",
          out);
    for (size_t i = 0; i < report->run_count; i++) {
        csv.case_name = report->runs[i].case_name;
        samples_read(&report->runs[i], take, &csv);
    }
    text_fini(&csv.line);
    return true;
}

const struct report_format report_format_csv = {
    .name = "csv",
    .help = "every sample of every metric, a line each, and those that were due but are missing",
    .stream = stream,
};
