#include "plan_words.h"
#include "words.h"

#include <stdio.h>

const char *plan_time(int64_t ns, char out[24])
{
    double seconds = (double)ns / 1e9;
    if (seconds < 119.95)
        snprintf(out, 24, "%.1f s", seconds);
    else if (seconds < 7197)
        snprintf(out, 24, "%.1f min", seconds / 60);
    else
        snprintf(out, 24, "%.1f h", seconds / 3600);
    return out;
}

/* Three digits, and the unit of a thousand (or 1024) that they need. */
static const char *scaled(double value, double step, const char *const *units, char out[24])
{
    size_t unit = 0;
    for (; value >= step * 0.9995 && units[unit + 1]; unit++)
        value /= step;
    snprintf(out, 24, value >= 99.95 || value == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return out;
}

const char *plan_bits(double bits, char out[24])
{
    static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", NULL};
    return scaled(bits, 1000, units, out);
}

const char *plan_bytes(double bytes, char out[24])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};
    return scaled(bytes, 1024, units, out);
}

const char *plan_number(double number, char out[24])
{
    struct text text = {0};
    words_thousands(&text, number > 0 ? (uint64_t)(number + 0.5) : 0);
    text_copy(out, 24, text_get(&text));
    text_fini(&text);
    return out;
}

const char *plan_count(uint64_t count, const char *noun, char out[48])
{
    char number[24];
    snprintf(out, 48, "%s %s%s", plan_number((double)count, number), noun, count == 1 ? "" : "s");
    return out;
}

void plan_partner(const struct plan_case *each, uint32_t endpoint, struct text *out)
{
    const struct plan_endpoint *own = &each->plan->endpoints[endpoint];
    char name[96];
    if (own->uri) {
        text_add(out, own->uri);
    } else if (own->partner != ROSTER_NONE) {
        roster_endpoint_name(&each->plan->roster, own->partner, name, sizeof name);
        text_add(out, name);
    }
}

const char *plan_transport(const struct transport *transport)
{
    return transport ? transport->name : "auto";
}
