#include "step_words.h"

#include <string.h>
#include "words.h"

void step_title(const struct roster_step *step, uint32_t index, struct text *out)
{
    if (step->name && step->name[0])
        text_add(out, step->name);
    else
        text_printf(out, "step %u %s", index + 1, step->action);
}

/* "hold (at 1 s)" says all of a step hold that holds. */
static void describe(const struct roster_step *step, uint32_t index, struct text *out)
{
    bool named = step->name && step->name[0] && strcmp(step->name, step->action) != 0;
    step_title(step, index, out);
    text_printf(out, " (%s%s%s)", named ? step->action : "", named ? ", " : "", step->trigger);
}

void step_verdict(const struct result *result, uint32_t group, uint32_t index, struct text *out)
{
    const struct roster_group *own = &result->roster->groups[group];
    const struct result_step *step = result_step(result, group, index);
    if (step->failed)
        text_printf(out, "%u of %u endpoints of group %s failed at ", step->endpoints, own->count,
                    own->name);
    else if (step->done)
        text_printf(out, "no endpoint of group %s failed at ", own->name);
    else
        text_printf(out, "no endpoint of group %s began ", own->name);
    describe(&own->steps[index], index, out);
}

static void add(struct text *out, const char *before, const char *words)
{
    if (!words[0])
        return;
    text_add(out, before);
    words_clean(out, words, CLEAN_TERMINAL);
}

void step_failure(const struct result_step_failure *failure, struct text *out)
{
    const struct event_action *action = &failure->action;
    struct text words = {0};
    if (action->otherwise)
        text_printf(&words, "else %s", action->action);
    add(&words, words.length ? ": expected " : "expected ", action->expected);
    add(&words, words.length ? ", seen " : "seen ", action->observed);
    /* The same once more, of one of the things that were expected. */
    bool said = action->expected[0] && action->observed[0] &&
                strncmp(action->detail, "expected ", strlen("expected ")) == 0;
    add(&words, words.length ? ": " : "", said ? "" : action->detail);
    text_add(out, text_get(&words));
    text_fini(&words);
}

struct step_counts step_count_all(const struct result *result)
{
    struct step_counts counts = {0};
    for (uint32_t g = 0; g < result->roster->group_count; g++) {
        for (uint32_t i = 0; i < result->roster->groups[g].step_count; i++) {
            const struct result_step *step = result_step(result, g, i);
            counts.done += step->done;
            counts.failed += step->failed;
            counts.skipped += step->skipped;
        }
    }
    return counts;
}
