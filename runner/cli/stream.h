/*
 * stream: where the lines of --events go: a file, "-" (stdout) or "fd:N". A reader that is slow
 * never makes calls wait: lines beyond STREAM_BYTES_MAX are dropped, counted, and told in the last
 * one.
 */
#ifndef CMTEST_CLI_STREAM_H
#define CMTEST_CLI_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/text.h"

#define STREAM_BYTES_MAX (8 * 1024 * 1024)

struct stream;

/* NULL after a sentence on stderr. */
struct stream *stream_open(const char *where);
/* What was added by event_line() goes here; out is cleared. */
void stream_put(struct stream *stream, struct text *lines);
/* As much as can be written without waiting. */
void stream_flush(struct stream *stream);
uint64_t stream_lost(const struct stream *stream);
/* Waits a little for the reader, and frees. false after a sentence: not all was written. */
bool stream_close(struct stream *stream);

#endif
