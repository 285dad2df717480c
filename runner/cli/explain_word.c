#include "explain_word.h"

#include <string.h>
#include "choice.h"
#include "cmtest/scenario.h"

#define KEY_WIDTH 16

static void add_choices(struct text *out, const struct field *field, unsigned width)
{
    struct text words = {0};
    for (size_t i = 0; field->choices && field->choices[i]; i++) {
        const struct choice *choice = field->choices[i];
        if (choice->refused)
            continue;
        text_printf(&words, "%s%s", words.length ? "; " : "one of ", choice->word);
        if (choice->help)
            text_printf(&words, " (%s%s)", choice->help,
                        choice->later ? ", " CHOICE_LATER_STATUS : "");
    }
    /* Long lists are a topic of their own. */
    if (words.length && words.length < 400)
        listing_wrap(out, text_get(&words), KEY_WIDTH, width);
    text_fini(&words);
}

static void add_keys(struct text *out, const struct field *fields, unsigned width)
{
    if (fields && fields->key)
        text_add(out, "\nKeys beside it:\n");
    for (const struct field *field = fields; field && field->key; field++) {
        struct text help = {0}, wrapped = {0};
        text_printf(&help, "%s%s%s (example: %s)", field->required ? "needed: " : "", field->help,
                    field->later ? "; " CHOICE_LATER_STATUS : "", field->example);
        listing_wrap(&wrapped, text_get(&help), KEY_WIDTH, width);
        text_printf(out, "  %-*s%s", KEY_WIDTH - 2, field->key, text_get(&wrapped) + KEY_WIDTH);
        add_choices(out, field, width);
        text_fini(&help);
        text_fini(&wrapped);
    }
}

static void add_causes(struct text *out, const struct trigger *trigger)
{
    if (!trigger->caused_by)
        return;
    text_add(out, "\nA partner causes it with ");
    for (size_t i = 0; trigger->caused_by[i]; i++)
        text_printf(out, "%s%s", i ? ", " : "", trigger->caused_by[i]);
    text_add(out, ".\n");
}

static void add_word(struct text *out, const char *what, const struct choice *choice,
                     unsigned width)
{
    text_printf(out, "%s %s%s\n\n", what, choice->word,
                choice->later ? " (" CHOICE_LATER_STATUS ")" : "");
    listing_wrap(out, choice->help, 2, width);
    add_keys(out, choice->fields, width);
}

bool explain_word(const char *word, unsigned width, struct text *out)
{
    const struct action *action = action_find(word);
    const struct trigger *trigger = trigger_find(word);
    const struct choice *choice = action ? &action->choice : trigger ? &trigger->choice : NULL;
    if (!choice)
        return false;
    add_word(out, action ? "action" : "trigger", choice, width);
    if (action && action->needs_call)
        text_add(out, "\nOnly while the call is up.\n");
    if (trigger)
        add_causes(out, trigger);
    text_printf(out, "\nExample:\n\n    scenario:\n      - %s\n", choice->example);
    text_add(out, "\nMore: cmtest help scenarios\n");
    return true;
}
