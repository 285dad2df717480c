/* Whose a message is, and how a stream is cut: without sockets. */
#include "support/specification.h"
#include "cmtest/arena.h"
#include "wire_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- heads ----------------------------------------------------------------------------------- */

static bool is(struct span span, const char *expected)
{
    return span.length == strlen(expected) &&
           (span.length == 0 || memcmp(span.at, expected, span.length) == 0);
}

static bool parse(const char *text, struct wire_head *head)
{
    /* Its own memory, so that a byte too far is found. */
    static char *copy;
    free(copy);
    size_t length = strlen(text);
    copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    bool ok = wire_parse(copy, length, head);
    if (!ok) {
        free(copy);
        copy = NULL;
    }
    return ok;
}

static void finish(void)
{
    struct wire_head head;
    parse("", &head);
}

static void a_head_is_read_in_every_writing(void **state)
{
    (void)state;
    struct wire_head head;
    assert_true(
        parse("INVITE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:5060 ;rport; branch = z9x\r\n"
              "FROM : \"a;tag=no \\\" <x>\" <sip:a@b;tag=no>;x=\"tag=no;\";TAG=yes\r\n"
              "t:\r\n sip:b@c;\r\n\ttag=to\r\ncall-id: \t c1@h \r\n"
              "cseq:\r\n 0042\r\n INVITE\r\nl: 00012\r\n\r\ni: body",
              &head));
    assert_int_equal(head.status, 0);
    assert_true(is(head.method, "INVITE"));
    assert_true(is(head.branch, "z9x"));
    assert_true(is(head.from_tag, "yes"));
    assert_true(is(head.to_tag, "to"));
    assert_true(is(head.call_id, "c1@h"));
    assert_int_equal(head.cseq, 42);
    assert_int_equal(head.body, 12);
    assert_true(parse("sip/2.0 486 Busy Here\ni: x\nCSeq: 7 INVITE\nf: a;tag=1\n\n", &head));
    assert_int_equal(head.status, 486);
    assert_true(is(head.reason, "Busy Here"));
    assert_true(is(head.method, "INVITE"));
    assert_true(is(head.from_tag, "1"));
    assert_true(is(head.to_tag, ""));
    finish();
}

static void the_first_of_a_header_counts(void **state)
{
    (void)state;
    struct wire_head head;
    assert_true(parse("SIP/2.0 200\r\nv: a;x=1,b;branch=2\r\nVia: c;branch=3\r\ni: one\r\n"
                      "Call-ID: two\r\n\r\n",
                      &head));
    assert_true(is(head.call_id, "one"));
    assert_true(is(head.branch, ""));
    assert_true(is(head.reason, ""));
    finish();
}

static void what_is_no_message_is_not_read(void **state)
{
    (void)state;
    struct wire_head head;
    assert_false(parse("\r\n\r\n", &head));
    assert_false(parse("GET / HTTP/1.1\r\nCall-ID: x\r\n\r\n", &head));
    assert_false(parse("SIP/2.0 20 OK\r\nCall-ID: x\r\n\r\n", &head));
    assert_false(parse("SIP/2.0 200 OK\r\nSubject: x\r\n\r\nCall-ID: x\r\n", &head));
    assert_false(parse(" SIP/2.0\r\nCall-ID: x\r\n\r\n", &head));
    assert_false(parse("INVITE SIP/2.0", &head));
    finish();
}

static void copies_hold_no_control_characters_and_whole_letters(void **state)
{
    (void)state;
    char out[5];
    wire_copy(out, sizeof out, (struct span){"a\nb\0", 4});
    assert_string_equal(out, "a?b?");
    wire_copy(out, sizeof out, (struct span){"abc\xc3\xa4", 5});
    assert_string_equal(out, "abc");
}

/* ---- streams --------------------------------------------------------------------------------- */

struct messages {
    char log[4096];
    unsigned count;
};

static void take_whole(void *to, const char *bytes, size_t length)
{
    struct messages *messages = to;
    size_t at = strlen(messages->log);
    messages->count++;
    snprintf(messages->log + at, sizeof messages->log - at, "[%.*s]", (int)length, bytes);
}

static void expect_cut(const char *bytes, size_t length, const char *expected)
{
    for (size_t step = 1; step <= length; step += step < 9 ? 1 : length / 3 + 1) {
        struct wire_stream stream = {0};
        struct messages messages = {0};
        for (size_t at = 0; at < length; at += step) {
            size_t part = length - at < step ? length - at : step;
            char *copy = malloc(part);
            assert_non_null(copy);
            memcpy(copy, bytes + at, part);
            wire_stream_take(&stream, copy, part, take_whole, &messages);
            free(copy);
        }
        assert_string_equal(messages.log, expected);
        wire_stream_forget(&stream);
    }
}

#define A "A sip:a SIP/2.0\r\ni: 1\r\nl: 3\r\n\r\nabc"
#define B "SIP/2.0 200 OK\ni: 2\nContent-Length : 0\n\n"

static void a_stream_is_cut_into_messages_wherever_it_was_split(void **state)
{
    (void)state;
    static const char text[] = "\r\n\r\n" A B "\r\n" B A "\n" A;
    expect_cut(text, sizeof text - 1, "[" A "][" B "][" B "][" A "][" A "]");
}

static void after_garbage_the_next_message_is_found(void **state)
{
    (void)state;
    static const char text[] = "\0\0\n<html>\r\n" A "left over\0\r\n\r\n" B;
    expect_cut(text, sizeof text - 1, "[" A "][" B "]");
}

static void a_length_that_lies_costs_no_more_than_what_it_covers(void **state)
{
    (void)state;
    static const char little[] = "A sip:a SIP/2.0\r\ni: 1\r\nl: 1\r\n\r\nabc\r\n" B;
    expect_cut(little, sizeof little - 1, "[A sip:a SIP/2.0\r\ni: 1\r\nl: 1\r\n\r\na][" B "]");
    static const char huge[] =
        "A sip:a SIP/2.0\r\ni: 1\r\nl: 99999999999999999999\r\n\r\nabc\r\n" B;
    expect_cut(huge, sizeof huge - 1, "[" B "]");
}

static void a_stream_never_holds_more_than_one_message(void **state)
{
    (void)state;
    struct wire_stream stream = {0};
    struct messages messages = {0};
    static char text[4096];
    memset(text, 'x', sizeof text);
    for (unsigned i = 0; i < 1000; i++) {
        memcpy(text, i % 100 ? "X: " : "A sip:a SIP/2.0\r\n", i % 100 ? 3 : 17);
        text[sizeof text - 1] = i % 7 ? '\n' : 'x';
        wire_stream_take(&stream, text, sizeof text, take_whole, &messages);
        assert_true(stream.length <= WIRE_MESSAGE_MAX);
        assert_true(stream.capacity <= WIRE_MESSAGE_MAX + 1024);
    }
    assert_int_equal(messages.count, 0);
    wire_stream_take(&stream, "\r\n" B, sizeof B + 1, take_whole, &messages);
    /* The end of the head above is the one of what came last. */
    wire_stream_take(&stream, "\r\n" B, sizeof B + 1, take_whole, &messages);
    assert_true(messages.count >= 1);
    wire_stream_forget(&stream);
}

/* ---- watches --------------------------------------------------------------------------------- */

struct seen {
    struct wire_watch watch;
    char log[256]; /* "<INVITE ", "+>200 " */
};

static void take(void *owner, const struct message *message)
{
    struct seen *seen = owner;
    const struct event_message *facts = &message->facts;
    size_t at = strlen(seen->log);
    char status[8];
    snprintf(status, sizeof status, "%u", facts->status);
    snprintf(seen->log + at, sizeof seen->log - at, "%s%s%s ", facts->repeated ? "+" : "",
             facts->sent ? ">" : "<", facts->status ? status : facts->method);
}

/* start: "INVITE" or "180". Tags and branch may be NULL. */
static void pass(struct wire_index *index, bool sent, const char *start, const char *from,
                 const char *to, const char *branch)
{
    char text[512];
    bool response = start[0] <= '9';
    int length = snprintf(text, sizeof text,
                          response ? "SIP/2.0 %s Phrase\r\n" : "%s sip:x SIP/2.0\r\n", start);
    length += snprintf(text + length, sizeof text - (size_t)length,
                       "Via: SIP/2.0/UDP h;branch=%s\r\nFrom: <sip:f>;tag=%s\r\nTo: <sip:t>%s%s\r\n"
                       "Call-ID: call\r\nCSeq: 1 INVITE\r\n\r\n",
                       branch, from, to ? ";tag=" : "", to ? to : "");
    struct wire_head head;
    struct message message = {.bytes = text, .length = (size_t)length};
    message.facts.sent = sent;
    assert_true(wire_parse(text, (size_t)length, &head));
    wire_index_give(index, &head, &message);
}

static void watch(struct wire_index *index, struct seen *seen, const char *call_id, const char *tag)
{
    memset(seen, 0, sizeof *seen);
    seen->watch = (struct wire_watch){.take = take, .owner = seen, .watching = true};
    snprintf(seen->watch.call_id, sizeof seen->watch.call_id, "%s", call_id);
    snprintf(seen->watch.tag, sizeof seen->watch.tag, "%s", tag);
    wire_index_watch(index, &seen->watch);
}

static void both_ends_of_a_call_on_one_thread_get_their_own(void **state)
{
    (void)state;
    struct wire_index *index = wire_index_new();
    struct seen caller, callee;
    watch(index, &caller, "call", "A");
    pass(index, true, "INVITE", "A", NULL, "1");
    pass(index, false, "INVITE", "A", NULL, "2");
    pass(index, true, "100", "A", NULL, "2");
    watch(index, &callee, "call", "B");
    pass(index, false, "100", "A", NULL, "1");
    pass(index, true, "200", "A", "B", "2");
    pass(index, false, "200", "A", "B", "1");
    pass(index, true, "ACK", "A", "B", "3");
    pass(index, false, "ACK", "A", "B", "4");
    pass(index, true, "BYE", "B", "A", "5");
    pass(index, false, "BYE", "B", "A", "6");
    pass(index, true, "202", "B", "A", "6");
    pass(index, false, "202", "B", "A", "5");
    assert_string_equal(caller.log, ">INVITE <100 <200 >ACK <BYE >202 ");
    assert_string_equal(callee.log, "<INVITE >100 >200 <ACK >BYE <202 ");
    wire_index_free(index);
}

static void forks_of_one_invite_are_told_apart(void **state)
{
    (void)state;
    struct wire_index *index = wire_index_new();
    struct seen one, two;
    pass(index, false, "INVITE", "A", NULL, "1");
    watch(index, &one, "call", "B");
    pass(index, false, "INVITE", "A", NULL, "2");
    pass(index, true, "100", "A", NULL, "2");
    watch(index, &two, "call", "C");
    pass(index, true, "180", "A", "C", "2");
    pass(index, true, "180", "A", "B", "1");
    pass(index, false, "CANCEL", "A", NULL, "2");
    pass(index, true, "200", "A", "stack", "2");
    pass(index, false, "INVITE", "A", NULL, "1");
    assert_string_equal(one.log, "<INVITE >180 +<INVITE ");
    assert_string_equal(two.log, "<INVITE >100 >180 <CANCEL >200 ");
    wire_index_free(index);
}

/* A B2BUA that keeps the Call-ID: its INVITE is not for who dialled with it. */
static void an_invite_with_the_call_id_of_our_own_is_not_for_its_caller(void **state)
{
    (void)state;
    struct wire_index *index = wire_index_new();
    struct seen caller, callee;
    watch(index, &caller, "call", "A");
    pass(index, true, "INVITE", "A", NULL, "1");
    pass(index, false, "INVITE", "X", NULL, "2");
    watch(index, &callee, "call", "B");
    assert_string_equal(caller.log, ">INVITE ");
    assert_string_equal(callee.log, "<INVITE ");
    wire_index_free(index);
}

static void only_so_much_waits_and_the_oldest_goes_first(void **state)
{
    (void)state;
    struct wire_index *index = wire_index_new();
    struct seen seen;
    char tag[16];
    for (int i = 0; i < 500; i++) {
        snprintf(tag, sizeof tag, "t%d", i);
        pass(index, true, "INVITE", tag, NULL, "1");
    }
    watch(index, &seen, "call", "t0");
    assert_string_equal(seen.log, "");
    wire_index_unwatch(index, &seen.watch);
    watch(index, &seen, "call", "t436");
    assert_string_equal(seen.log, ">INVITE ");
    wire_index_unwatch(index, &seen.watch);
    watch(index, &seen, "call", "t435");
    assert_string_equal(seen.log, "");
    wire_index_free(index);
}

static void many_watches_are_found_by_their_call_id(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct wire_index *index = wire_index_new();
    struct seen *all = calloc(MANY, sizeof *all), one;
    assert_non_null(all);
    for (int i = 0; i < MANY; i++) {
        char call_id[32];
        snprintf(call_id, sizeof call_id, "call-%d", i);
        watch(index, &all[i], call_id, "A");
    }
    watch(index, &one, "call", "A");
    pass(index, true, "INVITE", "A", NULL, "1");
    assert_string_equal(one.log, ">INVITE ");
    for (int i = 0; i < MANY; i++) {
        assert_string_equal(all[i].log, "");
        wire_index_unwatch(index, &all[i].watch);
        wire_index_unwatch(index, &all[i].watch);
    }
    pass(index, true, "INVITE", "A", NULL, "1");
    assert_string_equal(one.log, ">INVITE +>INVITE ");
    free(all);
    wire_index_free(index);
}

static void the_last_32_are_remembered(void **state)
{
    (void)state;
    struct wire_index *index = wire_index_new();
    struct seen seen;
    char branch[16];
    watch(index, &seen, "call", "A");
    for (int i = 0; i <= 32; i++) {
        seen.log[0] = '\0';
        snprintf(branch, sizeof branch, "b%d", i);
        pass(index, true, "INVITE", "A", NULL, branch);
    }
    pass(index, true, "INVITE", "A", NULL, "b1");
    pass(index, false, "200", "A", "B", "b1");
    pass(index, true, "INVITE", "A", NULL, "b0");
    assert_string_equal(seen.log, ">INVITE +>INVITE <200 >INVITE ");
    wire_index_free(index);
}

SPECIFICATION(cmocka_unit_test(a_head_is_read_in_every_writing),
              cmocka_unit_test(the_first_of_a_header_counts),
              cmocka_unit_test(what_is_no_message_is_not_read),
              cmocka_unit_test(copies_hold_no_control_characters_and_whole_letters),
              cmocka_unit_test(a_stream_is_cut_into_messages_wherever_it_was_split),
              cmocka_unit_test(after_garbage_the_next_message_is_found),
              cmocka_unit_test(a_length_that_lies_costs_no_more_than_what_it_covers),
              cmocka_unit_test(a_stream_never_holds_more_than_one_message),
              cmocka_unit_test(both_ends_of_a_call_on_one_thread_get_their_own),
              cmocka_unit_test(forks_of_one_invite_are_told_apart),
              cmocka_unit_test(an_invite_with_the_call_id_of_our_own_is_not_for_its_caller),
              cmocka_unit_test(only_so_much_waits_and_the_oldest_goes_first),
              cmocka_unit_test(many_watches_are_found_by_their_call_id),
              cmocka_unit_test(the_last_32_are_remembered))
