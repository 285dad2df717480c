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

static const char *const *keep_all(const struct build *build, char *const *texts, size_t count)
{
    const char **copies = arena_array(build->arena, count + 1, sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = build_keep(build, texts[i]);
    return copies;
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
    if (spec->case_name)
        plan->name = arena_printf(arena, "%s [%s]", plan->name, spec->case_name);
    plan->spec = build_keep(&build, spec->path);
    plan->seed = seed;
    plan->buildup_ns = spec->buildup_ns;
    plan->duration_ns = spec->duration_ns;
    plan->description = build_keep(&build, spec->description);
    plan->tag_count = spec->tags_count;
    plan->tags = keep_all(&build, spec->tags, spec->tags_count);
    build_registrars(&build);
    build_groups(&build);
    build_calls(&build);
    build_common_media(&build);
    build_behaviour_check(&build);
    build_scenarios(&build);
    build_scripts(&build);
    build_scripts_check(&build);
    build_accounts(&build);
    build_endpoints(&build);
    build_account_use(&build);
    build_limits(&build);
    build_thresholds(&build);
    if (diag_errors(diag))
        return NULL;
    build_roster(&build);
    return plan;
}
