#include "cmtest/topic.h"

/* The grammar has no table of them: they are a few, and a percentile is a number. */
static void fill(struct listing *listing)
{
    static const char *const rows[][3] = {
        {".avg", "receive.mos.avg >= 4", "the arithmetic mean; it hides the worst cases"},
        {".min", "receive.mos.min >= 3", "the lowest value"},
        {".max", "receive.packet_loss.max < 1%", "the highest value"},
        {".sum", "receive.packets_lost.sum == 0", "all values added up"},
        {".rate", "receive.packets.rate >= 49/s",
         "so many per second of the time judged: of a counter its sum, else how many values"},
        {".median", "post_dial_delay.median < 1s", "the same as .p50"},
        {".stddev", "receive.jitter.stddev < 2ms", "standard deviation of the population"},
        {".p1 to .p99", "receive.mos.p5 >= 3.8",
         "percentile: so many percent of the values are at or below it; decimals too, .p99.9"},
        {".count", "call_duration.count >= 50", "how many values there are; it has no unit"},
        {"during steady", "receive.mos.p5 >= 4 during steady",
         "a clause: from when all calls were set up to the first hang-up; or ramp, or a phase"},
        {"during worst 10s", "receive.packet_loss.avg < 1% during worst 10s",
         "a clause: in every 10 seconds, of all endpoints together"},
        {"of worst endpoint", "receive.mos.avg >= 4 of worst endpoint",
         "a clause: for each endpoint by itself; or: of 99% of endpoints"},
        {"abort after 10s", "receive.mos.avg >= 3 abort after 10s",
         "a clause: ends the run when it is breached for good, or so long"},
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
