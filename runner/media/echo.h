/*
 * echo: payloads that wait to be sent back. A few; when more come, the oldest is lost. Private to
 * the stream.
 */
#ifndef MEDIA_ECHO_H
#define MEDIA_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct echo;
struct echo *echo_new(void);
void echo_free(struct echo *echo);
/* Copied; what is empty or longer than CODEC_FRAME_MAX is not kept. */
void echo_put(struct echo *echo, const uint8_t *payload, size_t length);
/* The oldest, borrowed until the next put. false: there is none. */
bool echo_take(struct echo *echo, const uint8_t **payload, size_t *length);

#endif
