#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include "cmtest/arena.h"

struct place {
    double value;
    bool of_a;
};

/* What is left of the values: twice the mid-ranks are whole numbers. */
struct ranks {
    unsigned *doubled;
    size_t count, count_a;
    double sum_a; /* doubled */
    double ties;  /* sum of t^3 - t */
};

static int ascending(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

static struct ranks rank(struct sample a, struct sample b)
{
    struct ranks ranks = {.count = a.count + b.count, .count_a = a.count};
    struct place *places = mem_array(ranks.count, sizeof *places);
    ranks.doubled = mem_array(ranks.count, sizeof *ranks.doubled);
    for (size_t i = 0; i < ranks.count; i++)
        places[i] = i < a.count ? (struct place){a.values[i], true}
                                : (struct place){b.values[i - a.count], false};
    qsort(places, ranks.count, sizeof *places, ascending);
    for (size_t i = 0, end; i < ranks.count; i = end) {
        end = i;
        while (end < ranks.count && places[end].value <= places[i].value)
            end++;
        double tied = (double)(end - i);
        ranks.ties += tied * tied * tied - tied;
        for (size_t k = i; k < end; k++) {
            ranks.doubled[k] = (unsigned)(i + 1 + end);
            if (places[k].of_a)
                ranks.sum_a += ranks.doubled[k];
        }
    }
    free(places);
    return ranks;
}

/* ways[k * width + s]: how many choices of k ranks have the sum s. */
static double exact(const struct ranks *ranks)
{
    size_t width = ranks->count * (ranks->count + 1) + 1, chosen = ranks->count_a;
    double *ways = mem_array((chosen + 1) * width, sizeof *ways);
    ways[0] = 1;
    for (size_t i = 0, sum = 0; i < ranks->count; i++) {
        sum += ranks->doubled[i];
        for (size_t k = i + 1 < chosen ? i + 1 : chosen; k > 0; k--)
            for (size_t s = ranks->doubled[i]; s <= sum; s++)
                ways[k * width + s] += ways[(k - 1) * width + s - ranks->doubled[i]];
    }
    double middle = (double)chosen * (double)(ranks->count + 1);
    double far = fabs(ranks->sum_a - middle), all = 0, beyond = 0;
    for (size_t s = 0; s < width; s++) {
        all += ways[chosen * width + s];
        if (fabs((double)s - middle) >= far - 0.5)
            beyond += ways[chosen * width + s];
    }
    free(ways);
    return beyond / all;
}

static double approximate(const struct ranks *ranks)
{
    double n = (double)ranks->count, a = (double)ranks->count_a, b = n - a;
    double variance = a * b / 12 * (n + 1 - ranks->ties / (n * (n - 1)));
    double far = fabs(ranks->sum_a / 2 - a * (n + 1) / 2) - 0.5;
    return variance > 0 && far > 0 ? erfc(far / sqrt(variance) / sqrt(2)) : 1;
}

double rank_test(struct sample a, struct sample b, double *effect)
{
    *effect = 0.5;
    if (!a.count || !b.count)
        return 1;
    struct ranks ranks = rank(a, b);
    double na = (double)a.count, nb = (double)b.count;
    double above = ranks.sum_a / 2 - na * (na + 1) / 2;
    *effect = 1 - above / (na * nb);
    double p = ranks.count <= RANK_EXACT_MAX ? exact(&ranks) : approximate(&ranks);
    free(ranks.doubled);
    return p;
}
