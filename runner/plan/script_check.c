/* Steps that mean others: whom they send on or signal, and whether somebody hears it. */
#include "address.h"
#include "build.h"
#include "cmtest/scenario.h"

#include <stdlib.h>
#include <string.h>

struct spot {
    struct build *build;
    unsigned group, step;
    bool otherwise;
    const char *action;
    const struct field_argument *arguments;
    unsigned argument_count;
};

static const char *argument(const struct spot *spot, const char *key)
{
    for (unsigned i = 0; i < spot->argument_count; i++)
        if (strcmp(spot->arguments[i].key, key) == 0)
            return spot->arguments[i].value;
    return NULL;
}

static struct place place_of(const struct spot *spot, const char *key)
{
    return spec_place(spot->build->spec,
                      spot->otherwise ? "groups[%u].scenario[%u].else.%s"
                                      : "groups[%u].scenario[%u].%s",
                      spot->group, spot->step, key);
}

static void unknown_group(const struct spot *spot, const char *to, const char *more)
{
    const struct spec *spec = spot->build->spec;
    const char **names = mem_array(spec->groups_count, sizeof *names);
    struct text hint = {0};
    for (unsigned i = 0; i < spec->groups_count; i++)
        names[i] = spec->groups[i].name;
    build_suggest(to, names, spec->groups_count, &hint);
    text_add(&hint, more);
    diag_add(spot->build->diag, DIAG_ERROR, "unknown-group", place_of(spot, "to"), text_get(&hint),
             "\"%s\" is not a group", to);
    text_fini(&hint);
    free(names);
}

static void check_uri(const struct spot *spot, const char *uri)
{
    const char *fault = uri_fault(uri);
    struct place place = place_of(spot, "to");
    if (fault && !build_said(spot->build, "bad-uri", place))
        diag_add(spot->build->diag, DIAG_ERROR, "bad-uri", place, "for example sip:200@example.com",
                 "this cannot be called: %s", fault);
}

/* Somebody who is called by another group of the spec has a call already. */
static void check_transfer(const struct spot *spot, const char *to)
{
    struct build *build = spot->build;
    if (strchr(to, ':')) {
        check_uri(spot, to);
        return;
    }
    uint32_t target = build_find_group(build, to);
    if (target == ROSTER_NONE) {
        unknown_group(spot, to, " or a URI: sip:user@domain");
        return;
    }
    const struct plan_group *group = &build->plan->groups[target];
    if (group->called || group->callers)
        diag_add(build->diag, DIAG_ERROR, "transfer-to-a-busy-group", place_of(spot, "to"),
                 "transfer to a group without call that no other one calls",
                 "the endpoints of %s have calls of their own, and an endpoint has one", to);
}

static void check_signal(const struct spot *spot, const char *to)
{
    const struct plan_group *own = &spot->build->plan->groups[spot->group];
    if (to && build_find_group(spot->build, to) == ROSTER_NONE)
        unknown_group(spot, to, "");
    else if (!to && own->call != CALL_GROUP && !own->called)
        diag_add(spot->build->diag, DIAG_ERROR, "needs-key", place_of(spot, "do"),
                 "add to: with the group that is to hear it",
                 "the partner of %s is outside of this spec, so nobody hears the signal",
                 own->name);
}

static void check(const struct spot *spot)
{
    const char *to = argument(spot, "to");
    if (!spot->action)
        return;
    if (strcmp(spot->action, "transfer") == 0 && to)
        check_transfer(spot, to);
    else if (strcmp(spot->action, "redirect") == 0 && to)
        check_uri(spot, to);
    else if (strcmp(spot->action, "signal") == 0)
        check_signal(spot, to);
}

/* ---- signals that nobody sends --------------------------------------------------------------- */

static bool reaches(const struct build *build, unsigned from, const char *to, unsigned group)
{
    const struct plan_group *a = &build->plan->groups[from], *b = &build->plan->groups[group];
    if (to)
        return build_find_group(build, to) == group;
    return (a->call == CALL_GROUP && a->target == group) ||
           (b->call == CALL_GROUP && b->target == from);
}

static struct spot spot_of(struct build *build, unsigned group, unsigned number, bool otherwise)
{
    const struct spec_step *step = &build->spec->groups[group].scenario[number];
    return (struct spot){.build = build,
                         .group = group,
                         .step = number,
                         .otherwise = otherwise,
                         .action = otherwise ? step->otherwise.action : step->action,
                         .arguments = otherwise ? step->otherwise.arguments : step->arguments,
                         .argument_count =
                             otherwise ? step->otherwise.arguments_count : step->arguments_count};
}

static bool sends(struct build *build, unsigned from, unsigned number, const char *name,
                  unsigned group)
{
    for (int otherwise = 0; otherwise < 2; otherwise++) {
        struct spot spot = spot_of(build, from, number, otherwise);
        const char *signal = argument(&spot, "send");
        if (spot.action && strcmp(spot.action, "signal") == 0 && signal &&
            strcmp(signal, name) == 0 && reaches(build, from, argument(&spot, "to"), group))
            return true;
    }
    return false;
}

static void check_waiting(struct build *build, unsigned group, unsigned number)
{
    const struct spec *spec = build->spec;
    struct spot spot = spot_of(build, group, number, false);
    const char *on = spec->groups[group].scenario[number].on;
    const char *name = argument(&spot, "signal");
    if (!on || strcmp(on, "signal_received") != 0 || !name)
        return;
    for (unsigned i = 0; i < spec->groups_count; i++)
        for (unsigned j = 0; j < spec->groups[i].scenario_count; j++)
            if (spec_faulty(spec, "groups[%u].scenario[%u]", i, j) ||
                sends(build, i, j, name, group))
                return;
    diag_add(build->diag, DIAG_ERROR, "event-never-happens",
             spec_place(spec, "groups[%u].scenario[%u].signal", group, number),
             "give a step do: signal, send: with this name, and to: with this group where it is no "
             "partner",
             "%s waits for the signal \"%s\", which no step sends to it", spec->groups[group].name,
             name);
}

void build_scripts_check(struct build *build)
{
    const struct spec *spec = build->spec;
    for (unsigned i = 0; i < spec->groups_count; i++)
        for (unsigned j = 0; j < spec->groups[i].scenario_count; j++) {
            if (spec_faulty(spec, "groups[%u].scenario[%u]", i, j))
                continue;
            for (int otherwise = 0; otherwise < 2; otherwise++) {
                struct spot spot = spot_of(build, i, j, otherwise);
                check(&spot);
            }
            check_waiting(build, i, j);
        }
}

/* ---- commands -------------------------------------------------------------------------------- */

static bool executes(const char *action)
{
    return action && strcmp(action, "exec") == 0;
}

static void refuse_commands(const struct spec *spec, unsigned group, struct diag *diag)
{
    for (unsigned i = 0; i < spec->groups[group].scenario_count; i++) {
        const struct spec_step *step = &spec->groups[group].scenario[i];
        bool directly = executes(step->action);
        if (!directly && !executes(step->otherwise.action))
            continue;
        diag_add(diag, DIAG_ERROR, "exec-not-allowed",
                 spec_place(spec, "groups[%u].scenario[%u].%s", group, i, directly ? "do" : "else"),
                 "read the command, then `cmtest run --allow-exec`",
                 "a step of %s runs a command on this machine, and it was not said that it may",
                 spec->groups[group].name);
    }
}

void plan_refuse_commands(const struct spec *spec, struct diag *diag)
{
    /* Whoever starts somebody else's spec need not expect commands in it. */
    for (unsigned i = 0; spec && i < spec->groups_count; i++)
        refuse_commands(spec, i, diag);
}
