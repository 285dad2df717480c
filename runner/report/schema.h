/* schema: the parts of the schema of a spec. Values are owned by the caller unless said otherwise.
 */
#ifndef CMTEST_REPORT_SCHEMA_H
#define CMTEST_REPORT_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "cmtest/field.h"
#include "cmtest/schema.h"

/* Any text with this in it is put together when the spec is read, so nothing is said about it. */
#define SCHEMA_EXPRESSION "\\$\\{[^}]+\\}"

/* schema_value.c: the text of an example or a default as JSON; NULL when it is no such text. */
json_t *schema_value(const struct field *field, const char *text);

/* schema_scalar.c: whether the field is a single value, and what it may be. */
bool schema_is_scalar(const struct field *field);
json_t *schema_scalar(const struct field *field);
/* One of these words (an array, which is taken over), or an expression. */
json_t *schema_words(json_t *words);

/* schema_rules.c: which keys of a mapping of fields go together. partial: nothing is required. */
void schema_add_rules(const struct field *fields, bool partial, json_t *to);

/* The same of one field that has with. */
void schema_add_with(const struct field *field, bool partial, json_t *to);

/* Calls take for each field that may be written in a mapping of fields: its own and those that the
 * words of its choices bring. by: the choice, word: its word; NULL for the mapping's own. */
void schema_each(const struct field *fields,
                 void (*take)(const struct field *field, const struct field *by,
                              const struct choice *word, void *to),
                 void *to);

/* schema_union.c: what both accept, put into one where that is exact, since editors tell no good
 * errors of anyOf. Takes both over. */
json_t *schema_union(json_t *first, json_t *second);

/* schema_share.c: moves what is there more than once to definitions. No part of schema may be
 * reachable by two ways. */
void schema_share(json_t *schema);

/* array += value, when it is not in there. Takes value over. */
void schema_append_new(json_t *array, json_t *value);
/* object[key] as an array, made when missing; borrowed. */
json_t *schema_array(json_t *object, const char *key);

#endif
