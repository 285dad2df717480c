#include "support/specification.h"

#include "cmtest/arena.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "cmtest: 1\n"
#define AGENTS "groups:\n  agents: { registrar: embedded, endpoints: 2 }\n"
#define TAIL "duration: 1s\n"

struct fixture {
    struct diag *diag;
    struct spec *spec;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->diag = diag_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    spec_free(f->spec);
    diag_free(f->diag);
    free(f);
    return 0;
}

static struct spec *parse(struct fixture *f, const char *text)
{
    f->spec = spec_parse("test.yaml", text, strlen(text), f->diag);
    return f->spec;
}

/* Parses what must be right. */
static struct spec *parse_good(struct fixture *f, const char *text)
{
    parse(f, text);
    if (diag_count(f->diag)) {
        struct text out = {0};
        diag_print(f->diag, &out, false);
        print_error("%s", text_get(&out));
        text_fini(&out);
    }
    assert_int_equal(diag_count(f->diag), 0);
    assert_non_null(f->spec);
    return f->spec;
}

static void assert_place(struct place place, int line, int column, int width)
{
    assert_string_equal(place.file, "test.yaml");
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
    assert_int_equal(place.width, width);
}

static void every_field_is_bound(void **state)
{
    const struct spec *spec =
        parse_good(*state, HEAD "name: Gate\n"
                                "registrars:\n"
                                "  pbx:\n"
                                "    domain: sip.example.com\n"
                                "    server: 192.0.2.1\n"
                                "    port: 5070\n"
                                "    transport: tcp\n"
                                "    expires: 10m\n"
                                "    accounts:\n"
                                "      - { username: 1001, password: a, auth_user: b, realm: c }\n"
                                "      - { username: x, password: \"\\u00fc\\\" \\\\\" }\n"
                                "groups:\n"
                                "  callers:\n"
                                "    registrar: pbx\n"
                                "    endpoints: 2\n"
                                "    call: sip:echo@example.com\n"
                                "    audio: { codecs: [pcmu] }\n"
                                "    answer: { ring: 250ms }\n"
                                "buildup: 5s\n"
                                "duration: 1m\n"
                                "thresholds: [a > 1, b < 2]\n");
    const struct spec_registrar *pbx = &spec->registrars[0];
    const struct spec_group *group = &spec->groups[0];
    assert_int_equal(spec->cmtest, 1);
    assert_string_equal(spec->name, "Gate");
    assert_string_equal(spec->path, "test.yaml");
    assert_int_equal(spec->registrars_count, 1);
    assert_string_equal(pbx->name, "pbx");
    assert_string_equal(pbx->domain, "sip.example.com");
    assert_string_equal(pbx->server, "192.0.2.1");
    assert_int_equal(pbx->port, 5070);
    assert_string_equal(pbx->transport, "tcp");
    assert_int_equal(pbx->expires_ns, INT64_C(600000000000));
    assert_int_equal(pbx->accounts.list_count, 2);
    assert_string_equal(pbx->accounts.list[0].username, "1001");
    assert_string_equal(pbx->accounts.list[0].auth_user, "b");
    assert_string_equal(pbx->accounts.list[0].realm, "c");
    assert_string_equal(pbx->accounts.list[1].password, "\xc3\xbc\" \\");
    assert_null(pbx->accounts.list[1].realm);
    assert_int_equal(group->call_count, 1);
    assert_string_equal(group->call[0], "sip:echo@example.com");
    assert_int_equal(group->audio.codecs_count, 1);
    assert_int_equal(group->answer.ring_ns, 250000000);
    assert_int_equal(spec->buildup_ns, INT64_C(5000000000));
    assert_int_equal(spec->duration_ns, INT64_C(60000000000));
    assert_int_equal(spec->thresholds_count, 2);
    assert_string_equal(spec->thresholds[1].check, "b < 2");
}

static void defaults_are_filled_in(void **state)
{
    const struct spec *spec = parse_good(*state, HEAD AGENTS TAIL);
    assert_null(spec->name);
    assert_int_equal(spec->buildup_ns, 0);
    assert_int_equal(spec->thresholds_count, 0);
    assert_null(spec->groups[0].call);
    assert_int_equal(spec->groups[0].answer.ring_ns, 0);
    assert_int_equal(spec->groups[0].audio.codecs_count, 2);
    assert_string_equal(spec->groups[0].audio.codecs[0].name, "pcma");
    assert_string_equal(spec->groups[0].audio.codecs[1].name, "pcmu");
}

static void the_embedded_registrar_needs_no_entry(void **state)
{
    const struct spec *spec = parse_good(*state, HEAD AGENTS TAIL);
    assert_int_equal(spec->registrars_count, 1);
    assert_string_equal(spec->registrars[0].name, "embedded");
    assert_string_equal(spec->registrars[0].transport, "udp");
    assert_string_equal(spec->registrars[0].digest, "md5");
    assert_int_equal(spec->registrars[0].expires_ns, INT64_C(3600000000000));
    assert_false(spec_given(spec, "registrars[0].accounts"));
    assert_place(spec_place(spec, "registrars[0]"), 3, 24, 8);
}

static void an_entry_for_the_embedded_registrar_is_used(void **state)
{
    const struct spec *spec = parse_good(
        *state, HEAD
        "registrars:\n  embedded: { accounts: { generate: 7 }, digest: sha-256 }\n" AGENTS TAIL);
    assert_int_equal(spec->registrars_count, 1);
    assert_int_equal(spec->registrars[0].accounts.generate, 7);
    assert_string_equal(spec->registrars[0].digest, "sha-256");
    assert_true(spec_given(spec, "registrars[0].accounts.generate"));
    assert_false(spec_given(spec, "registrars[0].transport"));
}

static void groups_keep_the_order_of_the_file(void **state)
{
    const struct spec *spec =
        parse_good(*state, HEAD "groups:\n"
                                "  zulu: { registrar: embedded, endpoints: 1 }\n"
                                "  alpha: { registrar: embedded, endpoints: 2 }\n"
                                "  mike: { registrar: embedded, endpoints: 3 }\n" TAIL);
    assert_string_equal(spec->groups[0].name, "zulu");
    assert_string_equal(spec->groups[1].name, "alpha");
    assert_string_equal(spec->groups[2].name, "mike");
}

static void places_are_those_of_values(void **state)
{
    const struct spec *spec =
        parse_good(*state, HEAD "groups:\n"
                                "  agents:\n"
                                "    registrar: embedded\n"
                                "    endpoints: 2\n"
                                "    audio: { codecs: [pcma, \"pcmu\"] }\n" TAIL "thresholds:\n"
                                "  - calls > 1\n");
    assert_place(spec_place(spec, "cmtest"), 1, 9, 1);
    assert_place(spec_place(spec, "groups[0].endpoints"), 5, 16, 1);
    assert_place(spec_place(spec, "groups[0].audio.codecs[1]"), 6, 29, 6);
    assert_place(spec_place(spec, "thresholds[%u]", 0U), 9, 5, 9);
}

static void the_place_of_what_is_absent_is_that_of_what_holds_it(void **state)
{
    const struct spec *spec = parse_good(*state, HEAD AGENTS TAIL);
    assert_place(spec_place(spec, "groups[0].call"), 3, 3, 6);
    assert_place(spec_place(spec, "groups[0].audio.codecs[0]"), 3, 3, 6);
    assert_place(spec_place(spec, "groups"), 2, 1, 6);
    assert_int_equal(spec_place(spec, "thresholds[3]").line, 0);
}

static void columns_count_code_points(void **state)
{
    const struct spec *spec = parse_good(
        *state, HEAD "groups: { a: { registrar: embedded, endpoints: 1 } } # \xe2\x82\xac\n"
                     "name: \"\xc3\xa4\xf0\x9f\x98\x80\"\n" TAIL
                     "thresholds: [\"\xc3\xa4 > \xc3\xb6 x\", b]\n");
    assert_place(spec_place(spec, "name"), 3, 7, 4);
    assert_place(spec_place(spec, "thresholds[1]"), 5, 25, 1);
    assert_place(spec_place_part(spec, spec->thresholds[0].check, 5, 2, "thresholds[0].check"), 5,
                 19, 1);
}

static void a_part_of_what_the_file_does_not_show_is_the_whole(void **state)
{
    const struct spec *spec = parse_good(
        *state, HEAD AGENTS TAIL "thresholds: [\"a\\u0020> 1\", 'b > 2', &c 'd > 3', *c]\n");
    assert_place(spec_place_part(spec, spec->thresholds[0].check, 4, 1, "thresholds[0].check"), 5,
                 14, 12);
    assert_place(spec_place_part(spec, spec->thresholds[1].check, 4, 1, "thresholds[1].check"), 5,
                 33, 1);
    assert_place(spec_place_part(spec, spec->thresholds[3].check, 4, 1, "thresholds[3].check"), 5,
                 49, 2);
}

static void aliases_and_merge_keys_work(void **state)
{
    const struct spec *spec = parse_good(
        *state, HEAD "$schema: ../schema.json\n"
                     "x-base: &base { registrar: embedded, endpoints: 2, answer: { ring: 1s } }\n"
                     "x-more: &more { endpoints: 3, call: first }\n"
                     "groups:\n"
                     "  first: *base\n"
                     "  second: { <<: [*more, *base], answer: { ring: 5s } }\n"
                     "  third: { endpoints: 9, <<: *base }\n" TAIL);
    assert_int_equal(spec->groups_count, 3);
    assert_int_equal(spec->groups[0].endpoints, 2);
    assert_int_equal(spec->groups[1].endpoints, 3);
    assert_string_equal(spec->groups[1].registrar, "embedded");
    assert_string_equal(spec->groups[1].call[0], "first");
    assert_int_equal(spec->groups[1].answer.ring_ns, INT64_C(5000000000));
    assert_int_equal(spec->groups[2].endpoints, 9);
}

static void scalars_are_read_by_the_core_schema(void **state)
{
    const struct spec *spec =
        parse_good(*state, HEAD "registrars:\n"
                                "  pbx:\n"
                                "    domain: no\n"
                                "    accounts:\n"
                                "      - { username: 0123, password: 010 }\n"
                                "      - { username: yes, password: 'null' }\n"
                                "      - { username: !!str 7, password: 1e5 }\n"
                                "groups: { a: { registrar: pbx, endpoints: 0x3 } }\n" TAIL);
    const struct spec_account *list = spec->registrars[0].accounts.list;
    assert_string_equal(spec->registrars[0].domain, "no");
    assert_string_equal(list[0].username, "0123");
    assert_string_equal(list[0].password, "010");
    assert_string_equal(list[1].username, "yes");
    assert_string_equal(list[1].password, "null");
    assert_string_equal(list[2].username, "7");
    assert_string_equal(list[2].password, "1e5");
    assert_int_equal(spec->groups[0].endpoints, 3);
}

static void a_byte_order_mark_and_crlf_are_fine(void **state)
{
    const struct spec *spec =
        parse_good(*state, "\xef\xbb\xbf"
                           "cmtest: 1\r\ngroups:\r\n  a: { registrar: embedded, endpoints: 1 }\r\n"
                           "name: x\r\nduration: 1s\r\n");
    assert_place(spec_place(spec, "cmtest"), 1, 9, 1);
    assert_place(spec_place(spec, "name"), 4, 7, 1);
    assert_string_equal(spec->name, "x");
}

static void a_line_separator_of_unicode_does_not_shift_lines(void **state)
{
    const struct spec *spec = parse_good(*state, HEAD "# \xe2\x80\xa8# x\n" AGENTS TAIL);
    assert_place(spec_place(spec, "duration"), 5, 11, 2);
}

static void a_wrong_spec_is_bound_as_far_as_it_goes(void **state)
{
    struct fixture *f = *state;
    const struct spec *spec =
        parse(f, HEAD "groups:\n"
                      "  a: { registrar: embedded, endpoints: none, call: b }\n"
                      "  b: 5\n"
                      "  c: { registrar: embedded, endpoints: 3 }\n"
                      "duration: 1s\nthresholds: [[], ok > 1]\n");
    assert_int_equal(diag_errors(f->diag), 3);
    assert_non_null(spec);
    assert_int_equal(spec->groups_count, 3);
    assert_int_equal(spec->groups[0].endpoints, 0);
    assert_string_equal(spec->groups[0].call[0], "b");
    assert_string_equal(spec->groups[1].name, "b");
    assert_int_equal(spec->groups[2].endpoints, 3);
    assert_string_equal(spec->thresholds[1].check, "ok > 1");
    assert_true(spec_faulty(spec, "groups[0].endpoints"));
    assert_true(spec_faulty(spec, "groups[0]"));
    assert_true(spec_faulty(spec, "groups[1].registrar"));
    assert_true(spec_faulty(spec, "thresholds[0]"));
    assert_false(spec_faulty(spec, "groups[0].call"));
    assert_false(spec_faulty(spec, "groups[2]"));
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(every_field_is_bound, set_up, tear_down),
    cmocka_unit_test_setup_teardown(defaults_are_filled_in, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_embedded_registrar_needs_no_entry, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_entry_for_the_embedded_registrar_is_used, set_up, tear_down),
    cmocka_unit_test_setup_teardown(groups_keep_the_order_of_the_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(places_are_those_of_values, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_place_of_what_is_absent_is_that_of_what_holds_it, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(columns_count_code_points, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_part_of_what_the_file_does_not_show_is_the_whole, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(aliases_and_merge_keys_work, set_up, tear_down),
    cmocka_unit_test_setup_teardown(scalars_are_read_by_the_core_schema, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_byte_order_mark_and_crlf_are_fine, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_line_separator_of_unicode_does_not_shift_lines, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_wrong_spec_is_bound_as_far_as_it_goes, set_up, tear_down))
