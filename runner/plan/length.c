/* How long calls are: the same for all, or drawn from a distribution. */
#include "build.h"

#include <math.h>
#include <stdio.h>
#include "cmtest/random.h"

#include <string.h>

#define SHORTEST_NS INT64_C(1000000)
#define LONGEST_NS (INT64_C(24) * 3600 * 1000 * 1000 * 1000)

static void needs(struct build *build, const char *key, const char *distribution)
{
    char hint[64];
    snprintf(hint, sizeof hint, "add \"%s: 10s\"", key);
    diag_add(build->diag, DIAG_ERROR, "missing-key", spec_place(build->spec, "load.call_length"),
             hint, "load.call_length: a distribution %s needs \"%s\"", distribution, key);
}

void build_length_check(struct build *build)
{
    const struct spec_length *length = &build->spec->load.call_length;
    if (!length->distribution || spec_faulty(build->spec, "load.call_length"))
        return;
    bool uniform = strcmp(length->distribution, "uniform") == 0;
    bool normal = strcmp(length->distribution, "normal") == 0;
    if (uniform && !length->min_ns)
        needs(build, "min", "uniform");
    else if (uniform && !length->max_ns)
        needs(build, "max", "uniform");
    else if (normal && !length->deviation_ns)
        needs(build, "deviation", "normal");
    if (length->max_ns && length->min_ns > length->max_ns)
        diag_add(build->diag, DIAG_ERROR, "min-over-max",
                 spec_place(build->spec, "load.call_length.max"), "the smaller one is min",
                 "no call can be longer than min and shorter than max");
}

/* The polar method of Marsaglia. */
static double normal(struct random *random)
{
    for (;;) {
        double x = 2 * random_unit(random) - 1, y = 2 * random_unit(random) - 1;
        double square = x * x + y * y;
        if (square > 0 && square < 1)
            return x * sqrt(-2 * log(square) / square);
    }
}

int64_t build_length(const struct build *build, const struct spec_group *group,
                     struct random *random)
{
    const struct spec_length *length = &build->spec->load.call_length;
    int64_t usual = group->duration_ns ? group->duration_ns : build->spec->duration_ns;
    if (!length->distribution || group->duration_ns)
        return usual;
    double mean = (double)(length->mean_ns ? length->mean_ns : usual);
    double least = (double)(length->min_ns ? length->min_ns : SHORTEST_NS);
    double most = (double)(length->max_ns ? length->max_ns : LONGEST_NS), drawn = mean;
    if (strcmp(length->distribution, "uniform") == 0)
        drawn = least + (most - least) * random_unit(random);
    else if (strcmp(length->distribution, "exponential") == 0)
        drawn = -mean * log(1 - random_unit(random));
    else if (strcmp(length->distribution, "normal") == 0)
        drawn = mean + (double)length->deviation_ns * normal(random);
    drawn = drawn < least ? least : drawn;
    return (int64_t)(drawn > most ? most : drawn);
}
