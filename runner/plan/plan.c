#include "build.h"

#include <string.h>

/* "examples/quickstart.yaml" -> "quickstart" */
static const char *stem(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    return arena_strndup(arena, name, length);
}

const char *build_keep(const struct build *build, const char *text)
{
    return text ? arena_strdup(build->arena, text) : NULL;
}

bool build_said(const struct build *build, const char *code, struct place place)
{
    for (size_t i = 0; i < diag_count(build->diag); i++) {
        const struct finding *finding = diag_get(build->diag, i);
        if (strcmp(finding->code, code) == 0 && finding->place.line == place.line &&
            finding->place.column == place.column)
            return true;
    }
    return false;
}

struct plan *plan_new(const struct spec *spec, uint64_t seed, struct arena *arena,
                      struct diag *diag)
{
    struct plan *plan = arena_alloc(arena, sizeof *plan);
    struct build build = {spec, arena, diag, plan};
    plan->name = spec->name ? build_keep(&build, spec->name) : stem(spec->path, arena);
    plan->spec = build_keep(&build, spec->path);
    plan->seed = seed;
    plan->buildup_ns = spec->buildup_ns;
    plan->duration_ns = spec->duration_ns;
    build_registrars(&build);
    build_groups(&build);
    build_accounts(&build);
    build_endpoints(&build);
    build_thresholds(&build);
    if (diag_errors(diag))
        return NULL;
    build_roster(&build);
    return plan;
}
