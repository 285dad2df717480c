/* The documents of the API, one by one. */
#include "document.h"

#include <math.h>
#include <string.h>

static bool read_item(const json_t *object, struct platform_item *item)
{
    *item = (struct platform_item){.tests = -1};
    double tests = document_number(object, NAME_TEST_COUNT, -1);
    if (tests >= 0 && tests < 1e15)
        item->tests = (int64_t)tests;
    document_text(object, NAME_SLUG, item->slug, sizeof item->slug);
    document_text(object, NAME_NAME, item->name, sizeof item->name);
    return document_text(object, NAME_ID, item->id, sizeof item->id);
}

bool platform_read_items(char *bytes, size_t length, platform_item_fn *item, void *to,
                         uint64_t *pages, struct platform_error *error)
{
    struct document document;
    struct platform_item one;
    size_t i;
    const json_t *each;
    bool ok = document_open(&document, bytes, length, error);
    if (ok && !json_is_array(document.data))
        ok = document_wrong(&document, error, "the platform's answer is no list");
    *pages = document.pages;
    json_array_foreach(ok ? document.data : NULL, i, each)
    {
        ok = ok && read_item(each, &one);
        if (ok)
            item(to, &one);
        else if (error->failure == PLATFORM_OK)
            document_wrong(&document, error, "entry %zu of the platform's list has no id", i + 1);
    }
    document_free(&document);
    return ok;
}

bool platform_read_test(char *bytes, size_t length, struct platform_test *test,
                        struct platform_error *error)
{
    struct document document;
    *test =
        (struct platform_test){.endpoints = -1, .groups = -1, .duration_s = -1, .buildup_s = -1};
    bool ok = document_open(&document, bytes, length, error);
    if (ok && !document_text(document.data, NAME_ID, test->id, sizeof test->id))
        ok = document_wrong(&document, error, "the platform told no id of the test");
    if (ok) {
        double endpoints = document_number(document.data, NAME_ENDPOINTS, -1);
        const json_t *groups = api_get(document.data, NAME_GROUPS);
        if (endpoints >= 0 && endpoints < 1e9)
            test->endpoints = (int64_t)endpoints;
        if (json_is_array(groups))
            test->groups = (int64_t)json_array_size(groups);
        test->duration_s = document_number(document.data, NAME_DURATION, -1);
        test->buildup_s = document_number(document.data, NAME_BUILDUP, -1);
        document_text(document.data, NAME_NAME, test->name, sizeof test->name);
    }
    document_free(&document);
    return ok;
}

/* Only what a browser may be sent to. */
static void read_link(const json_t *object, struct platform_run *run)
{
    document_text(object, NAME_LINK, run->link, sizeof run->link);
    if (strncmp(run->link, "https://", 8) != 0 && strncmp(run->link, "http://", 7) != 0)
        run->link[0] = '\0';
    if (strpbrk(run->link, " \"'<>()"))
        run->link[0] = '\0';
}

bool platform_read_run(char *bytes, size_t length, struct platform_run *run,
                       struct platform_error *error)
{
    struct document document;
    *run = (struct platform_run){
        .created_ns = EVENT_NONE, .started_ns = EVENT_NONE, .ended_ns = EVENT_NONE};
    bool ok = document_open(&document, bytes, length, error);
    if (ok && !document_text(document.data, NAME_RUN_ID, run->id, sizeof run->id))
        ok = document_wrong(&document, error, "the platform told no id of the run");
    if (ok && api_get(document.data, NAME_STATUS) &&
        !json_is_string(api_get(document.data, NAME_STATUS)))
        ok = document_wrong(&document, error, "the status of the run is no word");
    if (ok) {
        if (document_text(document.data, NAME_STATUS, run->word, sizeof run->word))
            run->status = api_status(run->word);
        document_text(document.data, NAME_REASON, run->reason, sizeof run->reason);
        read_link(document.data, run);
        run->created_ns = document_time(document.data, NAME_CREATED);
        run->started_ns = document_time(document.data, NAME_STARTED);
        run->ended_ns = document_time(document.data, NAME_ENDED);
    }
    document_free(&document);
    return ok;
}

/* ---- metrics -------------------------------------------------------------------------------- */

static bool read_figures(const struct document *document, const json_t *row,
                         struct platform_sink *sink, struct platform_error *error)
{
    struct platform_figure figure = {0};
    const json_t *statistics = api_get(row, NAME_STATISTICS);
    const char *name;
    json_t *value;
    if (!document_text(row, NAME_METRIC, figure.metric, sizeof figure.metric) ||
        !json_is_object(statistics))
        return document_wrong(document, error,
                              "an aggregate of the run has no metric or no "
                              "statistics");
    document_text(row, NAME_DIRECTION, figure.direction, sizeof figure.direction);
    document_text(row, NAME_GROUP, figure.group, sizeof figure.group);
    double samples = document_number(row, NAME_SAMPLES, 0);
    figure.samples = samples >= 0 && samples < 1e15 ? (uint64_t)samples : 0;
    json_object_foreach((json_t *)statistics, name, value)
    {
        if (!json_is_number(value) || strlen(name) >= sizeof figure.statistic)
            continue;
        text_copy(figure.statistic, sizeof figure.statistic, name);
        figure.value = json_number_value(value);
        if (!isfinite(figure.value))
            continue;
        sink->figures++;
        if (sink->figure)
            sink->figure(sink->to, &figure);
    }
    return true;
}

static bool read_event(const struct document *document, const json_t *row, size_t number,
                       struct platform_sink *sink, struct platform_error *error)
{
    struct event event;
    bool known;
    const char *stranger = NULL;
    if (!event_read(row, sink->roster, &event, &known, &stranger))
        return document_wrong(document, error,
                              "event %zu of a page of the run's metrics is none that can be read",
                              number + 1);
    if (stranger) {
        if (sink->strangers++ == 0) {
            text_copy(sink->stranger, sizeof sink->stranger, stranger);
            for (char *at = sink->stranger; *at; at++)
                if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f)
                    *at = '?';
            platform_mask(sink->stranger, strlen(sink->stranger));
        }
        return true;
    }
    if (!known)
        return true;
    sink->events++;
    if (sink->event)
        sink->event(sink->to, &event);
    return true;
}

bool platform_read_metrics(char *bytes, size_t length, struct platform_sink *sink, uint64_t *pages,
                           struct platform_error *error)
{
    struct document document;
    size_t i;
    const json_t *each;
    bool ok = document_open(&document, bytes, length, error);
    const json_t *figures = api_get(document.data, NAME_AGGREGATES);
    const json_t *events = api_get(document.data, NAME_EVENTS);
    *pages = document.pages;
    if (ok && ((figures && !json_is_array(figures)) || (events && !json_is_array(events)) ||
               !json_is_object(document.data)))
        ok = document_wrong(&document, error, "the metrics of the run are no lists");
    json_array_foreach(ok ? figures : NULL, i, each) ok =
        ok && read_figures(&document, each, sink, error);
    json_array_foreach(ok ? events : NULL, i, each) ok =
        ok && read_event(&document, each, i, sink, error);
    document_free(&document);
    return ok;
}
