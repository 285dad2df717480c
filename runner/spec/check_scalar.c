#include "check.h"
#include "scalar.h"

#include <stdio.h>
#include <string.h>

#define STRING_MAX 1024
#define CHOICES_SHOWN 48

static void check_string(struct check *check, const struct field *field, struct item *item)
{
    const struct node *node = item->value.node;
    size_t most = field->max ? (size_t)field->max : STRING_MAX;
    const char *shown = text_get(&check->shown);
    if (node->length > most) {
        char hint[48];
        snprintf(hint, sizeof hint, "at most %zu bytes", most);
        check_error(check, item, "too-long", hint, "%s is too long", shown);
        return;
    }
    if (!node->length) {
        check_error(check, item, "empty-value", "give it a value or remove it", "%s is empty",
                    shown);
        return;
    }
    for (size_t i = 0; i < node->length; i++) {
        unsigned char c = (unsigned char)node->text[i];
        if (c >= 0x20 && c != 0x7f)
            continue;
        bool broken = c == '\n' || c == '\r';
        check_error(check, item, "control-character",
                    broken ? "write it on one line; a block ends with >- instead of >" : NULL,
                    "%s must be one line of text, without control characters", shown);
        return;
    }
}

static const char *range(const struct field *field, char *out, size_t size)
{
    if (field->min == field->max)
        snprintf(out, size, "%lld", (long long)field->min);
    else
        snprintf(out, size, "%lld to %lld", (long long)field->min, (long long)field->max);
    return out;
}

static void check_integer(struct check *check, const struct field *field, struct item *item)
{
    char found[80], allowed[64], hint[96];
    const struct node *node = item->value.node;
    const char *shown = text_get(&check->shown);
    int64_t value = 0;
    enum scalar_number read = scalar_integer(node->text, &value);
    check_found(field, item, found, sizeof found);
    range(field, allowed, sizeof allowed);
    if (!node->plain && read == NUMBER_OK) {
        snprintf(hint, sizeof hint, "remove the quotes: %lld", (long long)value);
        check_error(check, item, "wrong-type", node->secret ? "remove the quotes" : hint,
                    "%s must be a whole number, not a string", shown);
    } else if (read == NUMBER_LEADING_ZERO) {
        check_error(check, item, "wrong-type", "remove the leading zeros",
                    "%s has a leading zero: some programs read %s as octal", shown, found);
    } else if (read == NUMBER_NOT || !node->plain) {
        check_error(check, item, "wrong-type", allowed, "%s must be a whole number, not %s", shown,
                    found);
    } else if (read == NUMBER_TOO_LARGE || value < field->min || value > field->max) {
        check_error(check, item, "out-of-range", field->help, "%s must be %s, not %.60s", shown,
                    allowed, node_shown(node));
    }
}

static void duration_range(const struct field *field, char *out, size_t size)
{
    char least[40], most[40];
    scalar_print_duration(field->min, least, sizeof least);
    scalar_print_duration(field->max, most, sizeof most);
    snprintf(out, size, "%s to %s", least, most);
}

static void check_duration(struct check *check, const struct field *field, struct item *item)
{
    char found[80], allowed[96], hint[160];
    const char *shown = text_get(&check->shown), *text = item->value.node->text;
    const char *said = node_shown(item->value.node);
    int64_t ns;
    enum scalar_duration read = scalar_duration(text, &ns);
    check_found(field, item, found, sizeof found);
    switch (read) {
    case DURATION_NO_UNIT:
        snprintf(hint, sizeof hint, "write %.20ss for seconds, or %.20sms, %.20sm, %.20sh", said,
                 said, said, said);
        check_error(check, item, "bad-duration", hint, "%s needs a unit of time", shown);
        return;
    case DURATION_NOT:
        check_error(check, item, "bad-duration", "write it like 60s, 1500ms, 2m, 1h or 1m30s",
                    "%s must be a duration, not %s", shown, found);
        return;
    case DURATION_BAD_UNIT:
        check_error(check, item, "bad-duration", "the units are h, m, s, ms, us and ns",
                    "%s has a unit of time that is not known: %s", shown, found);
        return;
    case DURATION_TOO_LONG:
    case DURATION_OK:
        break;
    }
    duration_range(field, allowed, sizeof allowed);
    if (read == DURATION_TOO_LONG || ns < field->min || ns > field->max)
        check_error(check, item, "out-of-range", field->help, "%s must be %s, not %.60s", shown,
                    allowed, said);
    else if (field->step && ns % field->step) {
        scalar_print_duration(field->step, allowed, sizeof allowed);
        check_error(check, item, "out-of-range", field->help,
                    "%s must be a multiple of %s, not %.60s", shown, allowed, said);
    }
}

/* What a choice takes beside its words; false when it takes nothing else. */
static bool check_other(struct check *check, const struct field *field, struct item *item)
{
    const char *text = item->value.node->text;
    int64_t value;
    if (field->other == OTHER_FILE && strpbrk(text, "./")) {
        check_string(check, field, item);
        if (!item->bad && field->file != FILE_NONE)
            check_named_file(check, field, item);
        return true;
    }
    return field->other == OTHER_INTEGER && scalar_integer(text, &value) == NUMBER_OK &&
           value >= field->min && value <= field->max;
}

static void check_choice(struct check *check, const struct field *field, struct item *item)
{
    char found[80];
    struct text hint = {0};
    const char *words[CHOICES_SHOWN] = {NULL};
    size_t count = 0;
    const char *text = item->value.node->text;
    if (field_choice(field, text) || check_other(check, field, item))
        return;
    for (size_t i = 0; count < CHOICES_SHOWN && field->choices[i]; i++)
        if (!field->choices[i]->refused)
            words[count++] = field->choices[i]->word;
    const char *near = text_nearest(text, words, count);
    if (near)
        text_printf(&hint, "did you mean \"%s\"?  ", near);
    text_add(&hint, "(");
    for (size_t i = 0; i < count; i++)
        text_printf(&hint, "%s%s", i ? ", " : "", words[i]);
    if (field->other == OTHER_INTEGER)
        text_printf(&hint, ", %lld to %lld", (long long)field->min, (long long)field->max);
    text_add(&hint, ")");
    check_found(field, item, found, sizeof found);
    if (field->noun)
        check_error(check, item, field->code, text_get(&hint), "%s is not %s", found, field->noun);
    else
        check_error(check, item, field->code, text_get(&hint), "%s is not a %s", found, field->key);
    text_fini(&hint);
}

void check_scalar(struct check *check, const struct field *field, struct item *item)
{
    const struct node *node = item->value.node;
    char found[80], hint[160];
    if (node->kind != NODE_SCALAR) {
        check_error(check, item, "wrong-type", check_example(field, hint, sizeof hint),
                    "%s must be a single value, not %s", text_get(&check->shown),
                    check_found(field, item, found, sizeof found));
        return;
    }
    /* An escape such as "\0" would cut the text short wherever it is used. */
    if (memchr(node->text, '\0', node->length)) {
        check_error(check, item, "control-character", NULL, "%s holds a NUL character",
                    text_get(&check->shown));
        return;
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        check_integer(check, field, item);
        break;
    case FIELD_DURATION:
        check_duration(check, field, item);
        break;
    case FIELD_CHOICE:
        check_choice(check, field, item);
        break;
    case FIELD_STRING:
        check_string(check, field, item);
        if (!item->bad && field->file != FILE_NONE)
            check_named_file(check, field, item);
        break;
    default:
        check_number(check, field, item);
    }
}
