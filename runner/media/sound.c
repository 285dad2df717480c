#include "sound.h"

#include <string.h>

static void keep(struct sound *sound, bool audio, int64_t at_ns)
{
    if (sound->count == SOUND_CHANGES)
        memmove(sound->changes, sound->changes + 1, --sound->count * sizeof sound->changes[0]);
    sound->changes[sound->count++] = (struct sound_change){audio, at_ns};
}

void sound_hear(struct sound *sound, int64_t at_ns, int64_t length_ns, bool audio)
{
    if (audio != sound->run_audio)
        sound->run_ns = 0;
    sound->run_audio = audio;
    sound->run_ns += length_ns;
    if ((sound->known && sound->audio == audio) ||
        sound->run_ns < (audio ? SOUND_AUDIO_NS : SOUND_PAUSE_NS))
        return;
    sound->known = true;
    sound->audio = audio;
    keep(sound, audio, at_ns + length_ns - sound->run_ns);
}

bool sound_take(struct sound *sound, struct sound_change *change)
{
    if (!sound->count)
        return false;
    *change = sound->changes[0];
    memmove(sound->changes, sound->changes + 1, --sound->count * sizeof sound->changes[0]);
    return true;
}
