/* What is allocated in a home. */
#include "home.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static struct block *before(const struct block *block)
{
    return (struct block *)(block->before & ~HOME);
}

static void set_before(struct block *block, struct block *to)
{
    block->before = (uintptr_t)to | (block->before & HOME);
}

void home_link(su_block_t *blocks, struct block *block)
{
    block->next = blocks->ring.next;
    set_before(block, &blocks->ring);
    set_before(block->next, block);
    blocks->ring.next = block;
}

void home_unlink(struct block *block)
{
    before(block)->next = block->next;
    set_before(block->next, before(block));
}

void home_lock(const su_home_t *home)
{
    if (home->suh_lock)
        pthread_mutex_lock(&home->suh_lock->blocks);
}

void home_unlock(const su_home_t *home)
{
    if (home->suh_lock)
        pthread_mutex_unlock(&home->suh_lock->blocks);
}

void home_begin(su_block_t *blocks)
{
    blocks->ring.next = &blocks->ring;
    set_before(&blocks->ring, &blocks->ring);
    blocks->references = 1;
}

static void *take(su_home_t *home, size_t size, bool zeroed)
{
    size_t whole = sizeof(struct block) + size;
    if (size > INT_MAX) {
        errno = ENOMEM;
        return NULL;
    }
    if (!home)
        return zeroed ? calloc(1, size) : malloc(size);
    if (!home->suh_blocks && su_home_init(home) < 0)
        return NULL;
    struct block *block = zeroed ? calloc(1, whole) : malloc(whole);
    if (!block)
        return NULL;
    block->before = 0;
    home_lock(home);
    home_link(home->suh_blocks, block);
    home_unlock(home);
    return block + 1;
}

void *su_alloc(su_home_t *home, isize_t size)
{
    return take(home, (size_t)size, false);
}

void *su_zalloc(su_home_t *home, isize_t size)
{
    return take(home, (size_t)size, true);
}

void *su_salloc(su_home_t *home, isize_t size)
{
    int *data = take(home, size < (isize_t)sizeof *data ? sizeof *data : (size_t)size, true);
    if (data)
        *data = (int)size;
    return data;
}

void home_give_back(struct block *block)
{
    if (!(block->before & HOME)) {
        free(block);
        return;
    }
    struct whole *whole = whole_of(block + 1);
    if (whole->home->suh_blocks)
        home_empty(whole->home);
    free(whole);
}

void su_free(su_home_t *home, void *data)
{
    if (!data)
        return;
    if (!home) {
        free(data);
        return;
    }
    home_lock(home);
    home_unlink(block_of(data));
    home_unlock(home);
    home_give_back(block_of(data));
}

void *su_realloc(su_home_t *home, void *data, isize_t size)
{
    if (!home)
        return realloc(data, (size_t)size);
    if (!data)
        return take(home, (size_t)size, false);
    if (size <= 0) {
        if (size == 0)
            su_free(home, data);
        return NULL;
    }
    home_lock(home);
    struct block *block = realloc(block_of(data), sizeof *block + (size_t)size);
    if (block) {
        before(block)->next = block;
        set_before(block->next, block);
    }
    home_unlock(home);
    return block ? block + 1 : NULL;
}

int su_home_check_alloc(su_home_t const *home, void const *data)
{
    if (!home || !data || !home->suh_blocks)
        return 0;
    home_lock(home);
    const struct block *ring = &home->suh_blocks->ring, *at = ring->next;
    while (at != ring && at + 1 != data)
        at = at->next;
    home_unlock(home);
    return at != ring;
}

int su_in_home(su_home_t *home, void const *data)
{
    return su_home_check_alloc(home, data);
}

void home_splice(su_home_t *to, su_home_t *from)
{
    struct block *ring = &from->suh_blocks->ring, *into = &to->suh_blocks->ring;
    if (ring->next == ring)
        return;
    for (struct block *at = ring->next; from->suh_blocks->has_homes && at != ring; at = at->next)
        if (at->before & HOME)
            whole_of(at + 1)->blocks.parent = to;
    to->suh_blocks->has_homes |= from->suh_blocks->has_homes;
    struct block *first = ring->next, *last = before(ring);
    last->next = into->next;
    set_before(into->next, last);
    into->next = first;
    set_before(first, into);
    ring->next = ring;
    set_before(ring, ring);
}
