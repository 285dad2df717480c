#include "option_set.h"
#include "cmtest/spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool wrong(struct text *why, const char *wants, const char *text)
{
    text_clear(why);
    text_printf(why, "wants %s, not \"%s\"", wants, text);
    return false;
}

static bool set_number(const char *text, uint64_t *to, struct text *why)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (errno || end == text || *end || text[0] == '-')
        return wrong(why, "a whole number", text);
    *to = value;
    return true;
}

/* How variables and config files say it. */
static bool set_flag(const char *text, bool *to, struct text *why)
{
    static const char *const words[2][4] = {{"0", "false", "no", "off"},
                                            {"1", "true", "yes", "on"}};
    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 4; i++)
            if (strcasecmp(text, words[value][i]) == 0) {
                *to = value;
                return true;
            }
    return wrong(why, "true (1, yes, on) or false (0, no, off)", text);
}

static bool set_color(const char *text, const char **to, struct text *why)
{
    for (size_t i = 0; color_words[i]; i++)
        if (strcmp(color_words[i], text) == 0) {
            *to = text;
            return true;
        }
    return wrong(why, "auto, always or never", text);
}

static bool add(const char *text, struct option_list *list, struct text *why)
{
    if (list->count == OPTION_LIST_MAX) {
        text_clear(why);
        text_printf(why, "can be given at most %d times", OPTION_LIST_MAX);
        return false;
    }
    list->items[list->count++] = text;
    return true;
}

static bool set_count(const char *text, unsigned *to, struct text *why)
{
    uint64_t number = 0;
    bool flag = false;
    if (!text) {
        ++*to;
        return true;
    }
    if (isdigit((unsigned char)text[0]) ? !set_number(text, &number, why)
                                        : !set_flag(text, &flag, why))
        return false;
    *to = number > 9 ? 9 : number ? (unsigned)number : flag;
    return true;
}

bool option_set(struct option_layer *layer, size_t index, const char *text, struct text *why)
{
    const struct option_row *row = &layer->command->options[index];
    struct options *options = layer->options;
    char *member = (char *)options + row->offset;
    bool first = !layer->touched[index];
    layer->touched[index] = true;
    switch (row->kind) {
    case OPTION_FLAG:
    case OPTION_CONSENT:
        if (text)
            return set_flag(text, (bool *)member, why);
        *(bool *)member = true;
        return true;
    case OPTION_COUNT:
        if (first)
            *(unsigned *)member = 0;
        return set_count(text, (unsigned *)member, why);
    case OPTION_TEXT:
        *(const char **)member = text;
        return true;
    case OPTION_COLOR:
        return set_color(text, (const char **)member, why);
    case OPTION_NUMBER:
        if (row->offset == offsetof(struct options, seed))
            options->seed_given = true;
        return set_number(text, (uint64_t *)member, why);
    case OPTION_LIST:
        if (first)
            ((struct option_list *)member)->count = 0;
        return add(text, (struct option_list *)member, why);
    case OPTION_DURATION:
        return (spec_duration(text, (int64_t *)member) && *(int64_t *)member > 0) ||
               wrong(why, "a duration as 90s or 10m", text);
    }
    return false;
}

void option_clear(struct option_layer *layer, size_t index)
{
    const struct option_row *row = &layer->command->options[index];
    layer->touched[index] = true;
    if (row->kind == OPTION_LIST)
        ((struct option_list *)((char *)layer->options + row->offset))->count = 0;
}

size_t option_find(const struct command *command, const char *name)
{
    for (size_t i = 0; command->options && command->options[i].name; i++)
        if (strcmp(command->options[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

void option_variable(const char *command, const char *name, char *out, size_t size)
{
    snprintf(out, size, "CMTEST_%s%s%s", command ? command : "", command ? "_" : "", name);
    for (char *at = out; *at; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}

const char *option_getenv(const char *const *environment, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; environment && environment[i]; i++)
        if (strncmp(environment[i], name, length) == 0 && environment[i][length] == '=')
            return environment[i] + length + 1;
    return NULL;
}
