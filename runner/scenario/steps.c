#include "cmtest/scenario.h"

#include <stdlib.h>
#include <string.h>

const char *step_text_at(const struct step *step, const char *key, size_t index)
{
    for (size_t i = 0; i < step->argument_count; i++)
        if (strcmp(step->arguments[i].key, key) == 0 && index-- == 0)
            return step->arguments[i].value;
    return NULL;
}

const char *step_text(const struct step *step, const char *key)
{
    return step_text_at(step, key, 0);
}

int64_t step_duration(const struct step *step, const char *key, int64_t fallback)
{
    const char *text = step_text(step, key);
    return text ? strtoll(text, NULL, 10) : fallback;
}

int64_t step_number(const struct step *step, const char *key, int64_t fallback)
{
    return step_duration(step, key, fallback);
}

bool step_flag(const struct step *step, const char *key)
{
    const char *text = step_text(step, key);
    return text && strcmp(text, "true") == 0;
}

static bool decides(const struct step *step)
{
    return step && step->action && step->action->decides;
}

bool script_decides(const struct script *script)
{
    for (size_t i = 0; script && i < script->count; i++)
        if (decides(&script->steps[i]) || decides(script->steps[i].otherwise))
            return true;
    return false;
}
