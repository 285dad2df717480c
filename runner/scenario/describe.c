/* A step in words, the same in the plan, on the timeline and in the reports. */
#include "player_private.h"

void step_describe_trigger(const struct script *script, uint32_t index, struct text *out)
{
    const struct step *step = &script->steps[index];
    if (step->when == STEP_ON)
        text_printf(out, "on %s", step->on->choice.word);
    else if (step->when == STEP_AFTER)
        text_printf(out, "after %s", script->steps[step->after].name);
    else
        text_printf(out, "at %g s%s", (double)step->at_ns / 1e9,
                    step->from == OCCURRED_REGISTERING ? " from registration"
                    : step->from == OCCURRED_RINGING   ? " from ringing"
                                                       : "");
}

void step_describe_expected(const struct step *step, struct text *out)
{
    char words[sizeof((struct event_action *)0)->expected];
    expectation_text(&step->expect, words, sizeof words);
    text_add(out, words);
}
