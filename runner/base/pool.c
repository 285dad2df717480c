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

struct block {
    struct block *next;
    char *memory;
};

struct free_place {
    struct free_place *next;
};

struct pool {
    size_t size;
    struct block *blocks;
    char *rest; /* of the newest block, so many places */
    size_t left;
    struct free_place *free;
};

struct pool *pool_new(size_t size)
{
    struct pool *pool = mem_alloc(sizeof *pool);

    pool->size = (size + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN;
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
    for (struct block *block = pool->blocks, *next; block; block = next) {
        next = block->next;
        free(block->memory);
        free(block);
    }
    free(pool);
}

static void add_block(struct pool *pool)
{
    size_t few = FIRST_PLACES * pool->size;
    bool huge = pool->blocks || few > HUGE_BYTES;
    size_t bytes = !huge ? few : (pool->size + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    struct block *block = mem_alloc(sizeof *block);

    block->memory = aligned_alloc(huge ? HUGE_BYTES : POOL_ALIGN, bytes);
    if (!block->memory) {
        fprintf(stderr, "cmtest: out of memory (%zu bytes)\n", bytes);
        exit(70);
    }
    /* Refused or not, it works on. */
    if (huge)
        (void)!madvise(block->memory, bytes, MADV_HUGEPAGE);
    block->next = pool->blocks;
    pool->blocks = block;
    pool->rest = block->memory;
    pool->left = bytes / pool->size;
}

void *pool_take(struct pool *pool)
{
    void *place = pool->free;

    if (place) {
        ALLOW(place, pool->size);
        pool->free = pool->free->next;
    } else {
        if (!pool->left)
            add_block(pool);
        place = pool->rest;
        pool->rest += pool->size;
        pool->left--;
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
