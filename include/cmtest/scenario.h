/*
 * scenario: the words of a step: what starts it and what it does. One row per word under
 * runner/scenario/actions/ and runner/scenario/triggers/, listed in their table.def. A row is the
 * word of a spec, with the keys that it takes (field.h); its arguments reach the plan as text.
 */
#ifndef CMTEST_SCENARIO_H
#define CMTEST_SCENARIO_H

#include "cmtest/field.h"

struct action {
    struct choice choice;
    bool needs_call; /* makes sense only while the call is up */
};

struct trigger {
    struct choice choice;
    /* Actions of the partner, one of which causes it, NULL-terminated; NULL: it happens by itself,
     * or somebody outside may cause it. */
    const char *const *caused_by;
};

/* NULL-terminated, in the order of table.def; the choices are those of the rows. */
extern const struct action *const actions[];
extern const struct trigger *const triggers[];
extern const struct choice *const action_choices[];
extern const struct choice *const trigger_choices[];

/* NULL when there is none. */
const struct action *action_find(const char *name);
const struct trigger *trigger_find(const char *name);

#endif
