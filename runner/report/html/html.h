/*
 * html: the parts of report.html. Private to runner/report.
 *
 * One file that needs no other: what is read without JavaScript (verdict, thresholds, diagnoses,
 * limits, outcomes, the drawing of the groups) is HTML, and what is drawn (charts, the table, the
 * pages of endpoints) is JSON in the file, shown by the scripts beside this header. All text of the
 * network and of the spec is hostile and goes through html_text() or html_json().
 *
 * The size is bounded whatever the run was: bands over time have at most BANDS_POINTS_MAX points
 * and BANDS_CELLS_MAX cells, and only DETAIL_ENDPOINTS_MAX endpoints have their seconds in the
 * file.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "cmtest/report.h"

/* ---- text ------------------------------------------------------------------------------- */

/* Appends for HTML, between tags or within an attribute's double quotes. */
void html_text(struct text *out, const char *string);
/* Appends a JSON string with its quotes, safe within a script element. */
void html_json(struct text *out, const char *string);
void html_json_bytes(struct text *out, const char *bytes, size_t length);
/* Appends value * 10^digits as an integer, or null for what is not finite. */
void html_scaled(struct text *out, double value, int digits);
/* Appends ",\n" or the like between elements: separator unless *any, which is then set. */
void html_next(struct text *out, bool *any, const char *separator);
/* At most so many characters, cleaned, for HTML; an ellipsis when there were more. */
void html_short(struct text *out, const char *string, size_t characters);

/* ---- seconds ---------------------------------------------------------------------------- */

/* A reading in one direction that the report draws. */
struct html_key {
    enum reading reading;
    enum event_direction direction;
    int digits; /* behind the point, of what is written */
};

/* Those worth a look, most telling first, then those that thresholds are about. */
#define HTML_KEYS_MAX 96
size_t html_keys(const struct result *result, struct html_key keys[HTML_KEYS_MAX]);
/* Gives every EVENT_SECOND of the run with these readings of it; none when its journal was not
 * kept. */
void html_seconds(const struct report_run *run, const struct html_key *keys, size_t count,
                  event_fn *fn, void *to);
/* "receive.mos" and its row of the metrics. */
void html_key_metric(const struct html_key *key, struct metric_key *metric, char *name,
                     size_t size);

/* Seconds of the run for each of at most `most` points in time: a round number. */
uint32_t html_step(const struct result *result, uint32_t most);
/* Seconds since the start of the run, never negative. */
double html_since(const struct result *result, int64_t at_ns);

/* ---- parts ------------------------------------------------------------------------------ */

#define BANDS_POINTS_MAX 300
#define BANDS_CELLS_MAX 40000
#define BANDS_GROUPS_MAX 12

/* What the seconds of an endpoint say as a whole, for the table. */
struct html_figures {
    double mos_sum, mos_min, jitter_max, rtt_sum;
    uint32_t mos_count, jitter_count, rtt_count;
};

/* One reading of the seconds fills both; figures: one per endpoint. */
void html_bands(const struct report_run *run, struct html_figures *figures, struct text *out);
/* A row of bands: so many cells of equal time, of a group or of all (ROSTER_NONE). Nothing is
 * written of a row without any value. */
struct html_row {
    const struct metric_key *key;
    int digits;
    uint32_t group;
    const struct html_cell *cells;
    uint32_t count;
    struct metric_scale scale;
};
void html_row(const struct html_row *row, bool *any, struct text *out);
/* Rows of registration, post-dial delay and call setup; of the moment that they began at. */
void html_times(const struct result *result, uint32_t step, uint32_t points, bool *any,
                struct text *out);
/* How many endpoints were in which phase at the end of each step. */
void html_phases(const struct result *result, uint32_t step, uint32_t points, struct text *out);
void html_table(const struct result *result, const struct html_figures *figures, struct text *out);

#define DETAIL_ENDPOINTS_MAX 64
#define DETAIL_POINTS_MAX 150
#define DETAIL_MOMENTS_MAX 120
#define DETAIL_MESSAGES_MAX (400 * 1024)
/* The pages of the worst endpoints, of their partners, and of a sample of the others. */
void html_details(const struct report_run *run, const struct html_figures *figures,
                  struct text *out);

void html_verdict(const struct report_run *run, struct text *out);
void html_thresholds(const struct result *result, struct text *out);
void html_outcomes(const struct result *result, struct text *out);
void html_topology(const struct result *result, struct text *out);

/* ---- a histogram ------------------------------------------------------------------------ */

/* Values of a cell, in buckets 2% wide of which each keeps its own mean: a quantile is within 1% of
 * the exact one, and exact when the values of its bucket are the same. Zeroed: empty. */
struct html_bin {
    int32_t index;
    uint32_t count;
    double sum;
};
struct html_cell {
    struct html_bin *bins; /* by index */
    uint32_t count, capacity;
    uint32_t used; /* the last one */
    uint64_t values;
};
void html_cell_add(struct html_cell *cell, double value);
/* The same in two steps, for who adds a value to several. Of finite values. */
int32_t html_cell_index(double value);
void html_cell_put(struct html_cell *cell, int32_t index, double value);
/* NaN when it is empty; nearest rank. */
double html_cell_quantile(const struct html_cell *cell, double q);
void html_cell_fini(struct html_cell *cell);

#endif
