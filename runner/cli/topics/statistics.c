#include "cmtest/topic.h"

/* The grammar has no table of them: they are five, and a percentile is a number. */
static void fill(struct listing *listing)
{
    static const char *const rows[][3] = {
        {".avg", "receive.mos.avg >= 4", "the arithmetic mean; it hides the worst cases"},
        {".min", "receive.mos.min >= 3", "the lowest value"},
        {".max", "receive.packet_loss.max < 1%", "the highest value"},
        {".p1 to .p99", "receive.mos.p5 >= 3.8",
         "percentile: so many percent of the values are at or below it; decimals too, .p99.9"},
        {".count", "call_duration.count >= 50", "how many values there are; it has no unit"},
        {"(none)", "calls.success_rate >= 99.5%",
         "a rate is a single share and is compared as it is"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        listing_add(listing, rows[i]);
}

static const struct listing_column columns[] = {
    {"statistic", NULL}, {"example", NULL}, {"help", NULL}, {0}};

const struct topic topic_statistics = {
    .name = "statistics",
    .help = "what a threshold can ask of the values of a metric",
    .columns = columns,
    .fill = fill,
};
