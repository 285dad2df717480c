#include "support/specification.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/journal_format.h"
#include "cmtest/text.h"
#include "journal/journals.h"

static char path[64];

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof(path), "/tmp/cmtest-journal-%d.cmts", (int)getpid());
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static struct journal_writer *begin(void)
{
    char why[256];
    struct journal_writer *writer = journal_create(path, &journal_heads, why, sizeof(why));
    assert_non_null(writer);
    return writer;
}

static void finish(struct journal_writer *writer)
{
    char why[256];
    struct journal_end end = {STARTED + 5, true, "what went wrong"};
    assert_true(journal_finish(writer, &end, why, sizeof(why)));
}

static struct journal *open_journal(void)
{
    char why[512];
    struct journal *journal = journal_open(path, why, sizeof(why));
    if (!journal)
        fail_msg("%s", why);
    return journal;
}

static void assert_ended(struct journal *journal)
{
    struct event event;
    assert_false(journal_next(journal, &event));
    assert_string_equal(journal_trouble(journal), "");
}

static void assert_same_value(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof(a));
}

static void assert_same_second(const struct event_second *a, const struct event_second *b)
{
    assert_int_equal(a->direction, b->direction);
    assert_int_equal(a->agreed, b->agreed);
    assert_int_equal(a->provisional, b->provisional);
    assert_int_equal(a->second, b->second);
    assert_int_equal(a->length_ms, b->length_ms);
    assert_int_equal(a->scale, b->scale);
    assert_memory_equal(a->known, b->known, sizeof(a->known));
    for (unsigned i = 0; i < READING_COUNT; i++)
        assert_same_value(a->value[i], b->value[i]);
}

static void assert_same_event(const struct event *a, const struct event *b)
{
    size_t count;
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->at_ns, b->at_ns);
    assert_int_equal(a->endpoint, b->endpoint);
    const struct event_field *fields = event_fields(a->kind, &count);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal((const char *)a + fields[i].offset, (const char *)b + fields[i].offset,
                            fields[i].size);
    if (a->kind == EVENT_SECOND)
        assert_same_second(&a->second, &b->second);
}

/* ---- what is given ----------------------------------------------------------------------------
 */

static void events_of_every_kind_come_back_as_they_were_given(void **state)
{
    (void)state;
    struct journal_writer *writer = begin();
    struct event event, back;
    for (uint32_t i = 0; i < 2000; i++) {
        journal_sample(&event, (enum event_kind)(i % EVENT_KINDS), i);
        if (event.kind != EVENT_SECOND)
            journal_event(writer, &event);
    }
    finish(writer);
    struct journal *journal = open_journal();
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < 2000; i++) {
            journal_sample(&event, (enum event_kind)(i % EVENT_KINDS), i);
            if (event.kind == EVENT_SECOND)
                continue;
            assert_null(journal_end(journal));
            assert_true(journal_next(journal, &back));
            assert_same_event(&event, &back);
        }
        assert_ended(journal);
        assert_int_equal(journal_end(journal)->ended_ns, STARTED + 5);
        assert_true(journal_end(journal)->interrupted);
        assert_string_equal(journal_end(journal)->error, "what went wrong");
        journal_rewind(journal);
    }
    journal_free(journal);
}

static void the_head_comes_back_as_it_was_given(void **state)
{
    (void)state;
    finish(begin());
    struct journal *journal = open_journal();
    const struct journal_head *head = journal_head(journal);
    const struct roster *roster = head->roster;
    assert_string_equal(head->version, "0.1.0");
    assert_string_equal(head->case_name, "codec=opus");
    assert_true(head->seed == UINT64_MAX);
    assert_int_equal(head->started_ns, STARTED);
    assert_int_equal(head->threshold_count, 2);
    assert_string_equal(head->thresholds[1].text, "receive.mos.p5 >= 4.0");
    assert_string_equal(head->thresholds[1].group, "agents");
    assert_null(head->thresholds[0].group);
    assert_same_value(head->thresholds[1].min_coverage, 1.0 / 3);
    assert_true(head->thresholds[1].warn && head->thresholds[1].implicit);
    assert_int_equal(head->thresholds[0].line, 7);
    assert_string_equal(roster->name, "a test \xc3\xa4");
    assert_int_equal(roster->endpoint_count, 6);
    assert_int_equal(roster->planned_calls, 3);
    assert_int_equal(roster->endpoints[2].partner, ROSTER_NONE);
    assert_int_equal(roster->endpoints[4].partner, 1);
    assert_string_equal(roster->endpoints[5].target, "sip:out@example.com");
    assert_null(roster->endpoints[0].target);
    assert_int_equal(roster->groups[1].step_count, 2);
    assert_null(roster->groups[1].steps[1].name);
    assert_string_equal(roster->groups[1].steps[0].trigger, "at 2 s");
    assert_null(roster->groups[0].expected);
    journal_free(journal);
}

/* ---- seconds ----------------------------------------------------------------------------------
 */

static void sample_second(struct event *event, uint32_t number, unsigned style)
{
    memset(event, 0, sizeof(*event));
    event->kind = EVENT_SECOND;
    event->endpoint = number % 6;
    event->at_ns = STARTED + (int64_t)number * 100000001;
    event->second.direction = number / 6 % 2 ? DIRECTION_RECEIVE : DIRECTION_SEND;
    event->second.second = number / 12;
    event->second.length_ms = number % 10 == 0 ? 480 : 1000;
    event->second.agreed = number % 3 == 0;
    event->second.provisional = number % 5 == 0;
    event->second.scale = (enum emodel_scale)(number % 3);
    for (unsigned i = 0; i < READING_COUNT; i++) {
        if ((number * 7 + i) % 5 == 0)
            continue;
        double value = style == 0   ? journal_odd_value(number * 3 + i)
                       : style == 1 ? (double)(number * i % 977) / 1000
                                    : (double)i;
        second_set(&event->second, (enum reading)i, value);
    }
}

static struct journal *journal_of_seconds(unsigned style)
{
    struct journal_writer *writer = begin();
    struct event event;
    for (uint32_t i = 0; i < 600; i++) {
        sample_second(&event, i, style);
        journal_event(writer, &event);
    }
    finish(writer);
    return open_journal();
}

static void seconds_come_back_to_the_last_bit(void **state)
{
    (void)state;
    struct event event, back;
    for (unsigned style = 0; style < 3; style++) {
        struct journal *journal = journal_of_seconds(style);
        for (uint32_t i = 0; i < 600; i++) {
            sample_second(&event, i, style);
            assert_true(journal_next(journal, &back));
            assert_same_event(&event, &back);
        }
        assert_ended(journal);
        journal_free(journal);
    }
}

/* Some that stand beside each other, the last, and none of sending but one. */
static bool is_chosen(unsigned direction, unsigned reading)
{
    return direction == DIRECTION_SEND ? reading == 3
                                       : reading % 7 < 2 || reading == READING_COUNT - 1;
}

/* Those of a direction are in their order. */
static void assert_chosen(struct journal *journal, const struct journal_choice *choice,
                          unsigned style)
{
    uint32_t next[2] = {0, 0};
    struct event event, back;
    journal_choose(journal, choice);
    while (journal_next(journal, &back)) {
        enum event_direction direction = back.second.direction;
        assert_int_equal(back.kind, EVENT_SECOND);
        do
            sample_second(&event, next[direction]++, style);
        while (event.second.direction != direction);
        for (unsigned r = 0; r < READING_COUNT; r++)
            if (!is_chosen(direction, r))
                second_forget(&event.second, (enum reading)r);
        assert_same_event(&event, &back);
    }
    assert_int_equal(next[DIRECTION_SEND], 594); /* the last six are of the other one */
    assert_int_equal(next[DIRECTION_RECEIVE], 600);
    assert_ended(journal);
}

static void readings_that_were_chosen_are_those_of_all(void **state)
{
    (void)state;
    struct event event, back;
    struct journal_choice choice = {{{0}}};
    for (unsigned i = 0; i < 2 * READING_COUNT; i++)
        if (is_chosen(i % 2, i / 2))
            choice.readings[i % 2][i / 2 / 64] |= UINT64_C(1) << i / 2 % 64;
    for (unsigned style = 0; style < 3; style++) {
        struct journal *journal = journal_of_seconds(style);
        assert_chosen(journal, &choice, style);
        journal_choose(journal, NULL);
        for (uint32_t i = 0; i < 600; i++) {
            sample_second(&event, i, style);
            assert_true(journal_next(journal, &back));
            assert_same_event(&event, &back);
        }
        assert_ended(journal);
        journal_free(journal);
    }
}

static void seconds_and_events_keep_their_order(void **state)
{
    (void)state;
    struct event event, back;
    struct journal_writer *writer = begin();
    for (uint32_t i = 0; i < 300; i++) {
        sample_second(&event, i, 1);
        journal_event(writer, &event);
        journal_sample(&event, (enum event_kind)(i % 4), i);
        journal_event(writer, &event);
    }
    finish(writer);
    struct journal *journal = open_journal();
    for (uint32_t i = 0; i < 300; i++) {
        sample_second(&event, i, 1);
        assert_true(journal_next(journal, &back));
        assert_same_event(&event, &back);
        journal_sample(&event, (enum event_kind)(i % 4), i);
        assert_true(journal_next(journal, &back));
        assert_same_event(&event, &back);
    }
    struct journal_choice nothing = {{{0}}};
    journal_choose(journal, &nothing);
    for (uint32_t i = 0; i < 300; i++) {
        assert_true(journal_next(journal, &back));
        assert_int_equal(back.kind, EVENT_SECOND);
    }
    assert_ended(journal);
    journal_free(journal);
}

/* ---- files that are not whole -----------------------------------------------------------------
 */

static void a_file_that_was_cut_is_read_up_to_there(void **state)
{
    (void)state;
    struct event event;
    struct journal_writer *writer = begin();
    for (uint32_t i = 0; i < 600; i++) {
        sample_second(&event, i, 0);
        journal_event(writer, &event);
    }
    finish(writer);
    const char *whole_why;
    size_t length;
    char *bytes = text_read_file(path, 64 << 20, &length, &whole_why);
    assert_non_null(bytes);
    unsigned seen_before = 0;
    for (size_t cut = 0; cut < length; cut += length / 40 + 1) {
        char why[512] = "";
        assert_true(text_write_file(path, bytes, cut));
        struct journal *journal = journal_open(path, why, sizeof(why));
        if (!journal) {
            assert_string_not_equal(why, "");
            continue;
        }
        unsigned seen = 0;
        while (journal_next(journal, &event))
            seen++;
        assert_true(seen >= seen_before);
        seen_before = seen;
        assert_null(journal_end(journal));
        assert_non_null(strstr(journal_trouble(journal), "ends early"));
        journal_free(journal);
    }
    assert_true(seen_before > 400);
    free(bytes);
}

static void a_changed_byte_is_found_or_changes_nothing(void **state)
{
    (void)state;
    struct event event;
    struct journal_writer *writer = begin();
    for (uint32_t i = 0; i < 100; i++) {
        sample_second(&event, i, 1);
        journal_event(writer, &event);
    }
    finish(writer);
    const char *read_why;
    size_t length;
    unsigned tried = 0, found = 0;
    char *bytes = text_read_file(path, 64 << 20, &length, &read_why);
    assert_non_null(bytes);
    for (size_t at = 0; at < length; at += length / 200 + 1) {
        char why[512] = "";
        /* Bit 4 of a frame's descriptor means nothing (RFC 8878 3.1.1.1.1). */
        bytes[at] = (char)(bytes[at] ^ 0x20);
        assert_true(text_write_file(path, bytes, length));
        bytes[at] = (char)(bytes[at] ^ 0x20);
        struct journal *journal = journal_open(path, why, sizeof(why));
        uint32_t seen = 0;
        /* A few bits of a frame mean nothing to who unpacks it. */
        for (; journal && journal_next(journal, &event); seen++) {
            struct event given;
            sample_second(&given, seen, 1);
            assert_same_event(&given, &event);
        }
        if (journal ? seen < 100 && journal_trouble(journal)[0] == '\0' : why[0] == '\0')
            fail_msg("nothing was found wrong with byte %zu of %zu", at, length);
        found += !journal || journal_trouble(journal)[0];
        tried++;
        journal_free(journal);
    }
    assert_true(found >= tried - 4);
    free(bytes);
}

static void what_is_no_journal_is_refused_with_a_sentence(void **state)
{
    (void)state;
    char why[512] = "";
    assert_true(text_write_file(path, "<html>", 6));
    assert_null(journal_open(path, why, sizeof(why)));
    assert_non_null(strstr(why, "is not a journal"));
    assert_true(text_write_file(path, "cmtest journal 2\nxxxx", 21));
    assert_null(journal_open(path, why, sizeof(why)));
    assert_non_null(strstr(why, "another version"));
    assert_null(journal_open("/nowhere/series.cmts", why, sizeof(why)));
    assert_non_null(strstr(why, "No such file"));
    assert_null(journal_open("/tmp", why, sizeof(why)));
    assert_non_null(strstr(why, "directory"));
}

static void a_full_disk_is_told_at_the_end(void **state)
{
    (void)state;
    struct event event;
    char why[512] = "";
    struct journal_end end = {STARTED, false, ""};
    struct journal_writer *writer = journal_create("/dev/full", &journal_heads, why, sizeof(why));
    if (!writer) {
        assert_non_null(strstr(why, "No space left"));
        return;
    }
    journal_sample(&event, EVENT_CALL, 1);
    journal_event(writer, &event);
    assert_false(journal_finish(writer, &end, why, sizeof(why)));
    assert_non_null(strstr(why, "No space left"));
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(events_of_every_kind_come_back_as_they_were_given, make_path,
                                    remove_path),
    cmocka_unit_test_setup_teardown(the_head_comes_back_as_it_was_given, make_path, remove_path),
    cmocka_unit_test_setup_teardown(seconds_come_back_to_the_last_bit, make_path, remove_path),
    cmocka_unit_test_setup_teardown(readings_that_were_chosen_are_those_of_all, make_path,
                                    remove_path),
    cmocka_unit_test_setup_teardown(seconds_and_events_keep_their_order, make_path, remove_path),
    cmocka_unit_test_setup_teardown(a_file_that_was_cut_is_read_up_to_there, make_path,
                                    remove_path),
    cmocka_unit_test_setup_teardown(a_changed_byte_is_found_or_changes_nothing, make_path,
                                    remove_path),
    cmocka_unit_test_setup_teardown(what_is_no_journal_is_refused_with_a_sentence, make_path,
                                    remove_path),
    cmocka_unit_test_setup_teardown(a_full_disk_is_told_at_the_end, make_path, remove_path))
