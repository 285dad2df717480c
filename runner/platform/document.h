/* document: what an answer holds, checked. Private to runner/platform. */
#ifndef PLATFORM_DOCUMENT_H
#define PLATFORM_DOCUMENT_H

#include "api.h"

struct document {
    json_t *root; /* document_free() */
    json_t *data; /* of the envelope; the whole of a server without one */
    char request[80];
    uint64_t pages; /* at least 1 */
};

/* Masks, parses, looks for the envelope. false: *error. */
bool document_open(struct document *document, char *bytes, size_t length,
                   struct platform_error *error);
void document_free(struct document *document);

/* PLATFORM_GARBLED with the request's id behind the sentence. Always false. */
bool document_wrong(const struct document *document, struct platform_error *error,
                    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A text, masked and without control characters; a number as its digits. false: there is none. */
bool document_text(const json_t *object, enum api_name name, char *out, size_t size);
/* RFC 3339 with up to nine digits of a second; EVENT_NONE: there is none. */
int64_t document_time(const json_t *object, enum api_name name);
/* UTC; false: it is no such time. */
bool document_parse_time(const char *text, int64_t *ns);
/* otherwise: when there is none. */
double document_number(const json_t *object, enum api_name name, double otherwise);

/* event_read.c: an object of json_event.h. false: it is not one. *known: whether this version has
 * its kind; *stranger: its endpoint, when the roster does not have it. */
bool event_read(const json_t *object, const struct roster *roster, struct event *event, bool *known,
                const char **stranger);

void platform_fail(struct platform_error *error, enum platform_failure failure, long status,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
