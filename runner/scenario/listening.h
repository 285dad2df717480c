/*
 * listening: what the player knows of the sound of the peer, and when a step that waits for audio
 * or silence has it. Pure. Private to the player.
 */
#ifndef SCENARIO_LISTENING_H
#define SCENARIO_LISTENING_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/scenario.h"

/* How long it must last when the spec does not say: a click is no audio, and the pause between two
 * sentences no end of a prompt. */
#define LISTENING_AUDIO_NS INT64_C(100000000)
#define LISTENING_SILENCE_NS INT64_C(1000000000)
#define LISTENING_PATIENCE_NS INT64_C(10000000000)

/* Zeroed to begin: nothing was heard yet, which is not silence. */
struct listening {
    bool known, audio;
    int64_t since_ns;
    uint32_t turn; /* counts the changes */
};

void listening_hear(struct listening *listening, int64_t at_ns, bool audio);
/* When that will have lasted for so long behind from_ns; INT64_MAX: it is not so now. */
int64_t listening_due(const struct listening *listening, bool audio, int64_t from_ns,
                      int64_t length_ns);
/* What a trigger or, by_action, the action of a step waits for, and how long that must last. */
bool listening_for_audio(const struct step *step, bool by_action);
int64_t listening_length(const struct step *step, bool by_action);
int64_t listening_patience(const struct step *step);
/* What is heard, in words. */
const char *listening_word(const struct listening *listening);

#endif
