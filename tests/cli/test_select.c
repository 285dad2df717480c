#include "support/specification.h"

#include <stdio.h>
#include <string.h>
#include "cmtest/random.h"
#include "select.h"

#define CASES 40

static const char *const smoke[] = {"smoke", "fast"}, *const nightly[] = {"nightly"};

static struct select_case cases[] = {
    {.name = "Hold and resume", .spec = "t/hold.yaml", .tags = smoke, .tag_count = 2, .weight = 1},
    {.name = "Codecs",
     .case_name = "codec=opus",
     .spec = "t/codecs.yaml",
     .tags = nightly,
     .tag_count = 1,
     .weight = 1},
    {.name = "Codecs",
     .case_name = "codec=pcma",
     .spec = "t/codecs.yaml",
     .tags = nightly,
     .tag_count = 1,
     .weight = 1},
    {.spec = "t/plain.yaml", .weight = 1},
};
#define COUNT (sizeof cases / sizeof *cases)

/* The chosen ones as a row of digits. */
static const char *chosen(struct option_list tags, struct option_list skip,
                          struct option_list filters)
{
    static char out[COUNT + 1];
    size_t length = 0;
    select_by_words(cases, COUNT, &tags, &skip, &filters);
    for (size_t i = 0; i < COUNT; i++)
        if (cases[i].chosen)
            out[length++] = (char)('0' + i);
    out[length] = '\0';
    return out;
}

#define NONE ((struct option_list){0})
#define LIST(...)                                 \
    ((struct option_list){.items = {__VA_ARGS__}, \
                          .count = sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)})

static void without_a_filter_all_are_chosen(void **state)
{
    (void)state;
    assert_string_equal(chosen(NONE, NONE, NONE), "0123");
}

static void one_of_the_tags_is_enough_and_an_excluded_one_is_too_much(void **state)
{
    (void)state;
    assert_string_equal(chosen(LIST("smoke"), NONE, NONE), "0");
    assert_string_equal(chosen(LIST("smoke", "nightly"), NONE, NONE), "012");
    assert_string_equal(chosen(LIST("!nightly"), NONE, NONE), "03");
    assert_string_equal(chosen(LIST("smoke", "!fast"), NONE, NONE), "");
    assert_string_equal(chosen(NONE, LIST("smoke"), NONE), "123");
    assert_string_equal(chosen(LIST("nosuch"), NONE, NONE), "");
}

static void a_filter_is_about_the_name_its_parts_and_the_path(void **state)
{
    (void)state;
    assert_string_equal(chosen(NONE, NONE, LIST("hold*")), "0");
    assert_string_equal(chosen(NONE, NONE, LIST("codecs")), "12");
    assert_string_equal(chosen(NONE, NONE, LIST("Codecs [codec=pcma]")), "2");
    assert_string_equal(chosen(NONE, NONE, LIST("codec=opus", "t/plain.yaml")), "13");
    assert_string_equal(chosen(NONE, NONE, LIST("/pcm[au]/")), "2");
    assert_string_equal(chosen(NONE, NONE, LIST("/^Hold/")), "0");
    assert_string_equal(chosen(NONE, NONE, LIST("Hold")), "");
    assert_string_equal(chosen(LIST("smoke"), NONE, LIST("codecs")), "");
}

static void a_bad_expression_is_refused_with_its_reason(void **state)
{
    (void)state;
    struct text why = {0};
    struct option_list good = LIST("/a.b/", "a(b"), bad = LIST("*", "/a(b/");
    assert_true(select_filters_valid(&good, &why));
    assert_false(select_filters_valid(&bad, &why));
    assert_non_null(strstr(text_get(&why), "/a(b/"));
    text_fini(&why);
}

static void a_shard_is_two_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "1",  "0/3", "4/3",   "1/0",     "a/b", "1/3x",
                                      "-1/3", "1/", "/3",  "1/2/3", "1/99999", "1 /3"};
    struct shard shard;
    assert_true(select_shard_parse("2/5", &shard));
    assert_int_equal(shard.number, 2);
    assert_int_equal(shard.of, 5);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (select_shard_parse(bad[i], &shard))
            fail_msg("\"%s\" was taken", bad[i]);
}

static int64_t load_of(const struct select_case *all, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += all[i].chosen ? all[i].weight : 0;
    return sum;
}

static void every_case_is_in_exactly_one_shard(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 11);
    for (int round = 0; round < 300; round++) {
        struct select_case all[CASES] = {0}, before[CASES];
        unsigned seen[CASES] = {0}, of = 1 + (unsigned)random_below(&random, 9);
        size_t count = (size_t)random_below(&random, CASES + 1);
        int64_t longest = 0, least = INT64_MAX, most = 0;
        for (size_t i = 0; i < count; i++) {
            all[i].weight = 1 + (int64_t)random_below(&random, 1000);
            all[i].chosen = random_below(&random, 4) > 0;
            longest = all[i].weight > longest ? all[i].weight : longest;
        }
        memcpy(before, all, sizeof all);
        for (unsigned number = 1; number <= of; number++) {
            memcpy(all, before, sizeof all);
            select_by_shard(all, count, &(struct shard){number, of});
            for (size_t i = 0; i < count; i++)
                seen[i] += all[i].chosen;
            int64_t load = load_of(all, count);
            least = load < least ? load : least;
            most = load > most ? load : most;
        }
        for (size_t i = 0; i < count; i++)
            assert_int_equal(seen[i], before[i].chosen);
        /* The longest first, each to the emptiest: none is ahead by more than one case. */
        assert_true(most - least <= longest);
    }
}

static void a_seed_depends_on_its_case_and_on_nothing_else(void **state)
{
    (void)state;
    uint64_t one = select_seed(1, "a.yaml", NULL);
    assert_true(one == select_seed(1, "a.yaml", NULL));
    assert_true(one != select_seed(2, "a.yaml", NULL));
    assert_true(one != select_seed(1, "b.yaml", NULL));
    assert_true(select_seed(1, "a", "b") != select_seed(1, "ab", ""));
    assert_true(one <= UINT64_C(1) << 53);
}

SPECIFICATION(cmocka_unit_test(without_a_filter_all_are_chosen),
              cmocka_unit_test(one_of_the_tags_is_enough_and_an_excluded_one_is_too_much),
              cmocka_unit_test(a_filter_is_about_the_name_its_parts_and_the_path),
              cmocka_unit_test(a_bad_expression_is_refused_with_its_reason),
              cmocka_unit_test(a_shard_is_two_numbers),
              cmocka_unit_test(every_case_is_in_exactly_one_shard),
              cmocka_unit_test(a_seed_depends_on_its_case_and_on_nothing_else))
