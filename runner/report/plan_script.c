#include "plan_script.h"

#include <stdlib.h>
#include <string.h>

static const struct field *field_of(const struct choice *choice, const char *key)
{
    return choice->fields ? field_find(choice->fields, key) : NULL;
}

/* Those of the arguments that this word brought, in parentheses. */
static void add_arguments(const struct step *step, const struct choice *choice, struct text *out)
{
    const char *last = NULL;
    for (size_t i = 0; i < step->argument_count; i++) {
        const struct step_argument *own = &step->arguments[i];
        const struct field *field = field_of(choice, own->key);
        if (!field)
            continue;
        bool more = last && strcmp(last, own->key) == 0; /* of a list */
        text_add(out, !last ? " (" : ", ");
        if (!more)
            text_printf(out, "%s ", own->key);
        if (field->kind == FIELD_STRING)
            text_printf(out, "\"%s\"", own->value);
        else if (field->kind == FIELD_DURATION)
            text_printf(out, "%g s", (double)strtoll(own->value, NULL, 10) / 1e9);
        else
            text_add(out, own->value);
        last = own->key;
    }
    text_add(out, last ? ")" : "");
}

static void add_start(const struct step *step, struct text *out)
{
    const char *start = step->from == OCCURRED_REGISTERING ? "the first REGISTER"
                        : step->from == OCCURRED_RINGING   ? "the 180"
                                                           : "the answer";
    if (step->at_ns)
        text_printf(out, "%g s after %s", (double)step->at_ns / 1e9, start);
    else
        text_printf(out, "at %s", start);
}

static void add_event(const struct step *step, struct text *out)
{
    text_add(out, step->times == 1 ? "on " : "each time on ");
    text_add(out, step->on->choice.word);
    add_arguments(step, &step->on->choice, out);
    if (step->times > 1)
        text_printf(out, ", at most %u times", step->times);
    if (step->within_ns)
        text_printf(out, ", which must come within %g s of the %s", (double)step->within_ns / 1e9,
                    step->on->kind <= OCCURRED_ANSWERED ? "INVITE" : "answer");
}

static void add_when(const struct script *script, const struct step *step, struct text *out)
{
    if (step->when == STEP_ON)
        add_event(step, out);
    else if (step->when == STEP_AFTER)
        text_printf(out, "when %s is done", script->steps[step->after].name);
    else
        add_start(step, out);
}

void plan_step(const struct script *script, uint32_t index, struct text *out)
{
    const struct step *step = &script->steps[index];
    struct text expected = {0};
    if (step->name)
        text_printf(out, "%s, ", step->name);
    add_when(script, step, out);
    text_printf(out, ": %s", step->action->choice.word);
    add_arguments(step, &step->action->choice, out);
    step_describe_expected(step, &expected);
    if (expected.length)
        text_printf(out, "; expected: %s", text_get(&expected));
    text_fini(&expected);
    if (!step->otherwise)
        return;
    text_printf(out, "; else %s", step->otherwise->action->choice.word);
    add_arguments(step->otherwise, &step->otherwise->action->choice, out);
}
