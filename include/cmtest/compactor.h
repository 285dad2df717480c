/*
 * compactor: makes the messages small that endpoints keep while they wait or are in a call.
 *
 * The messages of all endpoints of a thread are much alike, so some of them are the pattern that
 * the others are packed by, to a tenth of their room. Who rests for a moment only is never packed:
 * that takes more time than to keep a message.
 */
#ifndef CMTEST_COMPACTOR_H
#define CMTEST_COMPACTOR_H

struct compactor;

/* Of one thread; endpoint_config has it, and it is freed behind its endpoints. */
struct compactor *compactor_new(void);
void compactor_free(struct compactor *compactor);

#endif
