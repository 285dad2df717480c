/* scalar: how the text of a scalar is read. YAML 1.2 core schema; pure functions. */
#ifndef CMTEST_SPEC_SCALAR_H
#define CMTEST_SPEC_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Plain text that means nothing at all: "", ~, null, Null, NULL. */
bool scalar_is_null(const char *text);

/* true, false and their capital forms; not yes, no, on, off. */
bool scalar_is_boolean(const char *text);

enum scalar_number {
    NUMBER_OK,
    NUMBER_NOT,          /* not an integer at all */
    NUMBER_LEADING_ZERO, /* 010: eight in YAML 1.1, ten in YAML 1.2; so we do not take sides */
    NUMBER_TOO_LARGE     /* beyond int64_t */
};

/* Decimal, 0o octal or 0x hexadecimal. */
enum scalar_number scalar_integer(const char *text, int64_t *value);

enum scalar_duration {
    DURATION_OK,
    DURATION_NOT,      /* not a number and a unit */
    DURATION_NO_UNIT,  /* 60 */
    DURATION_BAD_UNIT, /* 60sec */
    DURATION_TOO_LONG  /* beyond what int64_t ns can hold */
};

/* One or more parts of a decimal number and h, m, s, ms, us or ns, the larger unit first. */
enum scalar_duration scalar_duration(const char *text, int64_t *ns);

/* Decimal numbers with a unit, as whole numbers of the smallest part that is told apart: "99.5%" is
 * 99500, "1.5Mbps" is 1500000, "10/s" is 10000 (per 1000 s). false when it is none, or too large.
 */
bool scalar_percent(const char *text, int64_t *thousandths);
bool scalar_bitrate(const char *text, int64_t *per_second);
bool scalar_rate(const char *text, int64_t *per_1000_seconds);
/* "20000..29999"; width: see struct field_range. */
bool scalar_range(const char *text, int64_t *first, int64_t *last, uint32_t *width);
/* "640x480" */
bool scalar_resolution(const char *text, uint32_t *width, uint32_t *height);

/* The shortest exact form: "90s" is "1m30s". */
void scalar_print_duration(int64_t ns, char *out, size_t size);

#endif
