/* Who calls whom. */
#include "address.h"
#include "build.h"

#include <stdlib.h>
#include <string.h>

static void unknown_group(struct build *build, unsigned index, unsigned entry)
{
    const struct spec *spec = build->spec;
    const char **names = mem_array(spec->groups_count, sizeof *names);
    struct text hint = {0};
    size_t count = 0;
    for (unsigned i = 0; i < spec->groups_count; i++)
        if (i != index)
            names[count++] = spec->groups[i].name;
    build_suggest(spec->groups[index].call[entry], names, count, &hint);
    text_add(&hint, " or a URI: sip:user@domain");
    diag_add(build->diag, DIAG_ERROR, "unknown-group",
             spec_place(spec, "groups[%u].call[%u]", index, entry), text_get(&hint),
             "\"%s\" is not a group", spec->groups[index].call[entry]);
    text_fini(&hint);
    free(names);
}

static bool calls(const struct spec_group *row)
{
    return row->call_count && strcmp(row->call[0], "none") != 0;
}

/* A group that calls itself: its first half calls the second. */
static void call_own(struct build *build, unsigned index)
{
    struct plan_group *group = &build->plan->groups[index];
    if (group->count % 2 && !spec_faulty(build->spec, "groups[%u].endpoints", index))
        diag_add(build->diag, DIAG_ERROR, "odd-group",
                 spec_place(build->spec, "groups[%u].call", index),
                 "one half calls the other: it needs an even number",
                 "group %s calls itself, and has %u endpoint%s", group->name, group->count,
                 group->count == 1 ? "" : "s");
    group->callers = group->count / 2;
}

static void call_group(struct build *build, unsigned index, uint32_t target)
{
    const struct spec *spec = build->spec;
    struct plan_group *group = &build->plan->groups[index];
    group->calls = build->plan->groups[target].name;
    if (target != index && calls(&spec->groups[target])) {
        diag_add(build->diag, DIAG_ERROR, "calls-a-caller",
                 spec_place(spec, "groups[%u].call", index),
                 "call a group that only answers, one without call",
                 "group %s makes calls itself, so it cannot be called", group->calls);
        diag_related(build->diag, spec_place(spec, "groups[%u].call", target), "%s calls here",
                     group->calls);
        return;
    }
    group->call = CALL_GROUP;
    group->target = target;
    group->callers = group->count;
    build->plan->groups[target].called = true;
    if (target == index)
        call_own(build, index);
}

static bool check_uri(struct build *build, unsigned index, unsigned entry, const char *uri)
{
    struct place place = spec_place(build->spec, "groups[%u].call[%u]", index, entry);
    const char *fault = uri_fault(uri);
    /* The URI itself stays out of the message: it may hold a password. */
    if (fault && !build_said(build, "bad-uri", place))
        diag_add(build->diag, DIAG_ERROR, "bad-uri", place, "for example sip:echo@example.com",
                 "this cannot be called: %s", fault);
    return !fault;
}

/* Several targets: URIs, and nothing but them. */
static void call_uris(struct build *build, unsigned index)
{
    const struct spec_group *row = &build->spec->groups[index];
    struct plan_group *group = &build->plan->groups[index];
    const char **uris = arena_array(build->arena, row->call_count, sizeof *uris);
    for (unsigned i = 0; i < row->call_count; i++) {
        if (spec_faulty(build->spec, "groups[%u].call[%u]", index, i))
            continue;
        if (!uri_looks_like_one(row->call[i]))
            diag_add(build->diag, DIAG_ERROR, "only-uris",
                     spec_place(build->spec, "groups[%u].call[%u]", index, i),
                     "split the group, one for each target",
                     "a list of targets is of URIs, and \"%.60s\" is none", row->call[i]);
        else
            check_uri(build, index, i, row->call[i]);
        uris[group->uri_count++] = build_keep(build, row->call[i]);
    }
    group->uris = uris;
    group->calls = uris[0];
    group->call = CALL_URI;
    group->callers = group->count;
}

static void resolve_call(struct build *build, unsigned index)
{
    const struct spec_group *row = &build->spec->groups[index];
    if (!calls(row) || spec_faulty(build->spec, "groups[%u].call", index))
        return;
    if (row->call_count > 1 || uri_looks_like_one(row->call[0])) {
        call_uris(build, index);
        return;
    }
    uint32_t target = build_find_group(build, row->call[0]);
    if (target == ROSTER_NONE)
        unknown_group(build, index, 0);
    else
        call_group(build, index, target);
}

enum diag_severity build_between(const struct build *build, uint32_t one, uint32_t other)
{
    const struct plan *plan = build->plan;
    uint32_t here = plan->groups[one].registrar, there = plan->groups[other].registrar;
    bool ours = here != ROSTER_NONE && there != ROSTER_NONE && plan->registrars[here].embedded &&
                plan->registrars[there].embedded;
    return ours ? DIAG_ERROR : DIAG_WARNING;
}

void build_calls(struct build *build)
{
    const struct spec *spec = build->spec;
    for (unsigned i = 0; i < spec->groups_count; i++)
        resolve_call(build, i);
    for (unsigned i = 0; i < spec->groups_count; i++)
        if (spec_given(spec, "groups[%u].answer", i) && calls(&spec->groups[i]) &&
            !build->plan->groups[i].called)
            diag_add(build->diag, DIAG_WARNING, "never-called",
                     spec_place(spec, "groups[%u].answer", i), "it has no effect",
                     "group %s calls and is not called, so it answers nothing",
                     spec->groups[i].name);
}
