/*
 * spool: the queue of bytes behind the door of a process. Many threads put, one takes.
 *
 * spool_put never waits for whoever takes. It is bounded: what does not fit is refused, and
 * counted.
 */
#ifndef CMTEST_SPOOL_H
#define CMTEST_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool;

struct spool_part {
    const void *bytes;
    size_t length;
};

/* limit: bytes that may wait. */
struct spool *spool_new(size_t limit);
void spool_free(struct spool *spool);
/* Any thread. The parts go together, one behind the other. urgent: spool_fd() becomes readable, and
 * it is never refused: what cannot be done without. false: there is no room. */
bool spool_put(struct spool *spool, const struct spool_part *parts, size_t count, bool urgent);
/* All that was put so far, borrowed until the next call; *count: how many times. */
size_t spool_take(struct spool *spool, const uint8_t **bytes, uint32_t *count);
/* How many were refused, so far. */
uint64_t spool_refused(struct spool *spool);
/* To be polled; readable when something urgent waits, until the next spool_take(). */
int spool_fd(const struct spool *spool);

#endif
