#include "select.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS_MAX 1000

bool select_shard_parse(const char *text, struct shard *shard)
{
    int end = 0;
    if (strspn(text, "0123456789/") != strlen(text) || strlen(text) > 9 ||
        sscanf(text, "%u/%u%n", &shard->number, &shard->of, &end) != 2 || text[end])
        return false;
    return shard->number >= 1 && shard->number <= shard->of && shard->of <= SHARDS_MAX;
}

/* ---- filters -------------------------------------------------------------------------------- */

/* false: the text is none, or a bad one. Free the expression when true. */
static bool compile(const char *filter, regex_t *regex, struct text *why)
{
    char pattern[256], told[120];
    size_t length = strlen(filter);
    if (length - 2 >= sizeof pattern) {
        if (why)
            text_add(why, "it is too long");
        return false;
    }
    text_copy(pattern, length - 1, filter + 1);
    int error = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
    if (error && why) {
        regerror(error, regex, told, sizeof told);
        text_add(why, told);
    }
    return error == 0;
}

static bool is_regex(const char *filter)
{
    size_t length = strlen(filter);
    return length > 2 && filter[0] == '/' && filter[length - 1] == '/';
}

bool select_filters_valid(const struct option_list *filters, struct text *why)
{
    for (size_t i = 0; i < filters->count; i++) {
        regex_t regex;
        struct text reason = {0};
        bool good = !is_regex(filters->items[i]) || compile(filters->items[i], &regex, &reason);
        if (good && is_regex(filters->items[i]))
            regfree(&regex);
        if (!good)
            text_printf(why, "--filter \"%s\" is no regular expression: %s", filters->items[i],
                        text_get(&reason));
        text_fini(&reason);
        if (!good)
            return false;
    }
    return true;
}

/* What a filter may be about. */
struct names {
    char whole[512];
    const char *each[4];
    size_t count;
};

static void names_of(const struct select_case *one, struct names *names)
{
    const char *name = one->name ? one->name : one->spec;
    snprintf(names->whole, sizeof names->whole, "%s%s%s%s", name, one->case_name ? " [" : "",
             one->case_name ? one->case_name : "", one->case_name ? "]" : "");
    names->each[0] = names->whole;
    names->each[1] = name;
    names->each[2] = one->spec;
    names->each[3] = one->case_name;
    names->count = one->case_name ? 4 : 3;
}

static bool fits(const char *filter, const struct names *names)
{
    regex_t regex;
    bool expression = is_regex(filter), found = false;
    if (expression && !compile(filter, &regex, NULL))
        return false;
    for (size_t i = 0; i < names->count && !found; i++)
        found = expression ? regexec(&regex, names->each[i], 0, NULL, 0) == 0
                           : fnmatch(filter, names->each[i], FNM_CASEFOLD) == 0 ||
                                 /* A name with brackets is a class to a glob. */
                                 strcmp(filter, names->each[i]) == 0;
    if (expression)
        regfree(&regex);
    return found;
}

/* ---- tags ----------------------------------------------------------------------------------- */

static bool has_tag(const struct select_case *one, const char *tag)
{
    for (size_t i = 0; i < one->tag_count; i++)
        if (strcmp(one->tags[i], tag) == 0)
            return true;
    return false;
}

static bool tags_fit(const struct select_case *one, const struct option_list *tags,
                     const struct option_list *skip_tags)
{
    bool asked = false, found = false;
    for (size_t i = 0; i < tags->count; i++) {
        const char *tag = tags->items[i];
        if (tag[0] == '!' && has_tag(one, tag + 1))
            return false;
        asked = asked || tag[0] != '!';
        found = found || (tag[0] != '!' && has_tag(one, tag));
    }
    for (size_t i = 0; i < skip_tags->count; i++)
        if (has_tag(one, skip_tags->items[i]))
            return false;
    return found || !asked;
}

void select_by_words(struct select_case *cases, size_t count, const struct option_list *tags,
                     const struct option_list *skip_tags, const struct option_list *filters)
{
    for (size_t i = 0; i < count; i++) {
        struct names names;
        bool found = !filters->count;
        names_of(&cases[i], &names);
        for (size_t j = 0; j < filters->count && !found; j++)
            found = fits(filters->items[j], &names);
        cases[i].chosen = found && tags_fit(&cases[i], tags, skip_tags);
    }
}

/* ---- shards --------------------------------------------------------------------------------- */

/* The next one to be given: the longest, of alike ones the first. count: there is none. */
static size_t longest(const struct select_case *cases, size_t count, const bool *given)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++)
        if (cases[i].chosen && !given[i] && (best == count || cases[i].weight > cases[best].weight))
            best = i;
    return best;
}

void select_by_shard(struct select_case *cases, size_t count, const struct shard *shard)
{
    if (!count)
        return;
    bool *given = mem_array(count, sizeof *given), *ours = mem_array(count, sizeof *ours);
    int64_t *loads = mem_array(shard->of, sizeof *loads);
    for (size_t next; (next = longest(cases, count, given)) < count;) {
        unsigned least = 0;
        for (unsigned i = 1; i < shard->of; i++)
            if (loads[i] < loads[least])
                least = i;
        loads[least] += cases[next].weight;
        given[next] = true;
        ours[next] = least + 1 == shard->number;
    }
    for (size_t i = 0; i < count; i++)
        cases[i].chosen = ours[i];
    free(loads);
    free(ours);
    free(given);
}

size_t select_count(const struct select_case *cases, size_t count)
{
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++)
        chosen += cases[i].chosen;
    return chosen;
}

static uint64_t fold(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t select_seed(uint64_t seed, const char *spec, const char *case_name)
{
    struct random random;
    random_init(&random, fold(fold(seed ^ UINT64_C(0xcbf29ce484222325), spec), case_name));
    return random_next(&random) >> 11;
}
