#include "support/specification.h"

#include "golden.h"
#include "traced.h"
#include "evidence.h"

static void show(const struct fixture *f, struct text *out)
{
    struct evidence_list list;
    evidence_choose(&list, f->result);
    assert_int_equal(list.count, 1);
    evidence_text(f->result, &list.calls[0], out);
}

static void refused_call_is_as_the_golden_file(void **state)
{
    struct fixture f;
    struct traced t = {0};
    struct text out = {0};
    (void)state;
    traced_run(&t, &f, 2);
    show(&f, &out);
    assert_golden("busy-evidence.txt", text_get(&out), out.length);
    text_fini(&out);
    fixture_fini(&f);
}

static void check_lines(const char *at, size_t width)
{
    while (*at) {
        size_t length = strcspn(at, "\n");
        if (length > width)
            fail_msg("%zu columns: %.*s", length, (int)length, at);
        for (size_t i = 0; i < length; i++)
            if (at[i] < ' ' || at[i] > '~')
                fail_msg("not ASCII: %.*s", (int)length, at);
        at += length + (at[length] != '\0');
    }
}

static void ladder(const struct fixture *f, struct text *out)
{
    struct evidence_list list;
    struct evidence_steps steps;
    evidence_choose(&list, f->result);
    assert_int_equal(list.count, 1);
    evidence_collect(&steps, f->result, &list.calls[0]);
    evidence_ladder(f->result, &list.calls[0], &steps, out);
    free(steps.list);
}

static void ladder_is_ascii_of_a_hundred_columns_whatever_came(void **state)
{
    static const char *const reasons[] = {"", "\x1b[2J\r\n\xff\xe2\x80\xae|", "B\xc3\xbcsy",
                                          "A reason that goes on and on until no room is left it"};
    struct fixture f;
    struct traced t = {.f = &f, .transport = "udp", .locals = {"[2001:db8::1]:43211", ""}};
    (void)state;
    fixture_init(&f, 1);
    f.groups[1].name = "callers\x1b[31m with quite a long name that has no room in its column";
    fixture_run(&f);
    for (uint32_t i = 0; i < 9; i++) {
        char server[64];
        snprintf(server, sizeof(server), "[2001:db8:0:1234:5678:9abc:def0:%u]:5060", i / 2);
        t.server = i ? server : "";
        traced_message(&t, i % 2, i % 3 == 0, i % 4 == 0, "INVITE", i % 5 ? 486 : 0, reasons[i % 4],
                       "");
        f.now_ns += (int64_t)i * FIXTURE_S;
    }
    fixture_outcome(&f, 1, OUTCOME_CALL_FAILED, 486, "", "");
    fixture_judge(&f);
    struct text out = {0};
    ladder(&f, &out);
    check_lines(text_get(&out), EVIDENCE_WIDTH_MAX);
    assert_non_null(strstr(text_get(&out), "other addresses"));
    text_fini(&out);
    fixture_fini(&f);
}

static void hostile_message_does_nothing_to_a_terminal(void **state)
{
    static const char bytes[] =
        "\x1b[2J\0INVITE\r\rx\n\nCSeq:\x7f\nCSeq:99999999999999 \xff\xfe\n\0";
    struct fixture f;
    struct traced t = {.f = &f, .transport = "udp", .server = TRACED_SERVER, .locals = {"x", "y"}};
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    for (size_t length = 1; length < sizeof(bytes); length++)
        traced_trace(&t, 1, length % 2, bytes, length);
    fixture_outcome(&f, 1, OUTCOME_CALL_FAILED, 0, "", "");
    fixture_judge(&f);
    struct text out = {0};
    show(&f, &out);
    check_lines(text_get(&out), EVIDENCE_WIDTH);
    assert_int_equal(strlen(text_get(&out)), out.length);
    text_fini(&out);
    fixture_fini(&f);
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void packets_that_both_sides_saw_are_shown_once(void **state)
{
    struct fixture f;
    struct traced t = {.f = &f, .transport = "udp", .locals = {"127.0.0.1:1111", "127.0.0.1:2222"}};
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    for (int repeated = 0; repeated < 2; repeated++) {
        t.server = "127.0.0.1:2222";
        traced_facts(&t, 1, true, repeated, "INVITE", 0, "", 400);
        f.now_ns += FIXTURE_MS;
        t.server = "127.0.0.1:1111";
        traced_facts(&t, 0, false, repeated, "INVITE", 0, "", 400);
        f.now_ns += FIXTURE_MS;
    }
    traced_facts(&t, 0, false, false, "BYE", 0, "", 400); /* which nobody sent */
    fixture_outcome(&f, 1, OUTCOME_CALL_FAILED, 0, "", "");
    fixture_judge(&f);
    struct text out = {0};
    ladder(&f, &out);
    assert_int_equal(occurrences(text_get(&out), "INVITE"), 2);
    assert_int_equal(occurrences(text_get(&out), "BYE"), 1);
    assert_null(strstr(text_get(&out), "server"));
    text_fini(&out);
    fixture_fini(&f);
}

static void message_that_the_timeline_left_out_speaks_for_itself(void **state)
{
    static const char bytes[] = "SIP/2.0 486 Busy Here\r\nCSeq: 7 INVITE\r\n\r\n";
    struct fixture f;
    struct traced t = {.f = &f, .transport = "udp", .server = TRACED_SERVER, .locals = {"x", "y"}};
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    traced_trace(&t, 1, false, bytes, sizeof(bytes) - 1);
    fixture_outcome(&f, 1, OUTCOME_CALL_FAILED, 486, "", "");
    fixture_judge(&f);
    struct text out = {0};
    ladder(&f, &out);
    assert_non_null(strstr(text_get(&out), "486 Busy Here (INVITE)"));
    text_fini(&out);
    fixture_fini(&f);
}

static void masked_bytes_are_written_as_they_were_given(void **state)
{
    struct fixture f;
    struct traced t = {0};
    (void)state;
    traced_run(&t, &f, 0);
    struct evidence_list list;
    struct text shown = {0}, capture = {0};
    evidence_choose(&list, f.result);
    evidence_text(f.result, &list.calls[0], &shown);
    evidence_pcap(f.result, &list.calls[0], &capture);
    assert_int_equal(occurrences(text_get(&shown), "Authorization: Digest *****"), 2);
    assert_non_null(memmem(capture.data, capture.length, TRACED_ANSWER, strlen(TRACED_ANSWER)));
    text_fini(&shown);
    text_fini(&capture);
    fixture_fini(&f);
}

/* ---- which calls ------------------------------------------------------------------------ */

static void end_badly(struct fixture *f, uint32_t pair, enum endpoint_outcome outcome,
                      uint16_t status)
{
    uint32_t caller = fixture_caller(f, pair);
    fixture_message(f, caller, true, "INVITE", 0, "");
    fixture_outcome(f, caller, outcome, status, "", "");
}

static void worst_calls_are_kept_and_one_of_each_kind_first(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 100);
    fixture_run(&f);
    for (uint32_t i = 0; i < 99; i++) {
        if (i < 10)
            end_badly(&f, i, OUTCOME_COMPLETED_WITH_WARNINGS, 0);
        else
            end_badly(&f, i, OUTCOME_CALL_FAILED, i == 98 ? 503 : 486);
    }
    fixture_outcome(&f, fixture_caller(&f, 99), OUTCOME_TIMEOUT, 0, "", ""); /* says nothing */
    struct evidence_list list;
    evidence_choose(&list, f.result);
    assert_int_equal(list.count, EVIDENCE_CALLS_MAX);
    assert_int_equal(list.left_out, 99 - EVIDENCE_CALLS_MAX);
    assert_string_equal(list.calls[0].name, "callers-10");
    assert_string_equal(list.calls[1].name, "callers-98");
    assert_string_equal(list.calls[2].name, "callers-11");
    assert_null(evidence_of(&list, fixture_caller(&f, 0)));
    assert_null(evidence_of(&list, fixture_caller(&f, 99)));
    assert_ptr_equal(evidence_of(&list, fixture_agent(&f, 98)), &list.calls[1]);
    fixture_fini(&f);
}

static void calls_whose_messages_were_kept_come_first(void **state)
{
    struct fixture f;
    struct traced t = {.f = &f, .transport = "udp", .server = TRACED_SERVER, .locals = {"x", "y"}};
    (void)state;
    fixture_init(&f, 3);
    fixture_run(&f);
    for (uint32_t i = 0; i < 3; i++)
        end_badly(&f, i, OUTCOME_CALL_FAILED, 486);
    traced_trace(&t, fixture_agent(&f, 2), true, "x", 1);
    struct evidence_list list;
    struct text path = {0};
    evidence_choose(&list, f.result);
    assert_int_equal(list.count, 3);
    assert_string_equal(evidence_path(&list.calls[0], 0, &path), "evidence/callers-2.txt");
    assert_string_equal(evidence_path(&list.calls[0], 1, &path), "evidence/callers-2.pcap");
    assert_null(evidence_path(&list.calls[0], 2, &path));
    assert_string_equal(evidence_path(&list.calls[1], 0, &path), "evidence/callers-0.txt");
    assert_null(evidence_path(&list.calls[1], 1, &path));
    text_fini(&path);
    fixture_fini(&f);
}

static void good_run_leaves_no_evidence(void **state)
{
    struct fixture f;
    struct evidence_list list;
    (void)state;
    fixture_init(&f, 2);
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4);
    fixture_whole_call(&f, 1, 4);
    evidence_choose(&list, f.result);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.left_out, 0);
    fixture_fini(&f);
}

static void file_names_are_safe_whatever_the_group_is_called(void **state)
{
    static const char *const names[] = {"../../etc/passwd",
                                        "",
                                        "a b",
                                        "-rf",
                                        ".",
                                        "con\\x",
                                        "\xc3\xbc",
                                        "group.1",
                                        "0123456789012345678901234567890123456789"
                                        "0123456789012345678901234567890123456789"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct fixture f;
        struct evidence_list list;
        fixture_init(&f, 1);
        f.groups[1].name = names[i];
        fixture_run(&f);
        end_badly(&f, 0, OUTCOME_CALL_FAILED, 486);
        evidence_choose(&list, f.result);
        assert_string_equal(list.calls[0].name, "group.1-0");
        fixture_fini(&f);
    }
}

static void call_with_an_end_outside_has_one_side(void **state)
{
    (void)state;
    for (uint32_t side = 0; side < 2; side++) {
        struct fixture f;
        struct traced t = {
            .f = &f, .transport = "udp", .server = TRACED_SERVER, .locals = {"a:1", "b:2"}};
        struct text out = {0};
        fixture_init(&f, 1);
        f.endpoints[side].partner = ROSTER_NONE;
        fixture_run(&f);
        traced_message(&t, side, true, false, "INVITE", 0, "", "");
        fixture_outcome(&f, side, OUTCOME_CALL_FAILED, 0, "", "");
        fixture_judge(&f);
        show(&f, &out);
        check_lines(text_get(&out), EVIDENCE_WIDTH);
        assert_non_null(
            strstr(text_get(&out), side ? "Callee     outside: agents\n" : "Caller     outside\n"));
        text_fini(&out);
        fixture_fini(&f);
    }
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(refused_call_is_as_the_golden_file),
              cmocka_unit_test(ladder_is_ascii_of_a_hundred_columns_whatever_came),
              cmocka_unit_test(hostile_message_does_nothing_to_a_terminal),
              cmocka_unit_test(packets_that_both_sides_saw_are_shown_once),
              cmocka_unit_test(message_that_the_timeline_left_out_speaks_for_itself),
              cmocka_unit_test(masked_bytes_are_written_as_they_were_given),
              cmocka_unit_test(worst_calls_are_kept_and_one_of_each_kind_first),
              cmocka_unit_test(calls_whose_messages_were_kept_come_first),
              cmocka_unit_test(good_run_leaves_no_evidence),
              cmocka_unit_test(file_names_are_safe_whatever_the_group_is_called),
              cmocka_unit_test(call_with_an_end_outside_has_one_side))
/* clang-format on */
