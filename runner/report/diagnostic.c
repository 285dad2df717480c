#include "diagnostic.h"
#include "json_endpoint.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int diagnostic_line(const struct place *place)
{
    return place->line > 0 ? place->line : 1;
}

int diagnostic_column(const struct place *place)
{
    return place->line > 0 && place->column > 0 ? place->column : 1;
}

int diagnostic_end_column(const struct place *place)
{
    return diagnostic_column(place) + (place->line > 0 && place->width > 0 ? place->width : 1);
}

bool diagnostic_has_line(const struct place *place)
{
    return place->line > 0;
}

const char *diagnostic_file(const struct place *place, const char *path)
{
    const char *file = place->file ? place->file : path;
    while (strncmp(file, "./", 2) == 0)
        file += 2;
    return file;
}

void diagnostic_words(const struct finding *finding, struct text *out)
{
    text_add(out, finding->message);
    if (finding->hint)
        text_printf(out, "; %s", finding->hint);
}

/* RFC 3986: what is not unreserved is escaped, but the slashes stay. */
json_t *diagnostic_artifact(const char *file)
{
    struct text uri = {0};
    text_add(&uri, file[0] == '/' ? "file://" : "");
    for (const char *at = file; *at; at++)
        if ((unsigned char)*at < 0x80 && (isalnum((unsigned char)*at) || strchr("-._~/", *at)))
            text_add_bytes(&uri, at, 1);
        else
            text_printf(&uri, "%%%02X", (unsigned char)*at);
    json_t *location = json_pack("{s:o}", "uri", json_text(text_get(&uri)));
    if (file[0] != '/')
        json_object_set_new(location, "uriBaseId", json_string("%SRCROOT%"));
    text_fini(&uri);
    return location;
}

void diagnostic_write(json_t *value, struct text *out)
{
    char *bytes = json_dumps(value, JSON_INDENT(2));
    text_add(out, bytes ? bytes : "null");
    text_add(out, "\n");
    free(bytes);
    json_decref(value);
}

/* FNV-1a, 64 bits, of the string and its end. */
static uint64_t mix(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i <= length; i++)
        hash = (hash ^ (i < length ? (unsigned char)bytes[i] : 0)) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_finding(struct diag *diag, const struct finding *finding)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const char *line, *file = diagnostic_file(&finding->place, "");
    size_t length;
    hash = mix(hash, finding->code, strlen(finding->code));
    hash = mix(hash, file, strlen(file));
    if (diag_line(diag, &finding->place, &line, &length)) {
        while (length && (*line == ' ' || *line == '\t'))
            line++, length--;
        hash = mix(hash, line, length);
    }
    return hash;
}

void diag_fingerprint(struct diag *diag, size_t index, char out[DIAG_FINGERPRINT_SIZE])
{
    uint64_t hash = hash_finding(diag, diag_get(diag, index));
    char nth[24];
    unsigned same = 0;
    for (size_t i = 0; i < index; i++)
        same += hash_finding(diag, diag_get(diag, i)) == hash;
    snprintf(nth, sizeof nth, "%u", same);
    snprintf(out, DIAG_FINGERPRINT_SIZE, "%016" PRIx64, same ? mix(hash, nth, strlen(nth)) : hash);
}
