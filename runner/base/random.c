#include "cmtest/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* splitmix64 (Vigna) spreads a small seed over the whole state. */
static uint64_t split(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void random_init(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = split(&seed);
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t random_below(struct random *random, uint64_t limit)
{
    /* Rejection keeps it uniform. */
    uint64_t threshold = -limit % limit, value;
    do
        value = random_next(random);
    while (value < threshold);
    return value % limit;
}

double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

static void kernel_bytes(void *to, size_t length)
{
    unsigned char *bytes = to;
    while (length) {
        ssize_t got = getrandom(bytes, length > 256 ? 256 : length, 0);
        if (got < 0) {
            perror("cmtest: getrandom");
            exit(70);
        }
        bytes += got;
        length -= (size_t)got;
    }
}

void random_secret(char *out, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[64];
    for (size_t i = 0; i < length; i++) {
        if (i % sizeof bytes == 0)
            kernel_bytes(bytes, length - i < sizeof bytes ? length - i : sizeof bytes);
        out[i] = hex[bytes[i % sizeof bytes] & 15];
    }
    out[length] = '\0';
    explicit_bzero(bytes, sizeof bytes);
}

uint64_t random_seed(void)
{
    uint64_t seed;
    kernel_bytes(&seed, sizeof seed);
    return seed;
}
