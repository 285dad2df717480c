#include "sound.h"
#include "cmtest/level.h"

#include <math.h>
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

bool sound_is_audio(const int16_t *samples, size_t count)
{
    static const double full = 32768.0 * 32768.0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (int32_t)samples[i] * samples[i];
    return count && (double)sum / (double)count >= full * pow(10, LEVEL_SILENCE_DBOV / 10);
}
