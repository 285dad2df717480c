#include "build.h"

#include <stdlib.h>
#include <string.h>

static void check_group(struct build *build, unsigned index, const char *text,
                        const struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    if (!threshold->group || build_find_group(build, threshold->group) != ROSTER_NONE)
        return;
    /* The name is the last but "warn": its last occurrence is the one that is meant. */
    size_t offset = 0, length = strlen(threshold->group);
    for (const char *at = text; (at = strstr(at, threshold->group)); at++)
        offset = (size_t)(at - text);
    const char **names = mem_array(spec->groups_count + 1, sizeof *names);
    struct text hint = {0};
    for (unsigned i = 0; i < spec->groups_count; i++)
        names[i] = spec->groups[i].name;
    build_suggest(threshold->group, names, spec->groups_count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-group",
             spec_place_part(spec, text, offset, length, "thresholds[%u]", index), text_get(&hint),
             "\"%s\" is not a group", threshold->group);
    text_fini(&hint);
    free(names);
}

static bool is_about_success(const struct threshold *threshold)
{
    return strstr(threshold->key.metric->name, "success_rate") != NULL;
}

void build_thresholds(struct build *build)
{
    const struct spec *spec = build->spec;
    struct plan *plan = build->plan;
    struct threshold_error error;
    bool success = false;
    plan->thresholds =
        arena_array(build->arena, spec->thresholds_count + 1, sizeof *plan->thresholds);
    for (unsigned i = 0; i < spec->thresholds_count; i++) {
        const char *text = spec->thresholds[i];
        struct threshold *threshold = &plan->thresholds[plan->threshold_count];
        if (spec_faulty(spec, "thresholds[%u]", i))
            continue;
        if (!threshold_parse(text, build->arena, threshold, &error)) {
            diag_add(build->diag, DIAG_ERROR, error.code,
                     spec_place_part(spec, text, error.offset, error.length, "thresholds[%u]", i),
                     *error.hint ? error.hint : NULL, "%s", error.message);
            continue;
        }
        check_group(build, i, text, threshold);
        threshold->line = spec_place(spec, "thresholds[%u]", i).line;
        success = success || is_about_success(threshold);
        plan->threshold_count++;
    }
    struct threshold *implicit = &plan->thresholds[plan->threshold_count];
    if (success)
        return;
    if (!threshold_parse("endpoints.success_rate >= 100%", build->arena, implicit, &error)) {
        diag_add(build->diag, DIAG_ERROR, "internal", spec_place(spec, "thresholds"),
                 "this is a defect of cmtest; please report it",
                 "the implicit threshold is not understood: %s", error.message);
        return;
    }
    implicit->implicit = true;
    plan->threshold_count++;
}
