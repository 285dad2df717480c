/*
 * random: a small seeded generator (xoshiro256**, Blackman & Vigna 2018) for what must be
 * repeatable with a seed: SSRCs, first sequence numbers, RTCP intervals. Not for secrets:
 * random_secret() asks the kernel. A struct random has one thread at a time.
 */
#ifndef CMTEST_RANDOM_H
#define CMTEST_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);
/* Uniform in 0..limit-1, limit >= 1. */
uint64_t random_below(struct random *random, uint64_t limit);
/* Uniform in [0, 1). */
double random_unit(struct random *random);

/* Cryptographic: length hex digits and a NUL into out (length+1 bytes). */
void random_secret(char *out, size_t length);
/* A 64-bit seed from the kernel. */
uint64_t random_seed(void);

#endif
