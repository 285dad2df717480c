#include "cmtest/spool.h"
#include "cmtest/arena.h"
#include "lock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct heap {
    uint8_t *bytes;
    size_t length, capacity;
    uint32_t count;
};

/* As a mailbox: those who put fill one under the lock, the other is read without it. */
struct spool {
    pthread_mutex_t lock;
    size_t limit;
    uint64_t refused;
    int wake;
    struct heap filling, taken;
};

struct spool *spool_new(size_t limit)
{
    struct spool *spool = mem_alloc(sizeof *spool);
    lock_init(&spool->lock);
    spool->limit = limit;
    spool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return spool;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    if (spool->wake >= 0)
        close(spool->wake);
    pthread_mutex_destroy(&spool->lock);
    free(spool->filling.bytes);
    free(spool->taken.bytes);
    free(spool);
}

static void add(struct heap *heap, const struct spool_part *parts, size_t count, size_t length)
{
    if (heap->length + length > heap->capacity) {
        while (heap->length + length > heap->capacity)
            heap->capacity = heap->capacity ? heap->capacity * 2 : 65536;
        heap->bytes = mem_grow(heap->bytes, heap->capacity, 1);
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(heap->bytes + heap->length, parts[i].bytes, parts[i].length);
        heap->length += parts[i].length;
    }
    heap->count++;
}

bool spool_put(struct spool *spool, const struct spool_part *parts, size_t count, bool urgent)
{
    size_t length = 0;
    uint64_t one = 1;
    for (size_t i = 0; i < count; i++)
        length += parts[i].length;
    pthread_mutex_lock(&spool->lock);
    bool fits = urgent || spool->filling.length + length <= spool->limit;
    if (fits)
        add(&spool->filling, parts, count, length);
    else
        spool->refused++;
    pthread_mutex_unlock(&spool->lock);
    while (urgent && write(spool->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
    return fits;
}

size_t spool_take(struct spool *spool, const uint8_t **bytes, uint32_t *count)
{
    uint64_t ignored;
    while (read(spool->wake, &ignored, sizeof ignored) < 0 && errno == EINTR)
        ;
    spool->taken.length = 0;
    spool->taken.count = 0;
    pthread_mutex_lock(&spool->lock);
    struct heap swap = spool->filling;
    spool->filling = spool->taken;
    spool->taken = swap;
    pthread_mutex_unlock(&spool->lock);
    *bytes = spool->taken.bytes;
    *count = spool->taken.count;
    return spool->taken.length;
}

uint64_t spool_refused(struct spool *spool)
{
    pthread_mutex_lock(&spool->lock);
    uint64_t refused = spool->refused;
    pthread_mutex_unlock(&spool->lock);
    return refused;
}

int spool_fd(const struct spool *spool)
{
    return spool->wake;
}
