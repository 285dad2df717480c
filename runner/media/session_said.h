/*
 * session_said: what our own last description holds an offer or answer after it to: which m= lines
 * there are, which of them is our stream, and what its payload numbers mean. Every argument is text
 * that runner/media/sdp.c wrote, or NULL before there is any.
 */
#ifndef MEDIA_SESSION_SAID_H
#define MEDIA_SESSION_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

unsigned said_count(const char *said);
/* The index-th m= line, without its end; NULL when there are fewer. */
const char *said_line(const char *said, unsigned index, size_t *length);
/* The index of the line that is our stream: the one with a port, else the first of audio, else the
 * one behind the last. */
unsigned said_slot(const char *said);
/* The number that a codec has there, or -1. */
int said_number(const char *said, const char *encoding, uint32_t clock_rate);
/* Whether a number is taken by some codec there. */
bool said_has_number(const char *said, unsigned number);

#endif
