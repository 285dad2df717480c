#include "backoff.h"

#include <curl/curl.h>
#include <ctype.h>
#include <stdlib.h>
#include "cmtest/platform.h"

#define SECOND_NS INT64_C(1000000000)
#define YEAR_SECONDS 31536000L

void backoff_init(struct backoff *backoff, int64_t first_ns, uint64_t seed)
{
    *backoff = (struct backoff){.first_ns = first_ns};
    random_init(&backoff->random, seed);
}

int64_t backoff_next(struct backoff *backoff, int64_t asked_ns)
{
    int64_t most = backoff->first_ns;
    for (unsigned i = 0; i < backoff->count && most < BACKOFF_MOST_NS; i++)
        most *= 2;
    backoff->count++;
    most = most < BACKOFF_MOST_NS ? most : BACKOFF_MOST_NS;
    if (asked_ns > BACKOFF_ASKED_NS)
        return -1;
    int64_t half = most / 2;
    int64_t pause = half + (int64_t)(random_unit(&backoff->random) * (double)half);
    /* Many who were told the same time are not to come back at the same moment. */
    return asked_ns >= 0 && asked_ns > pause / 2 ? asked_ns + pause / 2 : pause;
}

int64_t platform_retry_after(const char *value, int64_t utc_ns)
{
    while (*value == ' ' || *value == '\t')
        value++;
    if (isdigit((unsigned char)*value)) {
        char *end;
        long seconds = strtol(value, &end, 10);
        while (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n')
            end++;
        if (!*end)
            return (seconds < YEAR_SECONDS ? seconds : YEAR_SECONDS) * SECOND_NS;
    }
    time_t at = curl_getdate(value, NULL);
    if (at < 0)
        return -1;
    int64_t left = (int64_t)at - utc_ns / SECOND_NS;
    left = left < 0 ? 0 : left > YEAR_SECONDS ? YEAR_SECONDS : left;
    return left * SECOND_NS;
}
