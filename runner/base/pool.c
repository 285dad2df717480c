#include "cmtest/pool.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cmtest/arena.h"

/* What is given back is nobody's: a memory checker is to see who still uses it. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define FORBID(place, size) ASAN_POISON_MEMORY_REGION(place, size)
#define ALLOW(place, size) ASAN_UNPOISON_MEMORY_REGION(place, size)
#else
#define FORBID(place, size) ((void)(place), (void)(size))
#define ALLOW(place, size) ((void)(place), (void)(size))
#endif

#define HUGE_BYTES ((size_t)2 << 20)
/* What a small run needs is not worth a large page. */
#define FIRST_PLACES 16

struct pool_block {
    struct pool_block *next;
    char *memory;
    size_t places;
};

struct free_place {
    struct free_place *next;
};

struct pool {
    size_t size;
    struct pool_block *blocks; /* the oldest first */
    struct pool_block *fresh;  /* the one that places are taken of */
    size_t taken;              /* of it */
    struct free_place *free;
};

static size_t place_bytes(size_t size)
{
    return (size + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN;
}

struct pool *pool_new(size_t size)
{
    struct pool *pool = mem_alloc(sizeof *pool);

    pool->size = place_bytes(size);
    return pool;
}

static void forget_free(struct pool *pool)
{
    while (pool->free) {
        struct free_place *place = pool->free;
        ALLOW(place, pool->size);
        pool->free = place->next;
    }
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    forget_free(pool);
    for (struct pool_block *block = pool->blocks, *next; block; block = next) {
        next = block->next;
        pool_block_free(block);
    }
    free(pool);
}

struct pool_block *pool_block_new(size_t size, bool few, size_t *places)
{
    struct pool_block *block = mem_alloc(sizeof *block);
    size_t each = place_bytes(size), bytes = FIRST_PLACES * each;
    bool huge = !few || bytes > HUGE_BYTES;

    if (huge)
        bytes = (each + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    block->memory = aligned_alloc(huge ? HUGE_BYTES : POOL_ALIGN, bytes);
    if (!block->memory) {
        fprintf(stderr, "cmtest: out of memory (%zu bytes)\n", bytes);
        exit(70);
    }
    /* Refused or not, it works on. */
    if (huge)
        (void)!madvise(block->memory, bytes, MADV_HUGEPAGE);
    memset(block->memory, 0, bytes);
    *places = block->places = bytes / each;
    return block;
}

void pool_block_free(struct pool_block *block)
{
    if (block)
        free(block->memory);
    free(block);
}

void pool_add(struct pool *pool, struct pool_block *block)
{
    struct pool_block **last = &pool->blocks;

    while (*last)
        last = &(*last)->next;
    *last = block;
    if (!pool->fresh)
        pool->fresh = block;
}

/* A place that was never taken; NULL: there is none. */
static void *fresh_place(struct pool *pool)
{
    while (pool->fresh && pool->taken == pool->fresh->places) {
        pool->fresh = pool->fresh->next;
        pool->taken = 0;
    }
    return pool->fresh ? pool->fresh->memory + pool->size * pool->taken++ : NULL;
}

void *pool_take(struct pool *pool)
{
    void *place = pool->free;

    if (place) {
        ALLOW(place, pool->size);
        pool->free = pool->free->next;
    } else if (!(place = fresh_place(pool))) {
        size_t places;
        pool_add(pool, pool_block_new(pool->size, !pool->blocks, &places));
        place = fresh_place(pool);
    }
    return memset(place, 0, pool->size);
}

void pool_give(struct pool *pool, void *place)
{
    struct free_place *given = place;

    if (!given)
        return;
    given->next = pool->free;
    pool->free = given;
    FORBID(given, pool->size);
}
