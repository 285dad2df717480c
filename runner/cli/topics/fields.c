/* Every key of a spec, from the lists that check it. A path says where it stands: <name> is a name
 * of the author's choice, [] an entry of a list, (do: hold) the word that brings the key. */
#include "cmtest/topic.h"
#include "cmtest/field.h"
#include "cmtest/schema.h"
#include "choice.h"

/* Actions may hold others; their keys are told once. */
#define WORDS_DEEP 1

static void walk(struct listing *listing, const struct field *fields, const char *path,
                 const char *word, unsigned words);

static const char *kind_name(enum field_kind kind)
{
    static const char *const names[] = {
        [FIELD_STRING] = "text",
        [FIELD_BOOLEAN] = "true or false",
        [FIELD_INTEGER] = "whole number",
        [FIELD_DURATION] = "duration",
        [FIELD_PERCENT] = "percentage",
        [FIELD_BITRATE] = "bit rate",
        [FIELD_RATE] = "rate",
        [FIELD_RANGE] = "range",
        [FIELD_RESOLUTION] = "resolution",
        [FIELD_CHOICE] = "word",
        [FIELD_STRUCT] = "mapping",
        [FIELD_LIST] = "list",
        [FIELD_MAP] = "mapping of names",
        [FIELD_ONE_OF] = "one of several forms",
        [FIELD_ANY] = "any value",
    };
    return kind < sizeof names / sizeof *names ? names[kind] : NULL;
}

static void add_type(const struct field *field, struct text *out)
{
    text_add(out, kind_name(field->kind));
    if (field->kind == FIELD_LIST && field->item) {
        text_add(out, " of: ");
        add_type(field->item, out);
    }
}

static void add_words(const struct field *field, struct text *out)
{
    if (field->kind == FIELD_LIST && field->item)
        field = field->item;
    if (field->kind != FIELD_CHOICE)
        return;
    bool all_later = true;
    for (size_t i = 0; field->choices[i]; i++)
        all_later = all_later && field->choices[i]->later;
    for (size_t i = 0; field->choices[i]; i++) {
        const struct choice *choice = field->choices[i];
        bool later = choice->later && !all_later && !field->later;
        text_printf(out, "%s%s%s", i ? " | " : "", choice->word,
                    choice->refused ? " (refused)"
                    : later         ? " (" CHOICE_LATER_STATUS ")"
                                    : "");
    }
    if (field->other == OTHER_INTEGER)
        text_printf(out, " | %lld to %lld", (long long)field->min, (long long)field->max);
    else if (field->other == OTHER_FILE)
        text_add(out, " | FILE");
}

/* Without its brackets. */
static void add_bare_range(const struct field *field, struct text *out)
{
    struct text range = {0};
    schema_add_range(field, &range);
    if (range.length > 2)
        text_add_bytes(out, range.data + 1, range.length - 2);
    text_fini(&range);
}

static void add_range(const struct field *field, struct text *out)
{
    bool entries = field->kind == FIELD_LIST || field->kind == FIELD_MAP;
    if (entries && field->max)
        text_printf(out, "%lld to %lld entries", (long long)field->min, (long long)field->max);
    else if (field->kind == FIELD_STRING && field->max)
        text_printf(out, "at most %lld bytes", (long long)field->max);
    else if (!entries)
        add_bare_range(field, out);
}

static const char *or_null(const struct text *text)
{
    return text->length ? text_get(text) : NULL;
}

static void add_row(struct listing *listing, const struct field *field, const char *path)
{
    struct text type = {0}, words = {0}, range = {0};
    add_type(field, &type);
    add_words(field, &words);
    add_range(field, &range);
    const char *cells[] = {path,
                           or_null(&type),
                           field->required && !field->either ? "required" : "optional",
                           field->later ? CHOICE_LATER_STATUS : NULL,
                           or_null(&words),
                           field->fallback,
                           or_null(&range),
                           field->secret ? NULL : field->example,
                           field->help};
    listing_add(listing, cells);
    text_fini(&type);
    text_fini(&words);
    text_fini(&range);
}

static void walk_words(struct listing *listing, const struct field *field, const char *path,
                       unsigned words)
{
    if (field->kind != FIELD_CHOICE || words == WORDS_DEEP)
        return;
    for (size_t i = 0; field->choices[i]; i++) {
        struct text word = {0};
        text_printf(&word, " (%s: %s)", field->key, field->choices[i]->word);
        if (field->choices[i]->fields)
            walk(listing, field->choices[i]->fields, path, text_get(&word), words + 1);
        text_fini(&word);
    }
}

static void walk(struct listing *listing, const struct field *fields, const char *path,
                 const char *word, unsigned words)
{
    for (const struct field *field = fields; field->key; field++) {
        struct text here = {0}, shown = {0};
        if (!kind_name(field->kind))
            continue;
        text_printf(&here, "%s%s%s", path, *path ? "." : "", field->key);
        text_printf(&shown, "%s%s", text_get(&here), word);
        add_row(listing, field, text_get(&shown));
        if (field->kind == FIELD_MAP)
            text_add(&here, ".<name>");
        else if (field->kind == FIELD_LIST)
            text_add(&here, "[]");
        const struct field *below = field->kind == FIELD_LIST ? field->item->fields : field->fields;
        if (below && !field->unbound)
            walk(listing, below, text_get(&here), word, words);
        walk_words(listing, field, path, words);
        text_fini(&here);
        text_fini(&shown);
    }
}

static void fill(struct listing *listing)
{
    walk(listing, spec_fields, "", "", 0);
}

static const struct listing_column columns[] = {{"path", NULL},  {"type", NULL},
                                                {"given", NULL}, {"status", NULL},
                                                {"words", NULL}, {"default", "default "},
                                                {"range", NULL}, {"example", "for example "},
                                                {"help", NULL},  {0}};

const struct topic topic_fields = {
    .name = "fields",
    .help = "every key of a spec: its form, default, range and meaning",
    .columns = columns,
    .fill = fill,
};
