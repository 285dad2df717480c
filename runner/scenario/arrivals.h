/* The digits that came to the partner, and whose they are. */
#ifndef CMTEST_ARRIVALS_H
#define CMTEST_ARRIVALS_H

#include "player_private.h"

/* Zeroed: none has come. */
struct arrivals {
    struct arrival ring[ARRIVED_MAX]; /* the n-th at n % ARRIVED_MAX */
    uint64_t count, came[DIGIT_METHODS];
    uint64_t claimed[DIGIT_METHODS]; /* the digits before that number are of steps that began */
    int64_t claimed_ns;              /* what has not come until then will not come */
};

void arrivals_add(struct arrivals *arrivals, enum digit_method method, char digit,
                  int64_t duration_ns);
/* A step begins: *from becomes the number of the first digit that can be its own. What it sends
 * comes behind what was sent before: digits that are still on their way are of earlier steps, and
 * one that gets lost cannot be made up for by one of a later step. awaited: an earlier step still
 * waits for its own. */
void arrivals_claim(struct arrivals *arrivals, int64_t now, const struct step *step, bool awaited,
                    uint64_t from[DIGIT_METHODS]);
/* The step that claimed last, from there on, sends nothing. */
void arrivals_unclaim(struct arrivals *arrivals, const uint64_t from[DIGIT_METHODS]);
/* By what its digits may come, 1 << method each: those it sends by, and those that no step of the
 * script sends by, for what is between the phones may turn one into the other. */
unsigned arrivals_methods(const struct script *script, const struct step *step);
/* Those from there on that came by one of the methods, as far as they were kept. */
size_t arrivals_since(const struct arrivals *arrivals, const uint64_t from[DIGIT_METHODS],
                      unsigned methods, struct arrival out[ARRIVED_MAX]);

#endif
