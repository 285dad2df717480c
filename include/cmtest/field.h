/*
 * field: what may be written in a spec, as data. One list of struct field is the only source of the
 * checker, the normalised document, and libcyaml's tables; help, example and default are for the
 * JSON Schema and the documentation that are printed from the same rows.
 *
 * A list ends with a row whose key is NULL. Rows are const; any thread may read them.
 */
#ifndef CMTEST_FIELD_H
#define CMTEST_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_KEY,      /* the name of a map's entry, bound as a member of the entry; never written */
    FIELD_STRING,   /* any scalar, as written; no control characters. Bound to char * */
    FIELD_INTEGER,  /* bound to a signed or unsigned integer of size bytes */
    FIELD_DURATION, /* 60s, 1500ms, 2m, 1h, 1m30s; ns, bound to int64_t */
    FIELD_CHOICE,   /* one of choices, bound to char * */
    FIELD_STRUCT,   /* a mapping with the keys of fields, embedded at offset */
    FIELD_LIST,     /* a sequence of item: pointer at offset, unsigned count at count_offset */
    FIELD_MAP,      /* a mapping with free keys; each entry has fields. Bound like a list */
    FIELD_ONE_OF    /* exactly one of fields: a bare list for the one that is a FIELD_LIST, else a
                       mapping with that one key. Embedded at offset */
};

struct field {
    const char *key;
    enum field_kind kind;
    bool required;
    bool secret; /* the value is never shown: not in a message, not in a source line */
    /* Inclusive. Of an integer; of a duration, ns; of a list or map, its entries; of a string, its
     * bytes. max 0: a generous limit of the kind. */
    int64_t min, max;
    int64_t step;               /* of a duration: only multiples of it, ns; 0: any */
    const char *fallback;       /* value when not written, as YAML flow text; NULL: none */
    const char *const *choices; /* FIELD_CHOICE, NULL-terminated */
    const char *code;           /* of the finding when none of the choices fits */
    const char *help;           /* one line, no trailing dot */
    const char *example;        /* a value, as YAML flow text */
    const struct field *fields; /* FIELD_STRUCT, FIELD_MAP (of an entry), FIELD_ONE_OF */
    const struct field *item;   /* FIELD_LIST */
    /* Where the value goes in the C struct of its parent. size: of an integer, or of the struct of
     * a FIELD_STRUCT, FIELD_ONE_OF, or an entry of a FIELD_MAP. */
    size_t offset, size, count_offset;
};

/* The keys of a spec. Bound to struct spec (spec.h). */
extern const struct field spec_fields[];

#endif
