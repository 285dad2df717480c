/*
 * table: seconds of streams of one direction, at most one of each endpoint, and their bytes
 * (journal_format.h: table). In memory they are rows, so that a second is taken and given in one
 * pass without a branch; in bytes they are columns. What the endpoints' last values were is kept
 * between tables.
 */
#ifndef CMTEST_JOURNAL_TABLE_H
#define CMTEST_JOURNAL_TABLE_H

#include "bytes.h"
#include "cmtest/event.h"
#include "cmtest/journal_format.h"
#include "cmtest/arena.h"

#define TABLE_WORDS_MAX ((JOURNAL_READINGS_MAX + 63) / 64)

struct table {
    uint32_t endpoints; /* of the roster */
    uint32_t readings;  /* that are kept */
    uint32_t masks;     /* words of 64 readings */
    /* That are in the bytes, and which of them are kept, in their order. */
    uint32_t told, *kept;
    int64_t started_ns;
    uint32_t rows;
    uint32_t endpoint[JOURNAL_ROWS_MAX];
    int64_t at_ns[JOURNAL_ROWS_MAX];
    uint32_t second[JOURNAL_ROWS_MAX];
    uint32_t length_ms[JOURNAL_ROWS_MAX];
    uint8_t flags[JOURNAL_ROWS_MAX];
    uint8_t scale[JOURNAL_ROWS_MAX];
    double *values;  /* a row of `readings` after the other */
    uint64_t *codes; /* the same, as they are in the bytes: how far from the value before */
    uint64_t *known; /* a row of `masks` after the other: a bit per reading */
    double *power;   /* by reading: 10^digits */
    /* Of all rows, by reading: the bits of codes that are used, and those by which a value is not
     * the decimal that its code says; then it is written as it is. */
    uint64_t *used, *odd;
    uint64_t any[TABLE_WORDS_MAX], all[TABLE_WORDS_MAX]; /* of known */
    /* Of the rows before, by endpoint. */
    uint32_t *last_second;
    int64_t **last;          /* by reading then; NULL: it had no row */
    struct arena *histories; /* they are of it */
    uint8_t *present;        /* a bit per endpoint: it has a row */
    size_t *room;            /* memory that the histories take together; borrowed */
    uint64_t column[JOURNAL_ROWS_MAX];
    uint8_t work[JOURNAL_ROWS_MAX * 8];
};

#define TABLE_AGREED 1
#define TABLE_PROVISIONAL 2

/* The readings of the bytes. */
struct table_readings {
    uint32_t count;
    const uint8_t *digits; /* of each, at most JOURNAL_DIGITS_MAX */
    /* Which are kept, in their order; NULL: all. Only of who reads. */
    const uint32_t *kept;
    uint32_t kept_count;
};
struct table *table_new(uint32_t endpoints, const struct table_readings *readings,
                        int64_t started_ns, size_t *room);
void table_free(struct table *table);
bool table_has(const struct table *table, uint32_t endpoint);
void table_clear(struct table *table);
/* A second of an endpoint that has none yet, while rows < JOURNAL_ROWS_MAX and readings is
 * READING_COUNT. */
void table_add(struct table *table, const struct event *event);
void table_put(struct table *table, struct text *out);
/* Replaces the rows. false: they are not those of a table, or memory would grow too big. */
bool table_get(struct table *table, struct bytes *in, uint32_t scales);

/* What the endpoint's values were, as integers; NULL: memory would grow too big. */
int64_t *table_last(struct table *table, uint32_t endpoint);

/* codes.c: a row of values as codes, and back. Both keep the integers in last. */
void codes_put(struct table *table, uint32_t row, const double *restrict values,
               int64_t *restrict last);
void codes_get(struct table *table, uint32_t row, int64_t *restrict last);

/* column.c: one reading of all rows, by its number among those that are kept. */
void column_put(struct table *table, uint32_t reading, struct text *out);
/* *raw: its codes are the bits of its values. */
bool column_get(struct table *table, uint32_t reading, struct bytes *in, bool *raw);
bool column_skip(const struct table *table, struct bytes *in);

#endif
