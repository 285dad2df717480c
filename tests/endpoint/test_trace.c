#include "support/specification.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct got {
    unsigned pieces, messages;
    struct event last;       /* the last piece */
    uint32_t dropped[64];    /* by message */
    char message[64][20480]; /* put together again */
};

static void take(void *to, const struct event *event)
{
    struct got *got = to;
    const struct event_trace *piece = &event->trace;
    assert_int_equal(event->kind, EVENT_TRACE);
    assert_int_equal(event->endpoint, 7);
    assert_true(piece->message < 64);
    assert_in_range(piece->length, 1, EVENT_TRACE_BYTES);
    assert_int_equal(piece->offset, strlen(got->message[piece->message]));
    memcpy(got->message[piece->message] + piece->offset, piece->bytes, piece->length);
    got->dropped[piece->message] = piece->dropped;
    got->messages = piece->message + 1;
    got->pieces++;
    got->last = *event;
}

/* A message of so many bytes that begins with its number. */
static void add(struct trace *trace, unsigned number, size_t length)
{
    char *bytes = malloc(length);
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    char head[16];
    memcpy(bytes, head, (size_t)snprintf(head, sizeof head, "%u:", number));
    struct message message = {.facts = {.transport = "udp",
                                        .local = "192.0.2.1:5060",
                                        .remote = "[2001:db8::1]:5060",
                                        .sent = number % 2},
                              .at_ns = clock_now(),
                              .bytes = bytes,
                              .length = length};
    trace_add(trace, &message);
    free(bytes);
}

static void add_refresh(struct trace *trace, unsigned number, uint16_t status)
{
    char bytes[500];
    memset(bytes, 'r', sizeof bytes);
    int head = snprintf(bytes, sizeof bytes, "%u:", number);
    bytes[head] = 'r';
    struct message message = {.facts = {.transport = "udp",
                                        .local = "192.0.2.1:5060",
                                        .remote = "192.0.2.2:5060",
                                        .method = "REGISTER",
                                        .status = status},
                              .at_ns = clock_now(),
                              .bytes = bytes,
                              .length = sizeof bytes};
    trace_add(trace, &message);
}

static struct got *emit(struct trace *trace)
{
    struct got *got = calloc(1, sizeof *got);
    assert_non_null(got);
    trace_emit(trace, 7, take, got);
    return got;
}

static void messages_come_back_in_pieces_and_in_order(void **state)
{
    (void)state;
    struct trace trace = {0};
    add(&trace, 0, 100);
    add(&trace, 1, 512);
    add(&trace, 2, 1300);
    struct got *got = emit(&trace);
    assert_int_equal(got->messages, 3);
    assert_int_equal(got->pieces, 1 + 1 + 3);
    assert_int_equal(strlen(got->message[0]), 100);
    assert_int_equal(strlen(got->message[2]), 1300);
    assert_memory_equal(got->message[1], "1:x", 3);
    assert_int_equal(got->last.trace.total, 1300);
    assert_int_equal(got->last.trace.offset + got->last.trace.length, 1300);
    assert_string_equal(got->last.trace.transport, "udp");
    assert_string_equal(got->last.trace.local, "192.0.2.1:5060");
    assert_string_equal(got->last.trace.remote, "[2001:db8::1]:5060");
    assert_false(got->last.trace.sent);
    free(got);
}

static void the_time_is_that_of_the_wire(void **state)
{
    (void)state;
    struct trace trace = {0};
    struct message message = {
        .facts = {.sent = true}, .at_ns = clock_now() - NS_PER_S, .bytes = "x", .length = 1};
    trace_add(&trace, &message);
    struct got *got = emit(&trace);
    assert_int_equal(got->last.at_ns, clock_utc(message.at_ns));
    assert_true(got->last.trace.sent);
    free(got);
}

static void the_first_are_kept_and_of_the_rest_the_newest(void **state)
{
    (void)state;
    struct trace trace = {0};
    for (unsigned i = 0; i < 200; i++)
        add(&trace, i, 1000);
    struct got *got = emit(&trace);
    assert_in_range(got->messages, 18, 24);
    unsigned number = 0, first = 0;
    for (unsigned i = 0; i < got->messages; i++) {
        assert_int_equal(sscanf(got->message[i], "%u:", &number), 1);
        assert_int_equal(number, i + got->dropped[i]);
        first += number == i;
    }
    assert_int_equal(number, 199);
    assert_int_equal(first, 7); /* 8 KiB less the addresses */
    free(got);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct trace trace = {0};
    for (unsigned i = 0; i < 5000; i++) {
        add(&trace, i, 16 + i * 37 % 15000);
        assert_true(trace.first_bytes <= TRACE_FIRST);
        assert_true(trace.newest_bytes <= TRACE_NEWEST);
    }
    trace_free(&trace);
}

static void a_message_that_is_too_long_counts_as_dropped(void **state)
{
    (void)state;
    struct trace trace = {0};
    add(&trace, 0, 60000);
    add(&trace, 1, 100);
    struct got *got = emit(&trace);
    assert_int_equal(got->messages, 1);
    assert_int_equal(got->dropped[0], 1);
    assert_memory_equal(got->message[0], "1:x", 3);
    free(got);
}

static void credentials_are_never_kept(void **state)
{
    (void)state;
    struct trace trace = {0};
    static const char text[] = "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest s3cret\r\n\r\n";
    trace_add(&trace, &(struct message){.bytes = text, .length = sizeof text - 1});
    struct got *got = emit(&trace);
    assert_string_equal(got->message[0],
                        "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest ******\r\n\r\n");
    free(got);
}

static void it_is_given_once_and_keeps_nothing_afterwards(void **state)
{
    (void)state;
    struct trace trace = {0};
    add(&trace, 0, 10);
    free(emit(&trace));
    add(&trace, 1, 10);
    struct got *got = emit(&trace);
    assert_int_equal(got->pieces, 0);
    assert_null(trace.oldest);
    free(got);
}

static void of_refreshes_that_went_well_the_last_one_is_kept(void **state)
{
    (void)state;
    struct trace trace = {0};
    add(&trace, 0, TRACE_FIRST - 200);
    add(&trace, 1, 1000); /* no place among the first */
    for (unsigned i = 0; i < 10; i++) {
        add_refresh(&trace, 2 + 2 * i, 0);
        add_refresh(&trace, 3 + 2 * i, 200);
    }
    struct got *got = emit(&trace);
    assert_int_equal(got->messages, 4);
    assert_memory_equal(got->message[1], "1:", 2);
    assert_memory_equal(got->message[2], "20:", 3);
    assert_memory_equal(got->message[3], "21:", 3);
    assert_int_equal(got->dropped[3], 18);
    free(got);
}

static void a_refresh_that_failed_is_kept_with_the_one_behind_it(void **state)
{
    (void)state;
    struct trace trace = {0};
    add(&trace, 0, TRACE_FIRST - 200);
    add_refresh(&trace, 1, 0);
    add_refresh(&trace, 2, 200);
    add_refresh(&trace, 3, 0);
    add_refresh(&trace, 4, 503);
    add_refresh(&trace, 5, 0);
    add_refresh(&trace, 6, 200);
    struct got *got = emit(&trace);
    assert_int_equal(got->messages, 5);
    assert_memory_equal(got->message[1], "3:", 2);
    assert_memory_equal(got->message[4], "6:", 2);
    free(got);
}

/* Rests after each of them, after each second or third, or never: what is given is the same. */
static void packing_changes_nothing_but_its_room(void **state)
{
    (void)state;
    struct got *plain = NULL;
    struct compactor *compactor = compactor_new();
    for (unsigned each = 0; each < 4; each++) {
        struct trace trace = {0};
        trace_rest(&trace, compactor);
        trace_pack(&trace);
        for (unsigned i = 0; i < 30; i++) {
            add(&trace, i, 301 + i * 37 % 700);
            if (each && i % each == 0)
                trace_pack(&trace);
        }
        assert_int_equal(trace.packed != NULL, each > 0);
        if (each)
            assert_true(trace.packed_size < trace.plain_size / 4);
        struct got *got = emit(&trace);
        assert_null(trace.packed);
        if (!plain) {
            plain = got;
            continue;
        }
        assert_int_equal(got->messages, plain->messages);
        assert_int_equal(got->pieces, plain->pieces);
        assert_memory_equal(got->dropped, plain->dropped, sizeof got->dropped);
        assert_memory_equal(got->message, plain->message, sizeof got->message);
        free(got);
    }
    free(plain);
    compactor_free(compactor);
}

#define MANY 200

/* Bytes that no other trace has. */
static void add_noise(struct trace *trace, struct random *random)
{
    char bytes[900];
    for (size_t i = 0; i < sizeof bytes - 1; i++)
        bytes[i] = (char)('!' + random_next(random) % 90);
    bytes[sizeof bytes - 1] = '\0';
    trace_add(trace, &(struct message){.bytes = bytes, .length = sizeof bytes - 1});
}

static void add_text(struct trace *trace, const char *text)
{
    trace_add(trace, &(struct message){.bytes = text, .length = strlen(text)});
}

/* The first of them is unpacked by less of the pattern than the last, and the noise is more than
 * the pattern has room for. */
static void a_trace_is_packed_by_what_others_were_like(void **state)
{
    (void)state;
    static struct trace traces[MANY];
    static char texts[MANY][900];
    struct compactor *compactor = compactor_new();
    struct random random, noise;
    random_init(&random, 8);
    random_init(&noise, 9);
    for (unsigned i = 0; i < MANY; i++) {
        /* A third alike, a third of another kind, a third like nothing. */
        for (size_t at = 0; i < 2 && at < sizeof texts[i] - 1; at++)
            texts[i][at] = (char)('!' + random_next(&random) % 90);
        if (i >= 2 && i % 3 < 2)
            memcpy(texts[i], texts[i % 3], sizeof texts[i]);
        if (i % 3 < 2)
            add_text(&traces[i], texts[i]);
        else
            add_noise(&traces[i], &noise);
        trace_rest(&traces[i], compactor);
    }
    assert_true(traces[MANY - 80].packed_size < traces[MANY - 80].plain_size / 6);
    for (unsigned i = 0; i < MANY; i++) {
        struct got *got = emit(&traces[i]);
        assert_int_equal(got->messages, 1);
        if (i % 3 < 2)
            assert_string_equal(got->message[0], texts[i]);
        free(got);
    }
    compactor_free(compactor);
}

/* Who is gone soon was never packed, and who was there before is not held up by it. */
static void only_who_rests_for_long_is_packed(void **state)
{
    (void)state;
    static struct trace traces[MANY];
    struct compactor *compactor = compactor_new();
    struct trace first = {0};
    add(&first, 0, 500);
    trace_rest(&first, compactor);
    for (unsigned i = 0; i < MANY; i++) {
        add(&traces[i], i, 500);
        trace_rest(&traces[i], compactor);
        assert_int_equal(first.packed != NULL, i >= 63);
        if (i >= 3) {
            assert_null(traces[i - 3].packed);
            trace_free(&traces[i - 3]);
        }
    }
    struct got *got = emit(&first);
    assert_int_equal(got->messages, 1);
    free(got);
    for (unsigned i = MANY - 3; i < MANY; i++)
        trace_free(&traces[i]);
    compactor_free(compactor);
}

static void what_is_packed_is_freed_with_it(void **state)
{
    (void)state;
    struct compactor *compactor = compactor_new();
    struct trace trace = {0};
    add(&trace, 0, 500);
    trace_rest(&trace, compactor);
    trace_pack(&trace);
    assert_non_null(trace.packed);
    add(&trace, 1, 500);
    trace_free(&trace);
    assert_null(trace.packed);
    assert_null(trace.oldest);
    trace_rest(&trace, compactor);
    assert_int_equal(trace.place, 0);
    compactor_free(compactor);
}

SPECIFICATION(cmocka_unit_test(messages_come_back_in_pieces_and_in_order),
              cmocka_unit_test(the_time_is_that_of_the_wire),
              cmocka_unit_test(the_first_are_kept_and_of_the_rest_the_newest),
              cmocka_unit_test(memory_is_bounded),
              cmocka_unit_test(a_message_that_is_too_long_counts_as_dropped),
              cmocka_unit_test(credentials_are_never_kept),
              cmocka_unit_test(it_is_given_once_and_keeps_nothing_afterwards),
              cmocka_unit_test(of_refreshes_that_went_well_the_last_one_is_kept),
              cmocka_unit_test(a_refresh_that_failed_is_kept_with_the_one_behind_it),
              cmocka_unit_test(packing_changes_nothing_but_its_room),
              cmocka_unit_test(a_trace_is_packed_by_what_others_were_like),
              cmocka_unit_test(only_who_rests_for_long_is_packed),
              cmocka_unit_test(what_is_packed_is_freed_with_it))
