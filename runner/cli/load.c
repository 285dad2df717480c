#include "load.h"
#include "cmtest/random.h"

#include <stdio.h>
#include <unistd.h>

int load(const struct options *options, struct loaded *loaded)
{
    uint64_t seed = options->seed_given ? options->seed : random_seed();
    *loaded = (struct loaded){.arena = arena_new(), .diag = diag_new()};
    loaded->spec = spec_load(options->spec, loaded->diag);
    if (loaded->spec)
        loaded->plan = plan_new(loaded->spec, seed, loaded->arena, loaded->diag);
    size_t errors = diag_errors(loaded->diag), count = diag_count(loaded->diag);
    struct text out = {0};
    diag_print(loaded->diag, &out, terminal_color(STDERR_FILENO, options));
    fputs(text_get(&out), stderr);
    text_fini(&out);
    loaded->warnings = count > errors ? count - errors : 0;
    if (loaded->plan && !errors)
        return 0;
    fprintf(stderr, "\n%s: %zu error%s; nothing was sent\n", options->spec, errors,
            errors == 1 ? "" : "s");
    return EXIT_SPEC;
}

void load_free(struct loaded *loaded)
{
    spec_free(loaded->spec);
    arena_free(loaded->arena);
    diag_free(loaded->diag);
}
