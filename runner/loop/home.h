/*
 * home: the memory homes of sofia-sip. What a message, a transaction or a dialog of the stack takes
 * is told to a home, and goes with it. The library has a table of all blocks in each home, of at
 * least 570 octets, which it fills and empties, and makes anew four times as large: a tenth of what
 * a call costs the stack. Here a home is a ring of its blocks, which know their neighbours. The
 * library calls all of its su_alloc.c through its PLT; home.c and home_block.c define all of that,
 * for they cannot be mixed. What they do is what <sofia-sip/su_alloc.h> says. Where the library was
 * linked so that it calls its own, they are not built (ci/cmake/CmtestHomes.cmake).
 */
#ifndef CMTEST_HOME_H
#define CMTEST_HOME_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sofia-sip/su_alloc.h>

/* In front of what was asked for. */
struct block {
    struct block *next;
    uintptr_t before; /* its address; the lowest bit: it is a home */
};

struct su_block_s {
    struct block ring;
    su_home_t *parent;
    void (*destructor)(void *);
    size_t references;
    bool foreign;   /* the home itself is somebody else's memory */
    bool has_homes; /* some of the blocks may be homes */
};

/* A home that is ours: in one piece with what belongs to it. */
struct whole {
    su_block_t blocks;
    struct block block;
    _Alignas(16) su_home_t home[];
};

struct su_alock {
    pthread_mutex_t blocks;
    pthread_mutex_t user; /* su_home_lock() */
};

_Static_assert(sizeof(struct block) == 16, "what follows is aligned as malloc() does it");
_Static_assert(offsetof(struct whole, home) == offsetof(struct whole, block) + sizeof(struct block),
               "a home is what follows a block");

#define HOME ((uintptr_t)1)

static inline struct block *block_of(const void *data)
{
    return (struct block *)(uintptr_t)data - 1;
}

static inline struct whole *whole_of(const void *home)
{
    return (struct whole *)((char *)(uintptr_t)home - offsetof(struct whole, home));
}

void home_lock(const su_home_t *home);
void home_unlock(const su_home_t *home);
/* Makes the ring. */
void home_begin(su_block_t *blocks);
void home_link(su_block_t *blocks, struct block *block);
void home_unlink(struct block *block);
/* It is in no ring any more. */
void home_give_back(struct block *block);
/* All that is in a home. */
void home_empty(su_home_t *home);
/* As su_home_move(), of homes that have blocks. */
void home_splice(su_home_t *to, su_home_t *from);

#endif
