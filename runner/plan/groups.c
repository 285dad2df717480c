#include "build.h"
#include "address.h"

#include <stdlib.h>
#include <string.h>

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

static void unknown_codec(struct build *build, const char *word, struct place place)
{
    const char *names[64];
    struct text hint = {0};
    size_t count = 0;
    for (; codecs[count] && count < sizeof names / sizeof *names; count++)
        names[count] = codecs[count]->name;
    build_suggest(word, names, count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-codec", place, text_get(&hint),
             "\"%s\" is not an audio codec", word);
    text_fini(&hint);
}

static bool has_codec(const struct plan_group *group, const struct codec *codec)
{
    for (size_t i = 0; i < group->codec_count; i++)
        if (group->codecs[i] == codec)
            return true;
    return false;
}

static void resolve_codecs(struct build *build, unsigned index)
{
    const struct spec_audio *audio = &build->spec->groups[index].audio;
    struct plan_group *group = &build->plan->groups[index];
    for (unsigned i = 0; i < audio->codecs_count; i++) {
        const struct codec *codec = codec_find(audio->codecs[i]);
        struct place place = spec_place(build->spec, "groups[%u].audio.codecs[%u]", index, i);
        const char *code = !codec                    ? "unknown-codec"
                           : has_codec(group, codec) ? "duplicate-codec"
                                                     : NULL;
        if (spec_faulty(build->spec, "groups[%u].audio.codecs[%u]", index, i))
            continue;
        if (!code && group->codec_count < SESSION_CODECS_MAX)
            group->codecs[group->codec_count++] = codec;
        if (!code || build_said(build, code, place))
            continue;
        if (codec)
            diag_add(build->diag, DIAG_ERROR, code, place, "remove one", "%s is in the list twice",
                     codec->name);
        else
            unknown_codec(build, audio->codecs[i], place);
    }
}

static void unknown_group(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    const char **names = mem_array(spec->groups_count, sizeof *names);
    struct text hint = {0};
    size_t count = 0;
    for (unsigned i = 0; i < spec->groups_count; i++)
        if (i != index)
            names[count++] = spec->groups[i].name;
    build_suggest(spec->groups[index].call, names, count, &hint);
    text_add(&hint, " or a URI: sip:user@domain");
    diag_add(build->diag, DIAG_ERROR, "unknown-group", spec_place(spec, "groups[%u].call", index),
             text_get(&hint), "\"%s\" is not a group", spec->groups[index].call);
    text_fini(&hint);
    free(names);
}

static void resolve_call(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    const char *call = spec->groups[index].call;
    struct plan_group *group = &build->plan->groups[index];
    struct place place = spec_place(spec, "groups[%u].call", index);
    if (!call)
        return;
    if (uri_looks_like_one(call)) {
        const char *fault = uri_fault(call);
        /* The URI itself stays out of the message: it may hold a password. */
        if (fault)
            diag_add(build->diag, DIAG_ERROR, "bad-uri", place, "for example sip:echo@example.com",
                     "this cannot be called: %s", fault);
        group->call = CALL_URI;
        group->uri = build_keep(build, call);
        return;
    }
    uint32_t target = build_find_group(build, call);
    if (target == ROSTER_NONE) {
        unknown_group(build, index);
    } else if (target == index) {
        diag_add(build->diag, DIAG_ERROR, "calls-itself", place,
                 "split it into a group that calls and one that answers",
                 "group %s calls itself, which is not supported yet", call);
    } else if (spec->groups[target].call) {
        diag_add(build->diag, DIAG_ERROR, "calls-a-caller", place,
                 "call a group that only answers, one without call",
                 "group %s makes calls itself, so it cannot be called", call);
    } else {
        group->call = CALL_GROUP;
        group->target = target;
        build->plan->groups[target].called = true;
    }
}

/* What codecs of a group failed to resolve cannot be compared. */
static void check_common_codec(struct build *build, unsigned index)
{
    const struct plan_group *group = &build->plan->groups[index];
    if (group->call != CALL_GROUP)
        return;
    const struct plan_group *target = &build->plan->groups[group->target];
    const struct spec_group *rows = build->spec->groups;
    if (spec_faulty(build->spec, "groups[%u].audio", index) ||
        spec_faulty(build->spec, "groups[%u].audio", group->target) ||
        group->codec_count < rows[index].audio.codecs_count ||
        target->codec_count < rows[group->target].audio.codecs_count)
        return;
    for (size_t i = 0; i < group->codec_count; i++)
        if (has_codec(target, group->codecs[i]))
            return;
    diag_add(build->diag, DIAG_ERROR, "no-common-codec",
             spec_place(build->spec, "groups[%u].call", index),
             "every call would be refused with 488; give both groups one codec",
             "groups %s and %s have no codec in common", group->name, target->name);
}

void build_groups(struct build *build)
{
    const struct spec *spec = build->spec;
    struct plan *plan = build->plan;
    plan->group_count = spec->groups_count;
    plan->groups = arena_array(build->arena, plan->group_count, sizeof *plan->groups);
    uint64_t total = 0;
    for (unsigned i = 0; i < spec->groups_count; i++) {
        struct plan_group *group = &plan->groups[i];
        group->name = build_keep(build, spec->groups[i].name);
        group->ring_ns = spec->groups[i].answer.ring_ns;
        group->first = (uint32_t)total;
        group->count = spec->groups[i].endpoints;
        total += group->count;
        resolve_registrar(build, i);
        resolve_codecs(build, i);
    }
    for (unsigned i = 0; i < spec->groups_count; i++)
        resolve_call(build, i);
    for (unsigned i = 0; i < spec->groups_count; i++)
        check_common_codec(build, i);
    if (total > PLAN_ENDPOINTS_MAX)
        diag_add(build->diag, DIAG_ERROR, "too-many-endpoints", spec_place(spec, "groups"),
                 "at most 100000 in a spec", "the groups have %llu endpoints together",
                 (unsigned long long)total);
    plan->endpoint_count = total > PLAN_ENDPOINTS_MAX ? 0 : (size_t)total;
}
