/* A packet for each suite: 1 byte (RTCP or not, how to spoil it), then the packet. It is taken as
 * it is, and, protected by the other end and spoiled in one byte, once more. */
#include "fuzz.h"

#include "cmtest/keying.h"

#include <string.h>

extern const struct keying keying_sdes;

#define ROOM 2048

static void check(const struct suite *suite, bool rtcp, uint8_t spoil, const uint8_t *bytes,
                  size_t length)
{
    struct keying_config config = {.row = &keying_sdes};
    config.local.suite = config.remote.suite = suite;
    memset(config.local.bytes, 1, sizeof config.local.bytes);
    memset(config.remote.bytes, 1, sizeof config.remote.bytes);
    struct keying_state *state = keying_new(&config, 0);
    uint8_t *copy = malloc(length + SUITE_TRAILER_MAX);
    ALWAYS(copy && keying_ready(state));
    size_t size = length;
    if (length)
        memcpy(copy, bytes, length);
    /* Nobody finds the key by chance: 32 bits of a tag are the least. */
    enum keying_status status = keying_unprotect(state, rtcp, copy, &size, 0);
    ALWAYS(status != KEYING_OK && status != KEYING_NO_ROOM);
    size = length;
    if (length)
        memcpy(copy, bytes, length);
    if (keying_protect(state, rtcp, copy, &size, length + SUITE_TRAILER_MAX) == KEYING_OK) {
        uint8_t sealed[ROOM];
        size_t whole = size;
        ALWAYS(size > length && size <= length + SUITE_TRAILER_MAX);
        memcpy(sealed, copy, whole);
        copy[spoil % whole] ^= 1;
        ALWAYS(keying_unprotect(state, rtcp, copy, &size, 0) != KEYING_OK);
        size = whole;
        ALWAYS(keying_unprotect(state, rtcp, sealed, &size, 0) == KEYING_OK);
        ALWAYS(size == length && memcmp(sealed, bytes, length) == 0);
    }
    free(copy);
    keying_free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 1 || length > ROOM - SUITE_TRAILER_MAX)
        return -1;
    for (size_t i = 0; suites[i]; i++)
        check(suites[i], bytes[0] & 1, bytes[0] >> 1, bytes + 1, length - 1);
    return 0;
}
