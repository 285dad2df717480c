#include "html/html.h"

#include <math.h>
#include <string.h>

/* A column: one element per endpoint. */
typedef void column_fn(const struct result *result, const struct html_figures *figures,
                       uint32_t endpoint, struct text *out);

static void add_ms(struct text *out, bool known, int64_t ns)
{
    html_scaled(out, known && ns != EVENT_NONE ? (double)ns / 1e6 : NAN, 1);
}

#define COLUMN(name)                                                                  \
    static void name(const struct result *result, const struct html_figures *figures, \
                     uint32_t endpoint, struct text *out)

/* So that every column can be of the same type. */
#define OF_RESULT  \
    (void)figures; \
    const struct result_endpoint *own = &result->endpoints[endpoint];
#define OF_SECONDS \
    (void)result;  \
    const struct html_figures *own = &figures[endpoint];

COLUMN(outcome)
{
    OF_RESULT
    text_printf(out, "%d", own->closed ? (int)own->outcome.outcome : (int)OUTCOME_OSERROR);
}

COLUMN(status)
{
    OF_RESULT
    text_printf(out, "%u",
                own->outcome.status ? own->outcome.status
                : own->call_known   ? own->call.status
                                    : 0u);
}

COLUMN(setup)
{
    OF_RESULT
    add_ms(out, own->call_known, own->call.setup_ns);
}

COLUMN(first_media)
{
    OF_RESULT
    add_ms(out, own->call_known, own->call.first_media_ns);
}

COLUMN(duration)
{
    OF_RESULT
    add_ms(out, own->call_known, own->call.duration_ns);
}

COLUMN(loss)
{
    OF_RESULT
    const struct event_call *call = &own->call;
    bool known = own->call_known && call->media_known && call->packets_expected > 0;
    html_scaled(
        out, known ? 100.0 * (double)call->packets_missing / (double)call->packets_expected : NAN,
        2);
}

COLUMN(packets)
{
    OF_RESULT
    bool known = own->call_known && own->call.media_known;
    html_scaled(out, known ? (double)own->call.packets_received : NAN, 0);
}

COLUMN(mos)
{
    OF_SECONDS
    html_scaled(out, own->mos_count ? own->mos_sum / own->mos_count : NAN, 2);
}

COLUMN(mos_min)
{
    OF_SECONDS
    html_scaled(out, own->mos_count ? own->mos_min : NAN, 2);
}

COLUMN(jitter)
{
    OF_SECONDS
    html_scaled(out, own->jitter_count ? own->jitter_max : NAN, 2);
}

COLUMN(rtt)
{
    OF_SECONDS
    html_scaled(out, own->rtt_count ? own->rtt_sum / own->rtt_count : NAN, 1);
}

COLUMN(partner)
{
    (void)figures;
    uint32_t other = result_partner(result, endpoint);
    text_printf(out, "%d", other == ROSTER_NONE ? -1 : (int)other);
}

static const struct {
    const char *name;
    column_fn *write;
} columns[] = {{"outcome", outcome},   {"status", status},     {"setup", setup},
               {"first", first_media}, {"duration", duration}, {"mos", mos},
               {"mosmin", mos_min},    {"loss", loss},         {"jitter", jitter},
               {"rtt", rtt},           {"packets", packets},   {"partner", partner}};

/* Most endpoints end alike: each text stands once, and the column tells which. */
#define TEXTS_MAX 256
enum { TEXT_NONE, TEXT_OTHER }; /* the first two of them */
#define TEXT_SHOWN 300

struct texts {
    struct text list[TEXTS_MAX];
    size_t count;
};

static size_t text_index(struct texts *texts, const struct text *wanted)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(text_get(&texts->list[i]), text_get(wanted)) == 0)
            return i;
    if (texts->count == TEXTS_MAX)
        return TEXT_OTHER;
    text_add(&texts->list[texts->count], text_get(wanted));
    return texts->count++;
}

static void add_reasons(const struct result *result, struct text *out)
{
    struct texts texts = {.count = 2};
    struct text reason = {0};
    text_add(&texts.list[TEXT_OTHER], "(in result.json: there were too many different reasons)");
    text_add(out, ",\n\"reason\":[");
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct event_outcome *own = &result->endpoints[i].outcome;
        text_clear(&reason);
        if (result->endpoints[i].closed) {
            text_add(&reason, own->reason);
            if (own->detail[0] && own->reason[0])
                text_add(&reason, ": ");
            text_add(&reason, own->detail);
        } else
            text_add(&reason, "it never reported how it ended");
        text_printf(out, "%s%zu", i > 0 ? "," : "", text_index(&texts, &reason));
    }
    text_add(out, "],\n\"texts\":[");
    for (size_t i = 0; i < texts.count; i++) {
        text_add(out, i > 0 ? "," : "");
        html_json(out, text_get(&texts.list[i]));
        text_fini(&texts.list[i]);
    }
    text_add(out, "]");
    text_fini(&reason);
}

void html_table(const struct result *result, const struct html_figures *figures, struct text *out)
{
    uint32_t count = result->roster->endpoint_count;
    text_printf(out, "{\"count\":%u", count);
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
        text_printf(out, ",\n\"%s\":[", columns[c].name);
        for (uint32_t i = 0; i < count; i++) {
            text_add(out, i > 0 ? "," : "");
            columns[c].write(result, figures, i, out);
        }
        text_add(out, "]");
    }
    add_reasons(result, out);
    text_add(out, "}");
}
