/* A spec: parsed into its cases, checked, bound, planned, its findings printed; and saved, which
 * gives a spec again. */
#include "fuzz.h"

#include "cmtest/plan.h"

#include <string.h>

static void look_at(struct diag *diag)
{
    for (size_t i = 0; i < diag_count(diag) && i < DIAG_LIMIT; i++) {
        const struct finding *finding = diag_get(diag, i);
        ALWAYS(strcmp(finding->code, "internal") != 0);
        ALWAYS(finding->place.line >= 0 && finding->place.column >= 0);
    }
    struct text out = {0};
    diag_print(diag, &out, true);
    text_fini(&out);
}

static void save(const struct spec *spec)
{
    struct text out = {0}, found = {0};
    struct diag *diag = diag_new();
    ALWAYS(spec_save(spec, &out));
    struct spec *again = spec_parse("fuzz.yaml", text_get(&out), out.length, diag);
    if (diag_errors(diag)) {
        diag_print(diag, &found, false);
        fprintf(stderr, "%s\n%s", text_get(&out), text_get(&found));
    }
    ALWAYS(again && !diag_errors(diag));
    spec_free(again);
    text_fini(&out);
    diag_free(diag);
}

/* The program refuses to plan more over all cases (too-many-endpoints). */
#define ENDPOINTS_MAX 400000

static size_t endpoints_of(const struct spec *spec)
{
    size_t endpoints = 0;
    for (unsigned i = 0; spec && i < spec->groups_count; i++)
        endpoints += spec->groups[i].endpoints;
    return endpoints;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct diag *diag = diag_new();
    struct spec_cases cases =
        spec_parse_cases("fuzz.yaml", (const char *)bytes, length, NULL, 0, diag);
    ALWAYS(cases.count || diag_errors(diag));
    bool planned = cases.count > 0;
    size_t endpoints = 0;
    for (unsigned i = 0; i < cases.count; i++) {
        endpoints += endpoints_of(cases.specs[i]);
        if (endpoints > ENDPOINTS_MAX)
            break;
        struct arena *arena = arena_new();
        planned = cases.specs[i] && plan_new(cases.specs[i], 1, arena, diag) && planned;
        arena_free(arena);
    }
    ALWAYS(planned || diag_errors(diag));
    look_at(diag);
    if (!diag_errors(diag))
        save(cases.specs[0]);
    spec_cases_free(&cases);
    diag_free(diag);
    return 0;
}
