/* A step in words, the same in the plan, on the timeline and in the reports. */
#include "cmtest/scenario.h"

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

static const char *comma(const struct text *out)
{
    return out->length ? ", " : "";
}

void step_describe_expected(const struct step *step, struct text *out)
{
    const struct step_expect *expect = &step->expect;
    struct text words = {0};
    if (expect->status)
        text_printf(&words, "status %u", expect->status);
    if (expect->direction)
        text_printf(&words, "%s%s", comma(&words), expect->direction);
    if (expect->codec)
        text_printf(&words, "%s%s", comma(&words), expect->codec);
    if (expect->within_ns)
        text_printf(&words, "%swithin %g s", words.length ? " " : "",
                    (double)expect->within_ns / 1e9);
    text_add(out, text_get(&words));
    text_fini(&words);
}
