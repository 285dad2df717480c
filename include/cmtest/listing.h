/*
 * listing: a table that is built row by row and written for people, at a given width, or as JSON.
 * The last column is prose and is broken into lines; when the others leave it no room, each row
 * becomes a paragraph. Owned by the caller; not thread-safe.
 */
#ifndef CMTEST_LISTING_H
#define CMTEST_LISTING_H

#include "cmtest/text.h"

struct listing_column {
    const char *name; /* the key in JSON; NULL ends the columns */
    const char *lead; /* before a cell in a paragraph, "default "; may be NULL */
};

#define LISTING_COLUMNS_MAX 12

struct listing;

/* columns: borrowed, must outlive the listing. */
struct listing *listing_new(const struct listing_column *columns);
void listing_free(struct listing *listing);

/* One cell per column, copied; NULL: there is nothing to say. */
void listing_add(struct listing *listing, const char *const *cells);

void listing_write_text(const struct listing *listing, unsigned width, struct text *out);

/* {"schema": "cmtest-list/1", "topic": ..., "rows": [{...}]}; a NULL cell is null. */
void listing_write_json(const struct listing *listing, const char *topic, struct text *out);

/* A heading per topic and a table with a column each. */
void listing_write_markdown(const struct listing *listing, const char *topic, const char *help,
                            struct text *out);

/* Words of a string into lines of at most width columns, all indented; ends with a line end. Line
 * ends of the string stay. A word that does not fit is not broken. */
void listing_wrap(struct text *out, const char *string, unsigned indent, unsigned width);

#endif
