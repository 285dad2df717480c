/*
 * table: seconds of streams of one direction, at most one of each endpoint, in columns, and their
 * bytes (journal_format.h: table). What the endpoints' last values were is kept between tables.
 */
#ifndef CMTEST_JOURNAL_TABLE_H
#define CMTEST_JOURNAL_TABLE_H

#include "bytes.h"
#include "cmtest/event.h"
#include "cmtest/journal_format.h"

/* Columns do not begin at the same place of a page, for they are written side by side. */
#define TABLE_STRIDE (JOURNAL_ROWS_MAX + 8)
#define TABLE_WORDS (JOURNAL_ROWS_MAX / 64)

struct table {
    uint32_t endpoints; /* of the roster */
    uint32_t readings;
    int64_t started_ns;
    uint32_t rows;
    uint32_t endpoint[JOURNAL_ROWS_MAX];
    int64_t at_ns[JOURNAL_ROWS_MAX];
    uint32_t second[JOURNAL_ROWS_MAX];
    uint32_t length_ms[JOURNAL_ROWS_MAX];
    uint8_t flags[JOURNAL_ROWS_MAX];
    uint8_t scale[JOURNAL_ROWS_MAX];
    double *values;  /* a column of TABLE_STRIDE per reading */
    uint64_t *known; /* TABLE_WORDS per reading */
    /* Of the rows before, by endpoint. */
    uint32_t *last_second;
    double **last;    /* by reading; NULL: it never had a value */
    uint8_t *present; /* a bit per endpoint: it has a row */
    size_t *room;     /* memory that the histories take together; borrowed */
    uint8_t *scales;  /* that the readings were written on last */
    uint8_t *work;
};

#define TABLE_AGREED 1
#define TABLE_PROVISIONAL 2

struct table *table_new(uint32_t endpoints, uint32_t readings, int64_t started_ns, size_t *room);
void table_free(struct table *table);
bool table_has(const struct table *table, uint32_t endpoint);
void table_clear(struct table *table);
/* Forgets what was before. */
void table_restart(struct table *table);
void table_put(struct table *table, struct text *out);
/* Replaces the rows. false: they are not those of a table, or memory would grow too big. */
bool table_get(struct table *table, struct bytes *in, uint32_t scales);

/* One reading of all rows. */
void column_put(struct table *table, uint32_t reading, struct text *out);
bool column_get(struct table *table, uint32_t reading, struct bytes *in);

#endif
