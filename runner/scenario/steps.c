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

bool step_flag(const struct step *step, const char *key)
{
    const char *text = step_text(step, key);
    return text && strcmp(text, "true") == 0;
}
