/*
 * sound: whether what a listener hears is audio or silence. Told block by block what was played, it
 * tells when one became the other. Shorter than SOUND_AUDIO_NS is a click, and shorter than
 * SOUND_PAUSE_NS a pause between two syllables: neither changes anything. No clock, no allocation.
 */
#ifndef MEDIA_SOUND_H
#define MEDIA_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOUND_AUDIO_NS INT64_C(40000000)
#define SOUND_PAUSE_NS INT64_C(120000000)
#define SOUND_CHANGES 4

struct sound_change {
    bool audio; /* else silence */
    int64_t at_ns;
};

/* Zeroed to begin: then neither is known. */
struct sound {
    bool known, audio;                          /* as it is */
    bool run_audio;                             /* what the last blocks are, ... */
    int64_t run_ns;                             /* ... and how long */
    struct sound_change changes[SOUND_CHANGES]; /* that nobody took; the newest are kept */
    unsigned count;
};

/* A block of 10 ms or so, in order. at_ns: when it is heard. */
void sound_hear(struct sound *sound, int64_t at_ns, int64_t length_ns, bool audio);
/* The next change that nobody took, and when it began. */
bool sound_take(struct sound *sound, struct sound_change *change);

#endif
