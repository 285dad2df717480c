/* What a platform sends, as the client reads it: the shapes that are documented, those that
 * contradict each other, and a thousand that nobody would send. */
#include "support/specification.h"

#include <stdlib.h>
#include <string.h>
#include "api.h"
#include "cmtest/random.h"
#include "document.h"

static const struct roster_group groups[] = {
    {.name = "agents", .first = 0, .count = 2},
    {.name = "callers", .first = 2, .count = 2},
};
static const struct roster_endpoint endpoints[] = {
    {.group = 0, .index = 0, .partner = 2, .role = ROLE_CALLEE},
    {.group = 0, .index = 1, .partner = 3, .role = ROLE_CALLEE},
    {.group = 1, .index = 0, .partner = 0, .role = ROLE_CALLER},
    {.group = 1, .index = 1, .partner = 1, .role = ROLE_CALLER},
};
static const struct roster roster = {
    .groups = groups, .group_count = 2, .endpoints = endpoints, .endpoint_count = 4};

/* Of exactly as many bytes as it has, so that reading behind them is seen. */
static char *copy_of(const char *text)
{
    char *copy = malloc(strlen(text) + (text[0] == '\0'));
    memcpy(copy, text, strlen(text));
    return copy;
}

static struct platform_run run_of(const char *text, struct platform_error *error)
{
    struct platform_run run;
    char *copy = copy_of(text);
    *error = (struct platform_error){0};
    platform_read_run(copy, strlen(text), &run, error);
    free(copy);
    return run;
}

static void the_id_of_a_run_has_two_names(void **state)
{
    (void)state;
    struct platform_error error;
    assert_string_equal(run_of("{\"data\":{\"testRunId\":\"a\"}}", &error).id, "a");
    assert_string_equal(run_of("{\"data\":{\"id\":\"b\"}}", &error).id, "b");
    assert_string_equal(run_of("{\"data\":{\"id\":\"b\",\"testRunId\":\"a\"}}", &error).id, "a");
    assert_string_equal(run_of("{\"data\":{\"id\":12}}", &error).id, "12");
    assert_int_equal(error.failure, PLATFORM_OK);
    run_of("{\"data\":{\"name\":\"b\"},\"meta\":{\"requestId\":\"r-7\"}}", &error);
    assert_int_equal(error.failure, PLATFORM_GARBLED);
    assert_non_null(strstr(error.text, "(request r-7)"));
}

static void every_known_status_is_found(void **state)
{
    (void)state;
    assert_int_equal(api_status("PENDING"), RUN_PENDING);
    assert_int_equal(api_status("Dispatching"), RUN_QUEUED);
    assert_int_equal(api_status("CANNOT_RUN_FOR_NOW"), RUN_NO_CAPACITY);
    assert_true(platform_status_final(RUN_FAILED));
    assert_true(platform_status_final(api_status("COMPLETED")));
    assert_false(platform_status_final(api_status("STOPPING")));
}

static void an_unknown_status_survives(void **state)
{
    (void)state;
    struct platform_error error;
    struct platform_run run = run_of("{\"data\":{\"id\":\"a\",\"status\":\"DREAMING\"}}", &error);
    assert_int_equal(run.status, RUN_UNKNOWN);
    assert_string_equal(run.word, "DREAMING");
    assert_false(platform_status_final(run.status));
}

static void times_have_fractions_and_zones(void **state)
{
    (void)state;
    int64_t ns;
    assert_true(document_parse_time("2026-11-21T10:00:00.123456789Z", &ns));
    assert_true(ns == INT64_C(1795255200123456789));
    assert_true(document_parse_time("2026-11-21T11:00:00.5+01:00", &ns));
    assert_true(ns == INT64_C(1795255200500000000));
    static const char *const wrong[] = {"",
                                        "2026-11-21",
                                        "2026-13-01T00:00:00Z",
                                        "tomorrow",
                                        "2026-11-21T10:00:00",
                                        "9999-01-01T00:00:00Z",
                                        "2026-11-21T10:00:00Zx"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(document_parse_time(wrong[i], &ns));
}

static void a_key_is_masked_wherever_it_stands(void **state)
{
    (void)state;
    struct platform_error error;
    char text[] = "x cmk_0123abcXYZ. cmk_ cmk_9";
    platform_mask(text, strlen(text));
    assert_string_equal(text, "x cmk_**********. cmk_ cmk_*");
    /* As an escape it is only seen when it has been read. */
    struct platform_run run =
        run_of("{\"data\":{\"id\":\"a\",\"reason\":\"\\u0063mk_secret\"}}", &error);
    assert_string_equal(run.reason, "cmk_******");
}

static void only_links_for_a_browser_are_taken(void **state)
{
    (void)state;
    struct platform_error error;
    assert_string_equal(run_of("{\"data\":{\"id\":\"a\",\"url\":\"https://x/y\"}}", &error).link,
                        "https://x/y");
    assert_string_equal(run_of("{\"data\":{\"id\":\"a\",\"url\":\"javascript:x\"}}", &error).link,
                        "");
    assert_string_equal(
        run_of("{\"data\":{\"id\":\"a\",\"url\":\"https://x/\\\"onload=1\"}}", &error).link, "");
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
    (void)state;
    struct platform_error error;
    struct platform_run run =
        run_of("{\"data\":{\"id\":\"a\\u001b[2J\",\"status\":\"\\u009bX\"}}", &error);
    assert_string_equal(run.id, "a?[2J");
    assert_null(strchr(run.word, '\x9b'));
}

static void ids_cannot_leave_their_segment(void **state)
{
    (void)state;
    struct text out = {0};
    api_expand(PATH_RUN, "a/b", NULL, "..", &out);
    assert_string_equal(text_get(&out), "/projects/a%2Fb/test-runs/%2E%2E");
    text_clear(&out);
    api_expand(PATH_START, "p?x=1#y", "t 1\r\n", NULL, &out);
    assert_string_equal(text_get(&out), "/projects/p%3Fx%3D1%23y/tests/t%201%0D%0A/run");
    text_fini(&out);
}

/* ---- metrics -------------------------------------------------------------------------------- */

struct taken {
    struct event event;
    struct platform_figure figure;
};

static void take_event(void *to, const struct event *event)
{
    ((struct taken *)to)->event = *event;
}

static void take_figure(void *to, const struct platform_figure *figure)
{
    ((struct taken *)to)->figure = *figure;
}

static bool read_metrics(const char *text, struct taken *taken, struct platform_sink *sink)
{
    struct platform_error error = {0};
    uint64_t pages;
    char *copy = copy_of(text);
    *sink = (struct platform_sink){
        .roster = &roster, .event = take_event, .figure = take_figure, .to = taken};
    bool ok = platform_read_metrics(copy, strlen(text), sink, &pages, &error);
    assert_true(ok == (error.failure == PLATFORM_OK));
    free(copy);
    return ok;
}

#define EVENT(body) "{\"data\":{\"events\":[{\"time\":\"2026-11-21T10:00:00Z\"," body "}]}}"

static void an_event_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct taken taken = {0};
    struct platform_sink sink;
    assert_true(read_metrics(EVENT("\"event\":\"call\",\"endpoint\":\"callers[1]\",\"result\":"
                                   "\"busy\",\"counted\":true,\"status\":486,\"setup_ns\":null,"
                                   "\"pdd_ns\":81000000,\"reason\":\"Busy\""),
                             &taken, &sink));
    assert_int_equal(taken.event.kind, EVENT_CALL);
    assert_int_equal(taken.event.endpoint, 3);
    assert_int_equal(taken.event.call.result, CALL_BUSY);
    assert_int_equal(taken.event.call.status, 486);
    assert_true(taken.event.call.setup_ns == EVENT_NONE);
    assert_true(taken.event.call.ringing_ns == EVENT_NONE); /* what is not there was not measured */
    assert_true(taken.event.call.pdd_ns == 81000000);
    assert_string_equal(taken.event.call.reason, "Busy");
    assert_true(sink.events == 1);
}

static void a_second_has_only_the_readings_that_are_there(void **state)
{
    (void)state;
    struct taken taken = {0};
    struct platform_sink sink;
    double value;
    assert_true(read_metrics(
        EVENT("\"event\":\"second\",\"endpoint\":\"agents[0]\",\"direction\":\"receive\","
              "\"second\":3,\"length_ms\":1000,\"agreed\":true,\"scale\":\"wide\",\"readings\":{"
              "\"mos\":4.125,\"packet_loss\":0,\"of_tomorrow\":1}"),
        &taken, &sink));
    assert_true(second_get(&taken.event.second, READING_MOS, &value) && value == 4.125);
    assert_true(second_get(&taken.event.second, READING_PACKET_LOSS, &value) && value == 0);
    assert_false(second_knows(&taken.event.second, READING_JITTER));
    assert_int_equal(taken.event.second.second, 3);
}

static void what_is_no_event_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        EVENT("\"event\":\"call\""),
        EVENT("\"event\":\"call\",\"endpoint\":3"),
        EVENT("\"event\":\"call\",\"endpoint\":\"callers[0]\",\"status\":70000"),
        EVENT("\"event\":\"call\",\"endpoint\":\"callers[0]\",\"status\":-1"),
        EVENT("\"event\":\"call\",\"endpoint\":\"callers[0]\",\"result\":\"lovely\""),
        EVENT("\"event\":\"call\",\"endpoint\":\"callers[0]\",\"counted\":1"),
        EVENT("\"event\":\"stop\",\"endpoint\":\"callers[0]\",\"threshold\":1"),
        EVENT("\"event\":\"second\",\"endpoint\":\"callers[0]\",\"direction\":\"up\""),
        EVENT(
            "\"event\":\"second\",\"endpoint\":\"callers[0]\",\"direction\":\"send\",\"second\":1,"
            "\"length_ms\":1000,\"readings\":{\"mos\":\"4\"}"),
        "{\"data\":{\"events\":[{\"event\":\"call\",\"endpoint\":\"callers[0]\"}]}}",
        "{\"data\":{\"events\":{}}}",
        "{\"data\":{\"aggregates\":[{\"metric\":\"mos\",\"statistics\":4}]}}",
        "{\"data\":[]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct taken taken = {0};
        struct platform_sink sink;
        if (read_metrics(wrong[i], &taken, &sink))
            fail_msg("%s", wrong[i]);
    }
}

static void kinds_of_tomorrow_are_left_out_and_strangers_are_counted(void **state)
{
    (void)state;
    struct taken taken = {0};
    struct platform_sink sink;
    assert_true(
        read_metrics(EVENT("\"event\":\"dream\",\"endpoint\":\"callers[0]\""), &taken, &sink));
    assert_true(sink.events == 0 && sink.strangers == 0);
    static const char *const names[] = {"callers[2]",  "callers",
                                        "callers[-1]", "[0]",
                                        "callers[0]x", "callers[99999999999999999999]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct text text = {0};
        text_printf(&text, EVENT("\"event\":\"phase\",\"endpoint\":\"%s\",\"phase\":\"CLOSED\""),
                    names[i]);
        assert_true(read_metrics(text_get(&text), &taken, &sink));
        assert_true(sink.strangers == 1 && sink.events == 0);
        assert_string_equal(sink.stranger, names[i]);
        text_fini(&text);
    }
}

static void figures_are_given_one_by_one(void **state)
{
    (void)state;
    struct taken taken = {0};
    struct platform_sink sink;
    assert_true(read_metrics("{\"data\":{\"aggregates\":[{\"key\":\"jitter_ms\",\"direction\":"
                             "\"receive\",\"group\":\"callers\",\"count\":9,\"statistics\":{"
                             "\"avg\":2,\"note\":\"x\",\"p95\":3.5}}]}}",
                             &taken, &sink));
    assert_true(sink.figures == 2);
    assert_string_equal(taken.figure.metric, "jitter_ms");
    assert_string_equal(taken.figure.statistic, "p95");
    assert_string_equal(taken.figure.group, "callers");
    assert_true(taken.figure.samples == 9 && taken.figure.value == 3.5);
}

/* ---- a thousand ----------------------------------------------------------------------------- */

static const char *const seeds[] = {
    "{\"data\":[{\"id\":\"a\",\"slug\":\"s\",\"name\":\"n\",\"testCount\":3}],\"meta\":{"
    "\"requestId\":\"r\",\"pagination\":{\"page\":1,\"perPage\":25,\"total\":1,\"totalPages\":1}}}",
    "{\"data\":{\"id\":\"t\",\"totalEndpoints\":4,\"duration\":3,\"groups\":[{},{}]}}",
    "{\"data\":{\"testRunId\":\"r\",\"status\":\"RUNNING\",\"createdAt\":\"2026-11-21T10:00:00Z\","
    "\"url\":\"https://x/y\",\"reason\":\"cmk_abc\"},\"meta\":{\"requestId\":\"r\"}}",
    "{\"error\":{\"code\":\"UNAUTHORIZED\",\"message\":\"expired\"},\"meta\":{\"requestId\":\"r\"}"
    "}",
    "{\"data\":{\"aggregates\":[{\"metric\":\"mos\",\"direction\":\"receive\",\"samples\":9,"
    "\"statistics\":{\"avg\":4.2,\"p95\":4.3}}],\"events\":[{\"time\":\"2026-11-21T10:00:00.1Z\","
    "\"event\":\"outcome\",\"endpoint\":\"callers[0]\",\"outcome\":\"SUCCESS\",\"failure\":\"\"}]}"
    "}",
    EVENT("\"event\":\"second\",\"endpoint\":\"agents[0]\",\"direction\":\"receive\",\"second\":3,"
          "\"length_ms\":1000,\"agreed\":true,\"scale\":\"wide\",\"readings\":{\"mos\":4.125}"),
};
#define SEEDS (sizeof seeds / sizeof *seeds)

/* Bytes changed, taken out, doubled, cut off; pieces of JSON put in. */
static void mutate(struct random *random, struct text *text)
{
    static const char *const pieces[] = {"null",    "[",        "]",     "{",
                                         "}",       "\"",       "-1",    "1e999",
                                         "\\u0000", "\xff\xfe", "cmk_x", "18446744073709551616",
                                         ",",       "[[[[[["};
    for (uint64_t i = 1 + random_below(random, 4); i-- && text->length;) {
        size_t at = (size_t)random_below(random, text->length);
        struct text next = {0};
        const char *piece = pieces[random_below(random, sizeof pieces / sizeof *pieces)];
        size_t skip = (size_t)random_below(random, 6);
        switch (random_below(random, 5)) {
        case 0:
            text->data[at] = (char)random_below(random, 256);
            break;
        case 1:
            text_add_bytes(&next, text->data, at);
            break;
        case 2:
            text_add_bytes(&next, text->data, at);
            text_add(&next, piece);
            text_add_bytes(&next, text->data + at, text->length - at);
            break;
        case 3:
            text_add_bytes(&next, text->data, at);
            skip = at + skip < text->length ? at + skip : text->length;
            text_add_bytes(&next, text->data + skip, text->length - skip);
            break;
        default:
            text_add_bytes(&next, text->data, text->length);
            text_add_bytes(&next, text->data + at, text->length - at);
            break;
        }
        if (next.length) {
            text_fini(text);
            *text = next;
        } else {
            text_fini(&next);
        }
    }
}

static void drop_item(void *to, const struct platform_item *item)
{
    (void)to;
    assert_true(item->id[0]);
}

static void read_by_all(const struct text *text)
{
    for (int reader = 0; reader < 5; reader++) {
        struct platform_error error = {0};
        struct platform_run run;
        struct platform_test test;
        struct taken taken = {0};
        struct platform_sink sink = {
            .roster = &roster, .event = take_event, .figure = take_figure, .to = &taken};
        struct text said = {0};
        uint64_t pages;
        bool ok = true;
        char *copy = malloc(text->length + !text->length);
        memcpy(copy, text_get(text), text->length);
        switch (reader) {
        case 0:
            ok = platform_read_items(copy, text->length, drop_item, NULL, &pages, &error);
            break;
        case 1:
            ok = platform_read_test(copy, text->length, &test, &error);
            break;
        case 2:
            ok = platform_read_run(copy, text->length, &run, &error);
            break;
        case 3:
            ok = platform_read_metrics(copy, text->length, &sink, &pages, &error);
            break;
        default:
            platform_read_error(copy, text->length, 500, "r", &said);
            assert_true(said.length > 0);
            break;
        }
        assert_true(ok == (error.failure == PLATFORM_OK) && ok == !error.text[0]);
        text_fini(&said);
        free(copy);
    }
}

static void a_thousand_mutated_documents_do_no_harm(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 9);
    for (int i = 0; i < 1000; i++) {
        struct text text = {0};
        text_add(&text, seeds[i % (int)SEEDS]);
        mutate(&random, &text);
        read_by_all(&text);
        text_fini(&text);
    }
}

SPECIFICATION(cmocka_unit_test(the_id_of_a_run_has_two_names),
              cmocka_unit_test(every_known_status_is_found),
              cmocka_unit_test(an_unknown_status_survives),
              cmocka_unit_test(times_have_fractions_and_zones),
              cmocka_unit_test(a_key_is_masked_wherever_it_stands),
              cmocka_unit_test(only_links_for_a_browser_are_taken),
              cmocka_unit_test(control_characters_do_not_reach_a_terminal),
              cmocka_unit_test(ids_cannot_leave_their_segment),
              cmocka_unit_test(an_event_is_read_as_it_was_written),
              cmocka_unit_test(a_second_has_only_the_readings_that_are_there),
              cmocka_unit_test(what_is_no_event_is_refused),
              cmocka_unit_test(kinds_of_tomorrow_are_left_out_and_strangers_are_counted),
              cmocka_unit_test(figures_are_given_one_by_one),
              cmocka_unit_test(a_thousand_mutated_documents_do_no_harm))
