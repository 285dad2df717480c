/*
 * diagnosis: what made endpoints fail, as a table of rules over clusters of them. One cluster is
 * one paragraph, however many calls are in it: what happened and to how many, the likely cause, and
 * one next step. A rule says only what the data shows; what it guesses, it calls a guess.
 *
 * One row per rule under runner/verdict/diagnoses/. The first row whose matches() is true speaks,
 * so the order of table.def goes from the special to the general; the last one takes everything.
 */
#ifndef CMTEST_DIAGNOSIS_H
#define CMTEST_DIAGNOSIS_H

#include <stdbool.h>

/* Which endpoints failed alike, out of all that could have. */
enum diagnosis_scope {
    SCOPE_ALL,       /* every one */
    SCOPE_REGISTRAR, /* every one at one server and transport, and none elsewhere */
    SCOPE_GROUP,     /* every one of one or more whole groups, and none elsewhere */
    SCOPE_ONE,       /* one endpoint, or one account */
    SCOPE_LATER,     /* the first ones, by time, did well, and those after them did not */
    SCOPE_SCATTERED  /* some, without any of these patterns */
};

struct cluster;   /* runner/verdict/cluster.h */
struct paragraph; /* runner/verdict/paragraph.h */

struct diagnosis {
    const char *name;  /* "registration_credentials" */
    const char *title; /* a few words: "wrong user name or password" */
    const char *help;  /* when it speaks */
    bool consequence;  /* of a failure that another cluster tells of: comes after the causes */
    bool any_answer;   /* clusters that differ only by how the refusal came are one */
    bool (*matches)(const struct cluster *cluster);
    void (*write)(struct paragraph *paragraph);
};

/* NULL-terminated, in the order of table.def. */
extern const struct diagnosis *const diagnoses[];

/* "all", "registrar", "group", "one", "later", "scattered". */
const char *scope_name(enum diagnosis_scope scope);

#endif
