/*
 * select: which of the cases run. Pure.
 *
 * A case is known by the name of its test, and with a matrix by its values behind it:
 * "Hold [codec=opus]". Filters look at that, at either part, and at the path of the spec.
 */
#ifndef CMTEST_CLI_SELECT_H
#define CMTEST_CLI_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/command.h"
#include "cmtest/text.h"

struct select_case {
    const char *name;      /* of the test; NULL: it has none */
    const char *case_name; /* of the matrix; NULL */
    const char *spec;      /* path as it was given */
    const char *const *tags;
    size_t tag_count;
    int64_t weight; /* how long it is planned to take, > 0, in any unit */
    bool chosen;    /* what comes out */
};

struct shard {
    unsigned number, of; /* from 1 */
};

/* "2/5". false: it is none. */
bool select_shard_parse(const char *text, struct shard *shard);

/* Whether every filter can be used: "/a(b/" is no regular expression. why: a sentence. */
bool select_filters_valid(const struct option_list *filters, struct text *why);

/* Marks those that have one of the tags (when there are any; "!x" excludes like skip_tags) and
 * fit one of the filters (when there are any): a glob over the whole name, letters alike in both
 * cases; or between slashes an extended regular expression found anywhere in it. */
void select_by_words(struct select_case *cases, size_t count, const struct option_list *tags,
                     const struct option_list *skip_tags, const struct option_list *filters);

/* Of the chosen ones leaves those of one shard. Each is in exactly one shard of `of`, the same at
 * each call; the longest go first to the shard that has the least. */
void select_by_shard(struct select_case *cases, size_t count, const struct shard *shard);

size_t select_count(const struct select_case *cases, size_t count);

/* Of one case, from that of the invocation: whatever else runs with it, it is the same. At most
 * 2^53, which every reader of JSON can hold. */
uint64_t select_seed(uint64_t seed, const char *spec, const char *case_name);

#endif
