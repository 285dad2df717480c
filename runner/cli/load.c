#include "load.h"
#include "remote.h"
#include "cmtest/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Of all cases together: a second or so of planning. */
#define CASES_ENDPOINTS_MAX 400000

static const char *first_error(struct diag *diag)
{
    for (size_t i = 0; i < diag_count(diag); i++)
        if (diag_get(diag, i)->severity == DIAG_ERROR)
            return diag_get(diag, i)->code;
    return "CODE";
}

struct plan *load_plan(struct loaded *loaded, size_t index)
{
    struct loaded_case *one = &loaded->cases[index];
    if (one->plan)
        return one->plan;
    one->arena = arena_new();
    one->plan = plan_new(one->spec, one->seed, one->arena, loaded->diag);
    return one->plan;
}

void load_drop(struct loaded *loaded, size_t index)
{
    struct loaded_case *one = &loaded->cases[index];
    if (one->arena)
        arena_free(one->arena);
    one->arena = NULL;
    one->plan = NULL;
    if (!index)
        loaded->plan = NULL;
}

/* Each case is planned here, so that their number times their size is time. */
static bool too_large(struct loaded *loaded, size_t endpoints)
{
    if (endpoints <= CASES_ENDPOINTS_MAX)
        return false;
    diag_add(loaded->diag, DIAG_ERROR, "too-many-endpoints",
             (struct place){.file = loaded->specs.specs[0]->path},
             "take values out of the matrix, or endpoints out of the groups",
             "the cases of the matrix have more than %d endpoints together", CASES_ENDPOINTS_MAX);
    return true;
}

static void check_cases(struct loaded *loaded)
{
    size_t endpoints = 0;
    loaded->cases = mem_array(loaded->specs.count, sizeof *loaded->cases);
    loaded->case_count = loaded->specs.count;
    for (size_t i = 0; i < loaded->case_count && !too_large(loaded, endpoints); i++) {
        struct loaded_case *one = &loaded->cases[i];
        one->spec = loaded->specs.specs[i];
        one->seed = loaded->seed;
        const struct plan *plan = load_plan(loaded, i);
        one->endpoints = plan ? plan->endpoint_count : 0;
        one->planned_ns = plan ? plan->buildup_ns + plan->duration_ns : 0;
        endpoints += one->endpoints;
        one->calls = plan ? plan->roster.planned_calls : 0;
        one->thresholds = plan ? plan->threshold_count : 0;
        if (i)
            load_drop(loaded, i);
    }
    if (loaded->case_count) {
        loaded->spec = loaded->cases[0].spec;
        loaded->plan = loaded->cases[0].plan;
    }
}

int load(const struct options *options, const char *path, bool refuse_later, struct loaded *loaded)
{
    *loaded = (struct loaded){.path = path, .arena = arena_new(), .diag = diag_new()};
    loaded->seed = options->seed_given ? options->seed : random_seed();
    loaded->specs = spec_load_cases(path, options->set.items, options->set.count, loaded->diag);
    check_cases(loaded);
    if (options->strict)
        diag_promote(loaded->diag);
    if (refuse_later)
        diag_promote_code(loaded->diag, "not-yet");
    if (refuse_later && !options->allow_exec)
        for (size_t i = 0; i < loaded->case_count; i++)
            plan_refuse_commands(loaded->cases[i].spec, loaded->diag);
    if (remote_wanted(options))
        for (size_t i = 0; i < loaded->case_count; i++)
            plan_refuse_for_platform(loaded->cases[i].spec, options->project, loaded->diag);
    size_t errors = diag_errors(loaded->diag);
    struct text out = {0};
    diag_print(loaded->diag, &out, terminal_color(STDERR_FILENO, options));
    fputs(text_get(&out), stderr);
    text_fini(&out);
    loaded->warnings = diag_warnings(loaded->diag);
    if (loaded->plan && !errors)
        return 0;
    fprintf(stderr, "\n%s: %zu error%s; nothing was sent\n", path, errors, errors == 1 ? "" : "s");
    fprintf(stderr, "  `cmtest explain %s` tells more\n", first_error(loaded->diag));
    return EXIT_SPEC;
}

void load_free(struct loaded *loaded)
{
    for (size_t i = 0; i < loaded->case_count; i++)
        load_drop(loaded, i);
    free(loaded->cases);
    spec_cases_free(&loaded->specs);
    arena_free(loaded->arena);
    diag_free(loaded->diag);
}
