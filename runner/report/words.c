#include "words.h"

#include <inttypes.h>
#include <string.h>
#include <stdio.h>
#include <time.h>

static uint32_t decode(const char *s, size_t length)
{
    static const unsigned char first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = (unsigned char)s[0] & first_mask[length];
    for (size_t i = 1; i < length; i++)
        point = point << 6 | ((unsigned char)s[i] & 0x3f);
    return point;
}

static bool turns_direction(uint32_t point)
{
    return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x200e || point == 0x200f || point == 0x061c;
}

static bool may_stand(uint32_t point, enum clean clean)
{
    if (point == 0)
        return false;
    bool c0 = point < 0x20, c1 = point >= 0x7f && point < 0xa0;
    bool no_character = (point & 0xfffe) == 0xfffe;
    switch (clean) {
    case CLEAN_JSON:
        return true;
    case CLEAN_XML:
        if (c0)
            return point == '\t' || point == '\n' || point == '\r';
        return !c1 && !no_character && !turns_direction(point);
    case CLEAN_TERMINAL:
        return !c0 && !c1 && !no_character && point != 0x2028 && point != 0x2029 &&
               !turns_direction(point);
    }
    return false;
}

void words_clean(struct text *out, const char *bytes, enum clean clean)
{
    words_clean_bytes(out, bytes, strlen(bytes), clean);
}

void words_clean_bytes(struct text *out, const char *bytes, size_t left, enum clean clean)
{
    while (left > 0) {
        size_t length = text_utf8_length(bytes, left);
        if (length > 0 && may_stand(decode(bytes, length), clean))
            text_add_bytes(out, bytes, length);
        else
            text_add(out, clean == CLEAN_TERMINAL ? "?" : "\xef\xbf\xbd");
        bytes += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
}

void words_ascii(struct text *out, const char *string)
{
    size_t left = strlen(string);
    while (left > 0) {
        size_t length = text_utf8_length(string, left);
        bool printable = length == 1 && string[0] >= ' ' && string[0] < 0x7f;
        text_add_bytes(out, printable ? string : "?", 1);
        string += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
}

void words_wrap(struct text *out, const char *string, size_t at, size_t indent, size_t width)
{
    bool fresh = true;
    string += strspn(string, " ");
    while (*string != '\0') {
        size_t length = strcspn(string, " "), columns = 0;
        for (size_t i = 0; i < length; i++)
            columns += ((unsigned char)string[i] & 0xc0) != 0x80;
        if (!fresh && at + 1 + columns > width) {
            text_printf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!fresh) {
            text_add(out, " ");
            at++;
        }
        text_add_bytes(out, string, length);
        at += columns;
        fresh = false;
        string += length;
        string += strspn(string, " ");
    }
    text_add(out, "\n");
}

void words_ms(struct text *out, int64_t ns)
{
    int64_t tenths = (ns < 0 ? -ns : ns) / 100000;
    text_printf(out, "%s%" PRId64 ".%" PRId64, ns < 0 && tenths > 0 ? "-" : "", tenths / 10,
                tenths % 10);
}

void words_time(struct text *out, int64_t at_ns, unsigned digits)
{
    const int64_t second = INT64_C(1000000000);
    int64_t whole = at_ns / second, part = at_ns % second;
    char date[64];
    struct tm utc;
    if (part < 0) {
        part += second;
        whole--;
    }
    time_t when = (time_t)whole;
    if (!gmtime_r(&when, &utc) || strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc) == 0) {
        text_add(out, "1970-01-01T00:00:00");
        return;
    }
    text_add(out, date);
    if (digits > 0) {
        char fraction[16];
        snprintf(fraction, sizeof(fraction), "%09" PRId64, part);
        text_printf(out, ".%.*s", (int)digits, fraction);
    }
}

void words_thousands(struct text *out, uint64_t number)
{
    if (number >= 1000) {
        words_thousands(out, number / 1000);
        text_printf(out, ",%03u", (unsigned)(number % 1000));
    } else {
        text_printf(out, "%u", (unsigned)number);
    }
}

/* How a note begins that says why there is no sample (runner/verdict). */
#define WORDS_NO_SAMPLE "no sample: "

static const char *counted_things(const struct metric *metric)
{
    if (strncmp(metric->name, "registration.", 13) == 0)
        return "registrations";
    return metric->due == DUE_ENDPOINT ? "endpoints" : metric->due == DUE_STEPS ? "steps" : "calls";
}

const char *words_note(const struct judgement *judgement)
{
    bool told = judgement->samples == 0 &&
                strncmp(judgement->note, WORDS_NO_SAMPLE, strlen(WORDS_NO_SAMPLE)) == 0;
    return told ? "" : judgement->note;
}

void words_coverage(struct text *out, const struct judgement *judgement)
{
    const struct metric *metric = judgement->threshold->key.metric;
    if (judgement->samples == 0) {
        if (strncmp(judgement->note, WORDS_NO_SAMPLE, strlen(WORDS_NO_SAMPLE)) == 0)
            text_printf(out, "(%s)", judgement->note + strlen(WORDS_NO_SAMPLE));
        return;
    }
    if (metric->kind == METRIC_RATE && judgement->denominator > 0) {
        text_add(out, "(");
        words_thousands(out, judgement->numerator);
        text_add(out, " of ");
        words_thousands(out, judgement->denominator);
        text_printf(out, " %s%s%s)", counted_things(metric), judgement->part[0] ? "; " : "",
                    judgement->part);
        return;
    }
    text_add(out, "(");
    words_thousands(out, judgement->samples);
    text_printf(out, " sample%s", judgement->samples == 1 ? "" : "s");
    if (judgement->due > 0) {
        /* Rounded down, so that 100% means all of them. */
        uint64_t share = (uint64_t)judgement->covered * 100 / judgement->due;
        text_printf(out, ", %" PRIu64 "%% of %s", share > 100 ? 100 : share,
                    metric->due == DUE_ENDPOINT || metric->due == DUE_STEPS ? "endpoints"
                                                                            : "calls");
    }
    if (metric_scale_name(judgement->scale))
        text_printf(out, ", %s band%s%s", metric_scale_name(judgement->scale),
                    judgement->scale.scales & (judgement->scale.scales - 1) ? "s" : "",
                    judgement->scale.provisional ? ", provisional" : "");
    text_printf(out, "%s%s)", judgement->part[0] ? "; " : "", judgement->part);
}
