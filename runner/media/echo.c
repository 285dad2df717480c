#include "echo.h"
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"

/* More would be delay that nobody asked for. */
#define KEPT 8

struct echo {
    size_t first, count;
    size_t lengths[KEPT];
    uint8_t payloads[KEPT][CODEC_FRAME_MAX];
};

struct echo *echo_new(void)
{
    return mem_alloc(sizeof(struct echo));
}

void echo_free(struct echo *echo)
{
    free(echo);
}

void echo_put(struct echo *echo, const uint8_t *payload, size_t length)
{
    if (length == 0 || length > CODEC_FRAME_MAX)
        return;
    if (echo->count == KEPT) {
        echo->first = (echo->first + 1) % KEPT;
        echo->count--;
    }
    size_t at = (echo->first + echo->count++) % KEPT;
    memcpy(echo->payloads[at], payload, length);
    echo->lengths[at] = length;
}

bool echo_take(struct echo *echo, const uint8_t **payload, size_t *length)
{
    if (echo->count == 0)
        return false;
    *payload = echo->payloads[echo->first];
    *length = echo->lengths[echo->first];
    echo->first = (echo->first + 1) % KEPT;
    echo->count--;
    return true;
}
