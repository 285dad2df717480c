/*
 * recorder: what one endpoint heard, as a WAV file of 16-bit mono samples. Files are made when the
 * first sample comes. Whatever goes wrong is told once and ends the recording, never the call.
 *
 * One thread (the media thread) owns recorders and the budget that they share.
 */
#ifndef CMTEST_RECORDER_H
#define CMTEST_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/text.h"

/* 256 MiB: four hours and a half at 8000 samples per second. */
#define RECORDER_BYTES_USUAL (UINT64_C(256) << 20)

/* Of all recorders of a run; bytes is what is left. */
struct recorder_budget {
    uint64_t bytes;
};

struct recorder; /* opaque: runner/media/recorder.c */

/* folder exists or is made, one level deep. name: of the endpoint, any text; the file is
 * <folder>/<name>.wav with '-' for whatever is not a letter, digit, '.', '_' or '-', at most 100
 * bytes, and never begins with a dot. It replaces a regular file of that name and follows no
 * symbolic link. budget outlives it. */
struct recorder *recorder_new(const char *folder, const char *name, uint32_t sample_rate,
                              struct recorder_budget *budget);
/* false: nothing is recorded any more; recorder_why() says why. */
bool recorder_write(struct recorder *recorder, const int16_t *samples, size_t count);
/* A sentence without a dot; NULL: all is well. Borrowed. */
const char *recorder_why(const struct recorder *recorder);
const char *recorder_path(const struct recorder *recorder);
/* Of what was written so far; 0: there is no file. */
int64_t recorder_duration_ns(const struct recorder *recorder);
/* Ends it for that reason, when it has not ended. */
void recorder_end(struct recorder *recorder, const char *why);
/* Completes the file. A file without samples is not left behind. */
void recorder_free(struct recorder *recorder);

#endif
