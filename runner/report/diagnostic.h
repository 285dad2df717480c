/*
 * diagnostic: what the formats of findings share. Private to runner/report.
 */
#ifndef REPORT_DIAGNOSTIC_H
#define REPORT_DIAGNOSTIC_H

#include <jansson.h>
#include "cmtest/diag_format.h"

/* Places are 1-based, and a finding about the file as a whole points at its first line. */
int diagnostic_line(const struct place *place);
int diagnostic_column(const struct place *place);
/* Behind the last code point. */
int diagnostic_end_column(const struct place *place);

/* Whether its place names a line. */
bool diagnostic_has_line(const struct place *place);

/* The file of a place as the other programs know it: without a leading "./". path stands in for a
 * place without a file. */
const char *diagnostic_file(const struct place *place, const char *path);

/* "message" or "message; hint" */
void diagnostic_words(const struct finding *finding, struct text *out);

/* An artifactLocation of SARIF. */
json_t *diagnostic_artifact(const char *file);

/* Consumes value; a document ends with a line end. */
void diagnostic_write(json_t *value, struct text *out);

#endif
