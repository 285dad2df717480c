/*
 * What a platform sends: the first byte says which document it is, and each is read as the client
 * does; events and figures go where those of a run go.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/platform.h"
#include "cmtest/result.h"

static const struct roster_group groups[] = {{.name = "agents",
                                              .registrar = "embedded",
                                              .server = "x",
                                              .codecs = "pcma",
                                              .first = 0,
                                              .count = 2},
                                             {.name = "callers",
                                              .registrar = "embedded",
                                              .server = "x",
                                              .target = "agents",
                                              .codecs = "pcma",
                                              .first = 2,
                                              .count = 2}};
static const struct roster_endpoint endpoints[] = {
    {.group = 0, .index = 0, .partner = 2, .role = ROLE_CALLEE, .account = "sip:a@x"},
    {.group = 0, .index = 1, .partner = 3, .role = ROLE_CALLEE, .account = "sip:b@x"},
    {.group = 1, .index = 0, .partner = 0, .role = ROLE_CALLER, .account = "sip:c@x"},
    {.group = 1, .index = 1, .partner = 1, .role = ROLE_CALLER, .account = "sip:d@x"}};
static const struct roster roster = {.name = "fuzz",
                                     .spec = "fuzz.yaml",
                                     .groups = groups,
                                     .group_count = 2,
                                     .endpoints = endpoints,
                                     .endpoint_count = 4,
                                     .planned_calls = 2};

static void take_item(void *to, const struct platform_item *item)
{
    ALWAYS(item->id[0]);
    ++*(size_t *)to;
}

static void take_figure(void *to, const struct platform_figure *figure)
{
    struct event event = {.endpoint = ROSTER_NONE, .kind = EVENT_FIGURE};
    text_copy(event.figure.metric, sizeof event.figure.metric, figure->metric);
    text_copy(event.figure.direction, sizeof event.figure.direction, figure->direction);
    text_copy(event.figure.group, sizeof event.figure.group, figure->group);
    text_copy(event.figure.statistic, sizeof event.figure.statistic, figure->statistic);
    event.figure.value = figure->value;
    event.figure.samples = figure->samples;
    result_event(to, &event);
}

static bool read_metrics(char *bytes, size_t length, struct platform_error *error)
{
    static const char *const lines[] = {"calls.success_rate >= 99%", "receive.mos.avg >= 3.5",
                                        "receive.jitter.p95 < 40ms in callers",
                                        "receive.packet_loss.max < 1% during worst 2s"};
    struct threshold thresholds[4];
    struct threshold_error wrong;
    struct arena *arena = arena_new();
    uint64_t pages;
    for (size_t i = 0; i < 4; i++)
        ALWAYS(threshold_parse(lines[i], arena, &thresholds[i], &wrong));
    struct result *result = result_new(&roster, thresholds, 4, 1, 0);
    struct platform_sink sink = {
        .roster = &roster, .event = result_event, .figure = take_figure, .to = result};
    bool ok = platform_read_metrics(bytes, length, &sink, &pages, error);
    struct event remote = {.endpoint = ROSTER_NONE, .kind = EVENT_REMOTE};
    remote.remote.partial = sink.events == 0;
    result_event(result, &remote);
    result_judge(result, 1);
    result_free(result);
    arena_free(arena);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct platform_error error = {0};
    struct platform_run run;
    struct platform_test test;
    struct text text = {0};
    uint64_t pages;
    size_t count = 0;
    bool ok = true;
    if (length < 1)
        return -1;
    char *copy = malloc(length); /* as long as it is, so that no byte behind it is read */
    ALWAYS(copy);
    memcpy(copy, bytes + 1, --length);
    switch (bytes[0] % 6) {
    case 0:
        ok = platform_read_items(copy, length, take_item, &count, &pages, &error);
        break;
    case 1:
        ok = platform_read_test(copy, length, &test, &error);
        break;
    case 2:
        ok = platform_read_run(copy, length, &run, &error);
        ALWAYS(!ok || run.id[0]);
        break;
    case 3:
        platform_read_error(copy, length, 500, "", &text);
        ALWAYS(text.length > 0);
        break;
    case 4:
        text_add_bytes(&text, copy, length);
        platform_retry_after(text_get(&text), 0);
        break;
    default:
        ok = read_metrics(copy, length, &error);
        break;
    }
    ALWAYS(ok == (error.failure == PLATFORM_OK) && ok == !error.text[0]);
    text_fini(&text);
    free(copy);
    return 0;
}
