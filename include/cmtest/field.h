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
    FIELD_KEY,        /* the name of a map's entry, bound as a member of the entry; never written */
    FIELD_ARGUMENTS,  /* what the choices of this mapping brought into it, bound as a list of
                         struct field_argument; never written */
    FIELD_STRING,     /* any scalar, as written; no control characters. Bound to char * */
    FIELD_BOOLEAN,    /* true or false; bool */
    FIELD_INTEGER,    /* bound to a signed or unsigned integer of size bytes */
    FIELD_DURATION,   /* 60s, 1500ms, 2m, 1h, 1m30s; ns, bound to int64_t */
    FIELD_PERCENT,    /* 50%, 99.5%; thousandths of a percent, an integer of size bytes */
    FIELD_BITRATE,    /* 64kbps, 1.5Mbps; bit/s, an integer of size bytes */
    FIELD_RATE,       /* 10/s, 90/m, 3600/h; per 1000 s, an integer of size bytes */
    FIELD_RANGE,      /* 20000..29999; struct field_range */
    FIELD_RESOLUTION, /* 640x480; struct field_resolution */
    FIELD_CHOICE,     /* one of choices, bound to char * */
    FIELD_STRUCT,     /* a mapping with the keys of fields, embedded at offset */
    FIELD_LIST,       /* a sequence of item: pointer at offset, unsigned count at count_offset */
    FIELD_MAP,        /* a mapping with free keys; each entry has fields. Bound like a list */
    FIELD_ONE_OF,     /* exactly one of fields: a bare list for the one that is a FIELD_LIST, else a
                         mapping with that one key (and those that go with it). Embedded at offset */
    FIELD_ANY         /* used up before the check: variables, include, matrix */
};

struct field_range {
    int64_t first, last;
    uint32_t width; /* digits, when the first number has leading zeros: 0001..0100; else 0 */
};

struct field_resolution {
    uint32_t width, height;
};

/* One key that a choice brought into its mapping: nested ones with dots, lists as several. */
struct field_argument {
    char *key, *value; /* value: as written */
};

struct field;

/* A word of a FIELD_CHOICE. */
struct choice {
    const char *word;
    const char *help;           /* one line, no trailing dot; may be NULL */
    const char *example;        /* the mapping around it, of a word with fields */
    const struct field *fields; /* keys that it brings into the mapping around it; NULL: none */
    bool later;                 /* checked, but this version cannot run it */
    bool refused;               /* known only so that a finding can say why it cannot be */
};

/* An entry of a choices list. LATER: of a word that cannot be run yet. REFUSED: never. */
#define CHOICE(name, words) (&(const struct choice){.word = name, .help = words})
#define CHOICE_LATER(name, words) \
    (&(const struct choice){.word = name, .help = words, .later = true})
#define CHOICE_REFUSED(name, words) \
    (&(const struct choice){.word = name, .help = words, .refused = true})

/* What else than its words a FIELD_CHOICE takes. */
enum field_other { OTHER_NONE, OTHER_INTEGER /* min..max */, OTHER_FILE /* a path */ };

/* What a value that is the path of a file must be, beside there and readable. */
enum field_file { FILE_NONE, FILE_ANY, FILE_AUDIO, FILE_PEM };

struct field {
    const char *key;
    enum field_kind kind;
    bool required;
    bool secret; /* the value is never shown: not in a message, not in a source line */
    bool later;  /* checked, but this version cannot run it; a value equal to fallback can be run */
    bool unbound; /* used up before the check; the row is for help and schema, and for the checker
                     when it is still there. Nothing in it is required */
    bool single;  /* FIELD_LIST: one item may stand there without a list */
    bool wide;    /* FIELD_MAP: its keys may have any characters that can be seen */
    bool bare;    /* FIELD_MAP: its entries are written in short form only */
    /* Of fields of one list with the same word here at most one is there; and one must be when
     * they are required. */
    const char *either;
    const char *with; /* may be there only beside that key; required: must be there then */
    /* Inclusive. Of an integer or other number in its unit, both ends of a range; of a duration,
     * ns; of a list or map, its entries; of a string, its bytes. max 0: a generous limit. */
    int64_t min, max;
    int64_t step;          /* of a duration: only multiples of it, ns; 0: any */
    const char *fallback;  /* value when not written, as YAML flow text; NULL: none */
    const char *shorthand; /* FIELD_STRUCT, entry of a FIELD_MAP: what is no mapping is short for a
                              mapping with only this key */
    const struct choice *const *choices; /* FIELD_CHOICE, NULL-terminated */
    enum field_other other;              /* FIELD_CHOICE */
    enum field_file file;                /* FIELD_STRING, and FIELD_CHOICE with OTHER_FILE */
    const char *code;                    /* of the finding when the value does not fit */
    const char *noun; /* FIELD_CHOICE: what it is not then, "an audio codec"; "a <key>" when NULL */
    const char *help; /* one line, no trailing dot */
    const char *example;        /* a value, as YAML flow text */
    const struct field *fields; /* FIELD_STRUCT, FIELD_MAP (of an entry), FIELD_ONE_OF */
    const struct field *item;   /* FIELD_LIST */
    /* Where the value goes in the C struct of its parent. size: of an integer, or of the struct of
     * a FIELD_STRUCT, FIELD_ONE_OF, or an entry of a FIELD_MAP. */
    size_t offset, size, count_offset;
};

/* By key; NULL when there is none. */
const struct field *field_find(const struct field *fields, const char *key);
/* The choice of that word; NULL when there is none. */
const struct choice *field_choice(const struct field *field, const char *word);
/* Whether a word of this FIELD_CHOICE brings keys into the mapping around it. */
bool field_brings_keys(const struct field *field);

/* The keys of a spec. Bound to struct spec (spec.h). */
extern const struct field spec_fields[];

#endif
