/* Steps that cannot be: too late, or waiting for what nobody causes. */
#include "cmtest/scenario.h"
#include "build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *argument(const struct spec_step *step, const char *key)
{
    for (unsigned i = 0; i < step->arguments_count; i++)
        if (strcmp(step->arguments[i].key, key) == 0)
            return step->arguments[i].value;
    return NULL;
}

static int64_t length_of(const struct spec *spec, const struct spec_group *group)
{
    return group->duration_ns ? group->duration_ns : spec->duration_ns;
}

static void check_time(struct build *build, unsigned index, unsigned number)
{
    const struct spec *spec = build->spec;
    const struct spec_group *group = &spec->groups[index];
    const struct spec_step *step = &group->scenario[number];
    bool call = !step->from || strcmp(step->from, "call") == 0;
    const struct action *action = step->action ? action_find(step->action) : NULL;
    int64_t length = length_of(spec, group);
    if (!spec_given(spec, "groups[%u].scenario[%u].at", index, number) || !call || !length ||
        step->at_ns < length || !action || !action->needs_call ||
        spec->load.call_length.distribution)
        return;
    diag_add(build->diag, DIAG_ERROR, "action-after-end",
             spec_place(spec, "groups[%u].scenario[%u].at", index, number),
             "make the call longer, or the step earlier", "%s comes when the call of %g s is over",
             step->action, (double)length / 1e9);
    if (group->duration_ns)
        diag_related(build->diag, spec_place(spec, "groups[%u].duration", index),
                     "its calls end then");
    else
        diag_related(build->diag, spec_place(spec, "duration"), "calls end then");
}

static bool in_list(const char *const *list, const char *word)
{
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

static bool in_actions(const struct trigger *trigger, const struct spec_step *step)
{
    return (step->action && in_list(trigger->caused_by, step->action)) ||
           (step->otherwise.action && in_list(trigger->caused_by, step->otherwise.action));
}

static bool sends_digit(const struct field_argument *arguments, unsigned count, char digit)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(arguments[i].key, "digits") == 0)
            for (const char *at = arguments[i].value; *at; at++)
                if (toupper((unsigned char)*at) == toupper((unsigned char)digit))
                    return true;
    return false;
}

/* Several steps may send the parts of a sequence, in an order that only the run knows: what no step
 * sends at all cannot come. */
static bool group_sends(const struct spec_group *group, char digit)
{
    for (unsigned i = 0; i < group->scenario_count; i++) {
        const struct spec_step *step = &group->scenario[i];
        if (sends_digit(step->arguments, step->arguments_count, digit) ||
            sends_digit(step->otherwise.arguments, step->otherwise.arguments_count, digit))
            return true;
    }
    return false;
}

static bool group_causes(const struct spec_group *group, const struct trigger *trigger,
                         const struct spec_step *waiting)
{
    const char *digits = argument(waiting, "digit");
    bool any = false;
    for (unsigned i = 0; i < group->scenario_count; i++)
        any = any || in_actions(trigger, &group->scenario[i]);
    if (strcmp(trigger->choice.word, "dtmf_received") != 0 || !digits)
        return any;
    for (; any && *digits; digits++)
        any = group_sends(group, *digits);
    return any;
}

static bool partners(const struct plan *plan, unsigned one, unsigned other)
{
    const struct plan_group *a = &plan->groups[one], *b = &plan->groups[other];
    return (a->call == CALL_GROUP && a->target == other) ||
           (b->call == CALL_GROUP && b->target == one);
}

static bool has_timer(const struct spec_group *group)
{
    return group->session_timer.mode && strcmp(group->session_timer.mode, "disabled") != 0;
}

/* To who has no session timer, what a partner sends is no refresh (RFC 4028 3). */
static bool refreshes(const struct spec_group *group)
{
    bool by_step = false;
    for (unsigned i = 0; i < group->scenario_count; i++)
        by_step = by_step || (group->scenario[i].action &&
                              strcmp(group->scenario[i].action, "refresh_session") == 0);
    return by_step || has_timer(group);
}

static void check_event(struct build *build, unsigned index, unsigned number)
{
    const struct spec *spec = build->spec;
    const struct spec_step *step = &spec->groups[index].scenario[number];
    const struct trigger *trigger = step->on ? trigger_find(step->on) : NULL;
    bool ours = false, caused = false, faulty = false;
    enum diag_severity severity = DIAG_ERROR;
    if (!trigger)
        return;
    bool timer = strcmp(trigger->choice.word, "session_timer_refreshed") == 0;
    if (!trigger->caused_by && !timer)
        return;
    for (unsigned i = 0; i < spec->groups_count; i++) {
        if (!partners(build->plan, index, i))
            continue;
        ours = true;
        if (build_between(build, index, i) == DIAG_WARNING)
            severity = DIAG_WARNING;
        faulty = faulty || spec_faulty(spec, "groups[%u].scenario", i);
        caused = caused || (!timer && group_causes(&spec->groups[i], trigger, step));
    }
    if (timer)
        caused = refreshes(&spec->groups[index]);
    if ((!ours && !timer) || caused || faulty)
        return;
    diag_add(build->diag, severity, "event-never-happens",
             spec_place(spec, "groups[%u].scenario[%u].on", index, number),
             timer ? "set session_timer of the group" : "give the partner an action that causes it",
             "%s waits for %s, which nothing in this spec causes", spec->groups[index].name,
             step->on);
}

static const char digits_of_a_phone[] = "0123456789ABCDabcd*#";

static void check_digits(struct build *build, unsigned index, unsigned number)
{
    static const char *const keys[] = {"digits", "digit"};
    const struct spec_step *step = &build->spec->groups[index].scenario[number];
    for (size_t i = 0; i < 2; i++) {
        const char *digits = argument(step, keys[i]);
        if (digits && strspn(digits, digits_of_a_phone) != strlen(digits))
            diag_add(build->diag, DIAG_ERROR, "bad-digits",
                     spec_place(build->spec, "groups[%u].scenario[%u].%s", index, number, keys[i]),
                     "0 to 9, A to D, * and #", "\"%s\" are not digits of a phone", digits);
    }
}

static bool has_partner(const struct build *build, unsigned index)
{
    for (unsigned i = 0; i < build->spec->groups_count; i++)
        if (partners(build->plan, index, i))
            return true;
    return false;
}

static void check_expected(struct build *build, unsigned index, unsigned number)
{
    const struct spec *spec = build->spec;
    const char *digits = spec->groups[index].scenario[number].expect.dtmf;
    const char *place = "groups[%u].scenario[%u].expect.dtmf";
    if (!digits)
        return;
    if (strspn(digits, digits_of_a_phone) != strlen(digits) || !*digits)
        diag_add(build->diag, DIAG_ERROR, "bad-digits", spec_place(spec, place, index, number),
                 "0 to 9, A to D, * and #", "\"%s\" are not digits of a phone", digits);
    if (!has_partner(build, index) && !spec_faulty(spec, "groups[%u].call", index))
        diag_add(build->diag, DIAG_ERROR, "unseen-partner", spec_place(spec, place, index, number),
                 "wait for what it does with them: on: dtmf_received, within: 5s",
                 "%s talks with no group of this spec, and nobody else tells what digits it "
                 "received",
                 spec->groups[index].name);
}

/* The step of that name before `before`; -1 when there is none. */
static int find_step(const struct spec_group *group, const char *name, unsigned before)
{
    for (unsigned i = 0; i < before; i++)
        if (group->scenario[i].name && strcmp(group->scenario[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void unknown_step(struct build *build, unsigned index, unsigned number)
{
    const struct spec_group *group = &build->spec->groups[index];
    const char **names = mem_array(group->scenario_count + 1, sizeof *names);
    size_t count = 0;
    struct text hint = {0};
    for (unsigned i = 0; i < group->scenario_count; i++)
        if (group->scenario[i].name && i != number)
            names[count++] = group->scenario[i].name;
    build_suggest(group->scenario[number].after, names, count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-step",
             spec_place(build->spec, "groups[%u].scenario[%u].after", index, number),
             count ? text_get(&hint) : "give the step that is meant a name",
             "\"%s\" is not the name of a step", group->scenario[number].after);
    text_fini(&hint);
    free(names);
}

static void check_order(struct build *build, unsigned index, unsigned number)
{
    const struct spec *spec = build->spec;
    const struct spec_group *group = &spec->groups[index];
    const struct spec_step *step = &group->scenario[number];
    int same = step->name ? find_step(group, step->name, number) : -1;
    if (same >= 0) {
        diag_add(build->diag, DIAG_ERROR, "duplicate-step",
                 spec_place(spec, "groups[%u].scenario[%u].name", index, number),
                 "each name is for one step", "there is another step %s", step->name);
        diag_related(build->diag, spec_place(spec, "groups[%u].scenario[%d].name", index, same),
                     "first defined here");
    }
    if (!step->after)
        return;
    int at = find_step(group, step->after, group->scenario_count);
    if (at < 0) {
        unknown_step(build, index, number);
        return;
    }
    for (unsigned steps = 0; at >= 0 && steps <= group->scenario_count; steps++) {
        if ((unsigned)at == number) {
            diag_add(build->diag, DIAG_ERROR, "steps-in-a-circle",
                     spec_place(spec, "groups[%u].scenario[%u].after", index, number),
                     "one of them needs at or on", "this step waits for itself");
            return;
        }
        const char *next = group->scenario[at].after;
        at = next ? find_step(group, next, group->scenario_count) : -1;
    }
}

void build_scenarios(struct build *build)
{
    const struct spec *spec = build->spec;
    for (unsigned i = 0; i < spec->groups_count; i++) {
        for (unsigned j = 0; j < spec->groups[i].scenario_count; j++) {
            if (spec_faulty(spec, "groups[%u].scenario[%u]", i, j))
                continue;
            check_time(build, i, j);
            check_event(build, i, j);
            check_digits(build, i, j);
            check_expected(build, i, j);
            check_order(build, i, j);
        }
    }
}
