#include "support/specification.h"

#include "support/fixture.h"

static struct event piece(uint32_t message, uint32_t offset, uint32_t length, uint32_t total)
{
    struct event event = {.endpoint = 0, .kind = EVENT_TRACE};
    struct event_trace *trace = &event.trace;
    trace->message = message;
    trace->offset = offset;
    trace->length = length;
    trace->total = total;
    memset(trace->bytes, 'a' + (int)(message % 26), sizeof(trace->bytes));
    return event;
}

static void give(struct fixture *f, uint32_t message, uint32_t offset, uint32_t length,
                 uint32_t total)
{
    fixture_event(f, piece(message, offset, length, total));
}

static const struct result_trace *begin(struct fixture *f)
{
    fixture_init(f, 1);
    fixture_run(f);
    return &f->result->endpoints[0].trace;
}

static void pieces_are_put_together_as_they_were_given(void **state)
{
    struct fixture f;
    (void)state;
    const struct result_trace *trace = begin(&f);
    static const char masked[] = "REGISTER\r\nAuthorization: Digest ****\0\xff";
    struct event event = piece(0, 0, sizeof(masked), 600);
    event.trace.sent = true;
    memcpy(event.trace.bytes, masked, sizeof(masked));
    text_copy(event.trace.transport, sizeof(event.trace.transport), "tls");
    text_copy(event.trace.local, sizeof(event.trace.local), "[::1]:40000");
    text_copy(event.trace.remote, sizeof(event.trace.remote), "[::1]:5061");
    fixture_event(&f, event);
    give(&f, 0, sizeof(masked), 500, 600);
    f.now_ns += FIXTURE_MS;
    give(&f, 1, 0, 5, 5);
    give(&f, 0, sizeof(masked) + 500, 600 - 500 - sizeof(masked), 600); /* too late */
    assert_int_equal(trace->count, 2);
    const struct result_message *first = &trace->messages[0];
    assert_true(first->sent);
    assert_int_equal(first->at_ns, FIXTURE_START);
    assert_int_equal(first->total, 600);
    assert_int_equal(first->length, sizeof(masked) + 500);
    assert_memory_equal(first->bytes, masked, sizeof(masked));
    assert_string_equal(first->transport, "tls");
    assert_string_equal(first->local, "[::1]:40000");
    assert_string_equal(first->remote, "[::1]:5061");
    assert_memory_equal(trace->messages[1].bytes, "bbbbb", 5);
    fixture_fini(&f);
}

static void lies_about_offset_and_length_are_ignored(void **state)
{
    struct fixture f;
    (void)state;
    const struct result_trace *trace = begin(&f);
    give(&f, 0, 0, 0, 0);
    give(&f, 0, 0, 513, 600);
    give(&f, 0, 0, UINT32_MAX, UINT32_MAX);
    give(&f, 0, 1, 5, 6);
    give(&f, 0, 0, 6, 5);
    give(&f, 0, UINT32_MAX, 2, UINT32_MAX);
    assert_int_equal(trace->count, 0);
    give(&f, 0, 0, 100, 300);
    give(&f, 0, 0, 100, 300);   /* again */
    give(&f, 0, 200, 100, 300); /* a gap */
    give(&f, 0, 100, 100, 200); /* another total */
    give(&f, 7, 100, 100, 200); /* of a message that never began */
    assert_int_equal(trace->count, 1);
    assert_int_equal(trace->messages[0].length, 100);
    fixture_fini(&f);
}

static void trace_of_an_endpoint_is_bounded(void **state)
{
    struct fixture f;
    (void)state;
    const struct result_trace *trace = begin(&f);
    for (uint32_t i = 0; i < 100000; i++)
        give(&f, i, 0, 1, 1);
    assert_true(trace->room <= RESULT_TRACE_MAX);
    assert_true(trace->count > 100 && trace->count < 1000);
    assert_int_equal(trace->count + trace->left_out, 100000);
    fixture_fini(&f);
    trace = begin(&f);
    give(&f, 0, 0, 512, 10 << 20); /* of a message larger than there is room for */
    assert_int_equal(trace->count, 0);
    assert_int_equal(trace->left_out, 1);
    give(&f, 1, 0, 5, 5);
    assert_int_equal(trace->messages[0].missing, 1);
    fixture_fini(&f);
}

static void all_traces_together_are_bounded(void **state)
{
    struct fixture f;
    uint32_t whole = 0;
    (void)state;
    fixture_init(&f, 300);
    fixture_run(&f);
    for (uint32_t i = 0; i < 600; i++) {
        struct event event = piece(0, 0, 512, 60000);
        event.endpoint = i;
        fixture_event(&f, event);
        whole += f.result->endpoints[i].trace.count == 1;
    }
    assert_true(f.result->traced <= RESULT_TRACES_MAX);
    assert_true(whole > 250 && whole < 300);
    fixture_fini(&f);
}

static void what_the_sender_left_out_is_told_where_it_is_missing(void **state)
{
    struct fixture f;
    (void)state;
    const struct result_trace *trace = begin(&f);
    for (uint32_t i = 0; i < 3; i++) {
        struct event event = piece(i, 0, 10, 10);
        event.trace.dropped = i > 0 ? 4 : 0;
        fixture_event(&f, event);
    }
    assert_int_equal(trace->messages[0].missing, 0);
    assert_int_equal(trace->messages[1].missing, 4);
    assert_int_equal(trace->messages[2].missing, 0);
    fixture_fini(&f);
}

static void trace_is_no_moment_and_no_second_outcome(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    fixture_outcome(&f, 0, OUTCOME_SUCCESS, 0, "", "");
    give(&f, 0, 0, 10, 10);
    assert_int_equal(f.result->endpoints[0].timeline_count, 1);
    assert_int_equal(f.result->endpoints[0].trace.count, 1);
    fixture_fini(&f);
}

/* ---- the timeline ----------------------------------------------------------------------- */

static void timeline_keeps_its_beginning_and_its_end(void **state)
{
    static const uint32_t counts[] = {1,   RESULT_TIMELINE_MAX,     RESULT_TIMELINE_MAX + 1,
                                      900, RESULT_TIMELINE_MAX * 3, 5000};
    (void)state;
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        struct fixture f;
        uint32_t count = counts[c];
        fixture_init(&f, 1);
        fixture_run(&f);
        for (uint32_t i = 0; i < count; i++) {
            f.now_ns = FIXTURE_START + i;
            fixture_message(&f, 0, true, "OPTIONS", 0, "");
        }
        fixture_judge(&f);
        const struct result_endpoint *endpoint = &f.result->endpoints[0];
        size_t kept = count < RESULT_TIMELINE_MAX ? count : RESULT_TIMELINE_MAX;
        assert_int_equal(endpoint->timeline_count, kept);
        assert_int_equal(endpoint->timeline_dropped, count - kept);
        for (size_t i = 0; i < kept; i++) {
            uint64_t wanted = i < RESULT_TIMELINE_FIRST ? i : i + endpoint->timeline_dropped;
            assert_int_equal(endpoint->timeline[i].at_ns - FIXTURE_START, wanted);
        }
        fixture_fini(&f);
    }
}

/* ---- the call --------------------------------------------------------------------------- */

static void both_sides_of_a_call_name_the_same_call(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 3);
    fixture_run(&f);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(result_call(f.result, fixture_agent(&f, i)), fixture_caller(&f, i));
        assert_int_equal(result_call(f.result, fixture_caller(&f, i)), fixture_caller(&f, i));
    }
    f.endpoints[0].partner = ROSTER_NONE; /* called from outside */
    f.endpoints[1].partner = 1000;
    f.endpoints[2].partner = fixture_caller(&f, 0); /* which does not call it */
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(result_call(f.result, i), i);
    fixture_fini(&f);
}

SPECIFICATION(cmocka_unit_test(pieces_are_put_together_as_they_were_given),
              cmocka_unit_test(lies_about_offset_and_length_are_ignored),
              cmocka_unit_test(trace_of_an_endpoint_is_bounded),
              cmocka_unit_test(all_traces_together_are_bounded),
              cmocka_unit_test(what_the_sender_left_out_is_told_where_it_is_missing),
              cmocka_unit_test(trace_is_no_moment_and_no_second_outcome),
              cmocka_unit_test(timeline_keeps_its_beginning_and_its_end),
              cmocka_unit_test(both_sides_of_a_call_name_the_same_call))
