/* Values that are words or numbers of a form of their own: true, 50%, 64kbps, 10/s, 1..9, 4x3. */
#include "check.h"
#include "scalar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void check_boolean(struct check *check, const struct field *field, struct item *item)
{
    char found[80];
    const struct node *node = item->value.node;
    bool word = scalar_is_boolean(node->text);
    if (word && node->plain)
        return;
    check_error(check, item, "wrong-type",
                word ? "remove the quotes" : "yes, no, on and off are plain words in YAML 1.2",
                "%s must be true or false, not %s", text_get(&check->shown),
                word ? "a string" : check_found(field, item, found, sizeof found));
}

/* What a number of that kind looks like. */
struct form {
    enum field_kind kind;
    const char *code, *what, *hint;
    bool (*read)(const char *text, int64_t *value);
    int64_t unit; /* of the numbers in a message */
    const char *suffix;
};

static const struct form forms[] = {
    {FIELD_PERCENT, "bad-percent", "a percentage", "write it like 50% or 99.5%", scalar_percent,
     1000, "%"},
    {FIELD_BITRATE, "bad-bitrate", "a bit rate", "write it like 64kbps, 1.5Mbps or 6000bps",
     scalar_bitrate, 1000, "kbps"},
    {FIELD_RATE, "bad-rate", "a rate", "write it like 10/s, 90/m or 3600/h", scalar_rate, 1000,
     "/s"},
};

static void print(int64_t value, const struct form *form, char *out, size_t size)
{
    int64_t rest = value % form->unit;
    if (rest)
        snprintf(out, size, "%" PRId64 ".%03" PRId64 "%s", value / form->unit,
                 rest * 1000 / form->unit, form->suffix);
    else
        snprintf(out, size, "%" PRId64 "%s", value / form->unit, form->suffix);
}

static void check_unit(struct check *check, const struct field *field, struct item *item,
                       const struct form *form)
{
    char found[80], least[40], most[40];
    int64_t value = 0;
    const char *shown = text_get(&check->shown), *text = item->value.node->text;
    if (!form->read(text, &value)) {
        check_error(check, item, form->code, form->hint, "%s must be %s, not %s", shown, form->what,
                    check_found(field, item, found, sizeof found));
        return;
    }
    if (value >= field->min && value <= field->max)
        return;
    print(field->min, form, least, sizeof least);
    print(field->max, form, most, sizeof most);
    check_error(check, item, "out-of-range", field->help, "%s must be %s to %s, not %.40s", shown,
                least, most, node_shown(item->value.node));
}

static void check_range(struct check *check, const struct field *field, struct item *item)
{
    char found[80], hint[160];
    int64_t first = 0, last = 0;
    uint32_t width;
    const char *shown = text_get(&check->shown), *text = item->value.node->text;
    if (!scalar_range(text, &first, &last, &width))
        check_error(check, item, "bad-range", check_example(field, hint, sizeof hint),
                    "%s must be two numbers with two dots between them, not %s", shown,
                    check_found(field, item, found, sizeof found));
    else if (first > last)
        check_error(check, item, "bad-range", "the smaller number comes first",
                    "%s ends before it begins", shown);
    else if (first < field->min || last > field->max)
        check_error(check, item, "out-of-range", field->help,
                    "%s must be within %" PRId64 "..%" PRId64 ", not %.40s", shown, field->min,
                    field->max, node_shown(item->value.node));
}

static void check_resolution(struct check *check, const struct field *field, struct item *item)
{
    char found[80], hint[160];
    uint32_t width = 0, height = 0;
    const char *shown = text_get(&check->shown), *text = item->value.node->text;
    if (!scalar_resolution(text, &width, &height))
        check_error(check, item, "bad-resolution", check_example(field, hint, sizeof hint),
                    "%s must be width x height, not %s", shown,
                    check_found(field, item, found, sizeof found));
    else if (width < field->min || height < field->min || width > field->max ||
             height > field->max || width % 2 || height % 2)
        check_error(check, item, "out-of-range", field->help,
                    "both numbers of %s must be even and within %" PRId64 "..%" PRId64
                    ", not %.40s",
                    shown, field->min, field->max, node_shown(item->value.node));
}

void check_number(struct check *check, const struct field *field, struct item *item)
{
    if (field->kind == FIELD_BOOLEAN)
        check_boolean(check, field, item);
    else if (field->kind == FIELD_RANGE)
        check_range(check, field, item);
    else if (field->kind == FIELD_RESOLUTION)
        check_resolution(check, field, item);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].kind == field->kind)
            check_unit(check, field, item, &forms[i]);
}
