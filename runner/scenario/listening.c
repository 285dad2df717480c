#include "listening.h"

#include <string.h>

void listening_hear(struct listening *listening, int64_t at_ns, bool audio)
{
    if (listening->known && listening->audio == audio)
        return;
    listening->known = true;
    listening->audio = audio;
    listening->since_ns = at_ns;
    listening->turn++;
}

int64_t listening_due(const struct listening *listening, bool audio, int64_t from_ns,
                      int64_t length_ns)
{
    if (!listening->known || listening->audio != audio)
        return INT64_MAX;
    return (listening->since_ns > from_ns ? listening->since_ns : from_ns) + length_ns;
}

bool listening_for_audio(const struct step *step, bool by_action)
{
    const char *word = step_text(step, "for");
    return by_action ? !word || strcmp(word, "silence") != 0 : step->on->kind == OCCURRED_AUDIO;
}

int64_t listening_length(const struct step *step, bool by_action)
{
    return step_duration(step, "lasting",
                         listening_for_audio(step, by_action) ? LISTENING_AUDIO_NS
                                                              : LISTENING_SILENCE_NS);
}

int64_t listening_patience(const struct step *step)
{
    return step_duration(step, "timeout", LISTENING_PATIENCE_NS);
}

const char *listening_word(const struct listening *listening)
{
    return !listening->known ? "nothing" : listening->audio ? "audio" : "silence";
}
