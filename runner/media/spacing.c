#include "cmtest/spacing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmtest/arena.h"

/* Bucket 0 is everything below 50 us; bucket i ends at 1.04^i times that. The middle of a bucket is
 * within sqrt(1.04) of all that is in it. Where each but the last one ends: a logarithm for every
 * packet would cost more than all else. */
static const uint32_t ends[SPACING_BUCKETS - 1] = {
    50000,     52000,     54081,     56244,     58493,     60833,      63266,     65797,
    68429,     71166,     74013,     76973,     80052,     83254,      86584,     90048,
    93650,     97396,     101291,    105343,    109557,    113939,     118496,    123236,
    128166,    133292,    138624,    144169,    149936,    155933,     162170,    168657,
    175403,    182420,    189716,    197305,    205197,    213405,     221941,    230819,
    240052,    249654,    259640,    270025,    280826,    292059,     303742,    315891,
    328527,    341668,    355335,    369548,    384330,    399703,     415691,    432319,
    449612,    467596,    486300,    505752,    525982,    547021,     568902,    591658,
    615324,    639937,    665535,    692156,    719842,    748636,     778581,    809725,
    842114,    875798,    910830,    947263,    985154,    1024560,    1065542,   1108164,
    1152490,   1198590,   1246534,   1296395,   1348251,   1402181,    1458268,   1516599,
    1577263,   1640353,   1705967,   1774206,   1845174,   1918981,    1995740,   2075570,
    2158593,   2244936,   2334734,   2428123,   2525248,   2626258,    2731308,   2840560,
    2954183,   3072350,   3195244,   3323054,   3455976,   3594215,    3737984,   3887503,
    4043003,   4204723,   4372912,   4547828,   4729742,   4918931,    5115688,   5320316,
    5533129,   5754454,   5984632,   6224017,   6472978,   6731897,    7001173,   7281220,
    7572468,   7875367,   8190382,   8517997,   8858717,   9213065,    9581588,   9964852,
    10363446,  10777983,  11209103,  11657467,  12123765,  12608716,   13113065,  13637587,
    14183091,  14750414,  15340431,  15954048,  16592210,  17255898,   17946134,  18663980,
    19410539,  20186960,  20994439,  21834216,  22707585,  23615888,   24560524,  25542945,
    26564662,  27627249,  28732339,  29881632,  31076898,  32319973,   33612772,  34957283,
    36355575,  37809798,  39322189,  40895077,  42530880,  44232115,   46001400,  47841456,
    49755114,  51745318,  53815131,  55967736,  58206446,  60534704,   62956092,  65474335,
    68093309,  70817041,  73649723,  76595712,  79659540,  82845922,   86159759,  89606149,
    93190395,  96918011,  100794731, 104826520, 109019581, 113380364,  117915579, 122632202,
    127537490, 132638990, 137944549, 143462331, 149200824, 155168857,  161375612, 167830636,
    174543861, 181525616, 188786641, 196338106, 204191630, 212359296,  220853667, 229687814,
    238875327, 248430340, 258367553, 268702255, 279450345, 290628359,  302253494, 314343633,
    326917379, 339994074, 353593837, 367737590, 382447094, 397744977,  413654777, 430200968,
    447409006, 465305367, 483917581, 503274284, 523405256, 544341466,  566115125, 588759730,
    612310119, 636802523, 662274624, 688765609, 716316234, 744968883,  774767638, 805758344,
    837988678, 871508225, 906368554, 942623296, 980328227, 1019541357, 1060323011};

void spacing_begin(struct spacing *spacing)
{
    memset(spacing, 0, sizeof *spacing);
}

void spacing_again(struct spacing *spacing)
{
    if (spacing->count > SPACING_FEW)
        memset(spacing->buckets, 0, SPACING_BUCKETS * sizeof *spacing->buckets);
    spacing->count = 0;
    spacing->sum_ns = spacing->min_ns = spacing->max_ns = 0;
    spacing->sorted = false;
}

void spacing_end(struct spacing *spacing)
{
    free(spacing->buckets);
}

/* The bits of a float are its logarithm, but that it is straight from one power of 2 to the next:
 * within a bucket, when the middle of that error is taken out. */
static unsigned about(int64_t ns)
{
    const uint32_t first = 0x47435000 /* 50 us */, bits_per_bucket = 474656, middle = 130000;
    float value = (float)ns;
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    unsigned bucket = bits < first ? 0 : (bits - first + middle) / bits_per_bucket;
    return bucket < SPACING_BUCKETS ? bucket : SPACING_BUCKETS - 1;
}

static unsigned bucket_of(int64_t ns)
{
    unsigned bucket = about(ns);

    while (bucket < SPACING_BUCKETS - 1 && ns >= ends[bucket])
        bucket++;
    while (bucket && ns < ends[bucket - 1])
        bucket--;
    return bucket;
}

/* All that there are, and will be, go into buckets. */
static void pour(struct spacing *spacing)
{
    if (!spacing->buckets)
        spacing->buckets = mem_array(SPACING_BUCKETS, sizeof *spacing->buckets);
    for (unsigned i = 0; i < SPACING_FEW; i++)
        spacing->buckets[spacing->few[i]]++;
}

void spacing_add(struct spacing *spacing, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    if (!spacing->count || ns < spacing->min_ns)
        spacing->min_ns = ns;
    if (ns > spacing->max_ns)
        spacing->max_ns = ns;
    if (__builtin_add_overflow(spacing->sum_ns, ns, &spacing->sum_ns))
        spacing->sum_ns = INT64_MAX;
    unsigned bucket = bucket_of(ns);
    if (spacing->count < SPACING_FEW) {
        spacing->few[spacing->count++] = (uint8_t)bucket;
        spacing->sorted = false;
        return;
    }
    if (spacing->count++ == SPACING_FEW)
        pour(spacing);
    spacing->buckets[bucket]++;
}

static double middle_ns(const struct spacing *spacing, unsigned bucket)
{
    double ns = (double)spacing->max_ns;
    if (bucket == 0)
        ns = ends[0] / 2.0;
    else if (bucket < SPACING_BUCKETS - 1)
        ns = sqrt((double)ends[bucket - 1] * ends[bucket]);
    return fmin(fmax(ns, (double)spacing->min_ns), (double)spacing->max_ns);
}

/* There are few values, and many alike. */
static void sort(struct spacing *spacing)
{
    uint8_t counts[SPACING_BUCKETS] = {0};
    unsigned at = 0, bucket = SPACING_BUCKETS - 1;

    for (unsigned i = 0; i < spacing->count; i++) {
        counts[spacing->few[i]]++;
        bucket = spacing->few[i] < bucket ? spacing->few[i] : bucket;
    }
    for (; at < spacing->count; bucket++)
        for (; counts[bucket]; counts[bucket]--)
            spacing->few[at++] = (uint8_t)bucket;
    spacing->sorted = true;
}

static unsigned bucket_of_rank(struct spacing *spacing, double rank)
{
    double sum = 0;
    unsigned bucket = 0;

    if (spacing->count <= SPACING_FEW) {
        if (!spacing->sorted)
            sort(spacing);
        return spacing->few[rank < 1 ? 0 : (unsigned)rank - 1];
    }
    for (; bucket < SPACING_BUCKETS - 1; bucket++) {
        sum += spacing->buckets[bucket];
        if (sum > 0 && sum >= rank)
            break;
    }
    return bucket;
}

bool spacing_quantile(struct spacing *spacing, double q, double *ms)
{
    if (!spacing->count)
        return false;
    double rank = ceil(fmin(fmax(q, 0), 1) * (double)spacing->count);
    *ms = middle_ns(spacing, bucket_of_rank(spacing, rank)) / 1e6;
    return true;
}
