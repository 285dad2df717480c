#include "build.h"

#include <stdlib.h>
#include <string.h>

#define WHOLE UINT32_C(100000) /* 100% */

uint32_t build_find_group(const struct build *build, const char *name)
{
    for (uint32_t i = 0; i < build->spec->groups_count; i++)
        if (strcmp(build->spec->groups[i].name, name) == 0)
            return i;
    return ROSTER_NONE;
}

void build_suggest(const char *word, const char *const *names, size_t count, struct text *hint)
{
    const char *near = text_nearest(word, names, count);
    if (near)
        text_printf(hint, "did you mean \"%s\"?  ", near);
    text_add(hint, "(");
    for (size_t i = 0; i < count && i < 12; i++)
        text_printf(hint, "%s%s", i ? ", " : "", names[i]);
    text_add(hint, count > 12 ? ", ...)" : ")");
}

static void unknown_registrar(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    /* Always there to choose from, so it ends the list. */
    const char **names = mem_array(spec->registrars_count + 1, sizeof *names);
    struct text hint = {0};
    size_t count = 0;
    for (unsigned i = 0; i < spec->registrars_count; i++)
        if (strcmp(spec->registrars[i].name, "embedded") != 0)
            names[count++] = spec->registrars[i].name;
    names[count++] = "embedded";
    build_suggest(spec->groups[index].registrar, names, count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-registrar",
             spec_place(spec, "groups[%u].registrar", index), text_get(&hint),
             "\"%s\" is not under registrars", spec->groups[index].registrar);
    text_fini(&hint);
    free(names);
}

/* When registrars as a whole could not be read, every name would seem unknown. */
static bool registrars_unread(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->registrars_count; i++)
        if (strcmp(spec->registrars[i].name, "embedded") != 0)
            return false;
    return spec_faulty(spec, "registrars");
}

static void resolve_registrar(struct build *build, unsigned index)
{
    const struct spec_group *row = &build->spec->groups[index];
    struct plan_group *group = &build->plan->groups[index];
    group->registrar = row->registrar ? build_find_registrar(build, row->registrar) : ROSTER_NONE;
    if (row->registrar && group->registrar == ROSTER_NONE && !registrars_unread(build->spec))
        unknown_registrar(build, index);
}

/* ---- sizes ------------------------------------------------------------------------------- */

static void check_shares(struct build *build)
{
    const struct spec *spec = build->spec;
    uint64_t sum = 0;
    bool told = spec_faulty(spec, "endpoints"), stated = spec->endpoints;
    for (unsigned i = 0; i < spec->groups_count; i++) {
        sum += spec->groups[i].share;
        if (!spec->groups[i].share || told || stated)
            continue;
        told = true;
        diag_add(build->diag, DIAG_ERROR, "share-of-nothing",
                 spec_place(spec, "groups[%u].share", i),
                 "add \"endpoints: 100\" at the top of the spec",
                 "a share needs a number of endpoints to be a share of");
    }
    for (unsigned i = spec->groups_count; i-- > 0 && sum > WHOLE;) {
        if (!spec->groups[i].share)
            continue;
        diag_add(build->diag, DIAG_ERROR, "shares-too-large",
                 spec_place(spec, "groups[%u].share", i), "at most 100% together",
                 "the shares of all groups are %g%%", (double)sum / 1000);
        break;
    }
    for (unsigned i = 0; i < spec->groups_count; i++)
        told = told || spec_faulty(spec, "groups[%u]", i);
    if (!sum && spec->endpoints && !told)
        diag_add(build->diag, DIAG_WARNING, "endpoints-unused", spec_place(spec, "endpoints"),
                 "give a group \"share: 50%\" in place of its endpoints",
                 "no group takes a share of the endpoints");
}

/* The share of a group: the ends of the shares are rounded, so that all together lose nobody. */
static uint32_t size_of(const struct spec *spec, unsigned index, uint64_t *shares)
{
    const struct spec_group *row = &spec->groups[index];
    uint64_t from = (*shares * spec->endpoints + WHOLE / 2) / WHOLE;
    if (!row->share)
        return row->endpoints;
    *shares += row->share;
    return (uint32_t)((*shares * spec->endpoints + WHOLE / 2) / WHOLE - from);
}

void build_groups(struct build *build)
{
    const struct spec *spec = build->spec;
    struct plan *plan = build->plan;
    plan->group_count = spec->groups_count;
    plan->groups = arena_array(build->arena, plan->group_count, sizeof *plan->groups);
    uint64_t total = 0, shares = 0;
    check_shares(build);
    for (unsigned i = 0; i < spec->groups_count; i++) {
        struct plan_group *group = &plan->groups[i];
        group->name = build_keep(build, spec->groups[i].name);
        group->first = (uint32_t)total;
        group->count = size_of(spec, i, &shares);
        if (spec->groups[i].share && spec->endpoints && !group->count)
            diag_add(build->diag, DIAG_ERROR, "share-too-small",
                     spec_place(spec, "groups[%u].share", i), "raise the share or the endpoints",
                     "that share of %u endpoints is none", spec->endpoints);
        total += group->count;
        build_answer(build, i);
        build_extensions(build, i);
        resolve_registrar(build, i);
        build_media(build, i);
        build_hearing(build, i);
        build_impair(build, i);
        build_headers(build, i);
        build_expected(build, i);
    }
    if (total > PLAN_ENDPOINTS_MAX)
        diag_add(build->diag, DIAG_ERROR, "too-many-endpoints", spec_place(spec, "groups"),
                 "at most 100000 in a spec", "the groups have %llu endpoints together",
                 (unsigned long long)total);
    plan->endpoint_count = total > PLAN_ENDPOINTS_MAX ? 0 : (size_t)total;
}
