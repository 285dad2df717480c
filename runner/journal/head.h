/*
 * head: the first block of a journal and the last (journal_format.h), and what the numbers of a
 * file mean here: its readings, kinds of events and scales by their names.
 */
#ifndef CMTEST_JOURNAL_HEAD_H
#define CMTEST_JOURNAL_HEAD_H

#include "bytes.h"
#include "cmtest/event_fields.h"
#include "cmtest/journal.h"

#define UNKNOWN UINT32_MAX

struct vocabulary_field {
    enum field_type type;
    const struct event_field *field; /* NULL: not known here, to be skipped */
    uint32_t *words;                 /* our number of each of its words, or UNKNOWN */
    uint32_t word_count;
};

struct vocabulary_kind {
    uint32_t kind; /* enum event_kind, or UNKNOWN */
    struct vocabulary_field *fields;
    uint32_t field_count;
};

struct vocabulary {
    uint32_t *readings; /* enum reading, or UNKNOWN */
    uint8_t *digits;    /* of each */
    uint32_t reading_count;
    bool ours; /* they are those of this version in its order */
    struct vocabulary_kind *kinds;
    uint32_t kind_count;
    uint32_t *scales; /* enum emodel_scale, or UNKNOWN */
    uint32_t scale_count;
};

void head_put(const struct journal_head *head, struct text *out);
/* Everything is from the arena. false: it is no head; *why is the rest of a sentence. */
bool head_get(struct bytes *in, struct arena *arena, struct journal_head *head,
              struct vocabulary *vocabulary, const char **why);

void vocabulary_put(struct text *out);
bool vocabulary_get(struct bytes *in, struct arena *arena, struct vocabulary *vocabulary);

void end_put(const struct journal_end *end, struct text *out);
bool end_get(struct bytes *in, struct arena *arena, struct journal_end *end);

void event_put(const struct event *event, struct text *out);
/* Of a kind that this version does not know nothing is kept. The event is zeroed before. */
bool event_get(struct bytes *in, const struct vocabulary_kind *kind, struct event *event);

#endif
