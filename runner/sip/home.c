/* Memory homes of the stack: what each of its objects and messages is made of.
 *
 * sofia-sip keeps a table in every home, by address, of all that is in it: half a kilobyte for a
 * home of nothing, two from the twenty-first piece on, and a message is a home of twenty. A call
 * leaves a dozen messages in the transactions of the stack for half a minute, which makes these
 * tables the largest thing that an endpoint costs. Here the pieces of a home are linked to each
 * other. The functions are those of su_alloc.h and mean the same; beside statistics, which nobody
 * asks for, they are all that look into a home, so that no other of the library meets one. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The library calls it by its old name, too. */
#define su_home_desctructor su_home_desctructor
#include <sofia-sip/su_alloc.h>

/* Of the library, for homes that threads share; set by its su_home_threadsafe(). */
extern int (*_su_home_locker)(void *mutex);
extern int (*_su_home_unlocker)(void *mutex);
extern void (*_su_home_destroy_mutexes)(void *mutex);

/* A home's own part. */
struct su_block_s {
    su_home_t *parent; /* that it is a piece of; NULL */
    void (*destructor)(void *);
    size_t references;
    struct piece *pieces;
    bool theirs; /* the home itself is not ours to free */
    bool inside; /* this is a part of the home's own memory */
};

/* In front of what was asked for. */
struct piece {
    struct piece *next;
    uintptr_t before; /* address of the pointer to this one; the lowest bit: it is a home itself */
};

#define IS_HOME ((uintptr_t)1)

/* REF_MAX of the library, which no home reaches by itself. */
#define ALL_REFERENCES SIZE_MAX

static struct piece *piece_of(const void *data)
{
    return (struct piece *)(uintptr_t)data - 1;
}

static bool is_home(const struct piece *piece)
{
    return piece->before & IS_HOME;
}

static void put_in(struct su_block_s *block, struct piece *piece, uintptr_t mark)
{
    piece->next = block->pieces;
    piece->before = (uintptr_t)&block->pieces | mark;
    if (piece->next)
        piece->next->before = (uintptr_t)&piece->next | (piece->next->before & IS_HOME);
    block->pieces = piece;
}

static void take_out(struct piece *piece)
{
    *(struct piece **)(piece->before & ~IS_HOME) = piece->next;
    if (piece->next)
        piece->next->before = (piece->before & ~IS_HOME) | (piece->next->before & IS_HOME);
}

static struct su_block_s *enter(const su_home_t *home)
{
    if (home->suh_lock)
        _su_home_locker(home->suh_lock);
    return home->suh_blocks;
}

static void leave(const su_home_t *home)
{
    if (home->suh_lock)
        _su_home_unlocker(home->suh_lock);
}

static struct su_block_s *block_new(bool theirs)
{
    struct su_block_s *block = calloc(1, sizeof *block);
    if (block) {
        block->references = 1;
        block->theirs = theirs;
    }
    return block;
}

static void empty(su_home_t *home)
{
    struct su_block_s *block = home->suh_blocks;
    void *lock = home->suh_lock;
    if (!block)
        return;
    home->suh_lock = NULL;
    void (*destructor)(void *) = block->destructor;
    block->destructor = NULL;
    if (destructor)
        destructor(home);
    while (block->pieces) {
        struct piece *piece = block->pieces;
        take_out(piece);
        if (is_home(piece))
            empty((su_home_t *)(piece + 1));
        free(piece);
    }
    if (!block->inside)
        free(block);
    home->suh_blocks = NULL;
    if (lock) {
        _su_home_unlocker(lock);
        _su_home_destroy_mutexes(lock);
    }
}

/* ---- homes ----------------------------------------------------------------------------------- */

static bool holds_home(size_t size)
{
    if (size >= sizeof(su_home_t) && size <= INT_MAX)
        return true;
    errno = size > INT_MAX ? ENOMEM : EINVAL;
    return false;
}

void *su_home_new(isize_t size)
{
    su_home_t *home = holds_home((size_t)size) ? calloc(1, (size_t)size) : NULL;
    if (home && !(home->suh_blocks = block_new(false))) {
        free(home);
        return NULL;
    }
    if (home)
        home->suh_size = (int)size;
    return home;
}

su_home_t *su_home_create(void)
{
    return su_home_new(sizeof(su_home_t));
}

int su_home_init(su_home_t *home)
{
    if (!home)
        return -1;
    home->suh_lock = NULL;
    home->suh_blocks = block_new(true);
    return home->suh_blocks ? 0 : -1;
}

/* A home in memory of the caller's, who may not empty it when nothing is in it. */
su_home_t *su_home_auto(void *area, isize_t size)
{
    su_home_t *home = area;
    struct su_block_s *block = (struct su_block_s *)(home + 1);
    if (!home || (size_t)size < sizeof *home + sizeof *block)
        return NULL;
    *home = (su_home_t){.suh_size = (int)size, .suh_blocks = block};
    *block = (struct su_block_s){.references = 1, .theirs = true, .inside = true};
    return home;
}

void su_home_preload(su_home_t *home, isize_t count, isize_t size)
{
    (void)count;
    (void)size;
    if (home && !home->suh_blocks)
        su_home_init(home);
}

void *su_home_ref(const su_home_t *home)
{
    if (!home) {
        errno = EFAULT;
        return NULL;
    }
    struct su_block_s *block = enter(home);
    bool alive = block && block->references > 0;
    if (alive && block->references != ALL_REFERENCES)
        block->references++;
    leave(home);
    return alive ? (void *)(uintptr_t)home : NULL;
}

int su_home_unref(su_home_t *home)
{
    struct su_block_s *block = home ? enter(home) : NULL;
    if (!block)
        return 0;
    bool last = block->references != ALL_REFERENCES && --block->references == 0;
    su_home_t *parent = block->parent;
    bool theirs = block->theirs;
    if (!last || parent)
        leave(home);
    if (!last)
        return 0;
    if (parent) {
        su_free(parent, home);
        return 1;
    }
    empty(home);
    if (!theirs)
        free(home);
    return 1;
}

size_t su_home_refcount(su_home_t *home)
{
    struct su_block_s *block = home ? enter(home) : NULL;
    size_t count = block ? block->references : 0;
    if (home)
        leave(home);
    return count;
}

int su_home_destructor(su_home_t *home, void (*destructor)(void *))
{
    if (!home) {
        errno = EFAULT;
        return -1;
    }
    struct su_block_s *block = enter(home);
    bool set = block && !block->destructor;
    if (set)
        block->destructor = destructor;
    leave(home);
    return set ? 0 : -1;
}

int su_home_desctructor(su_home_t *home, void (*destructor)(void *))
{
    return su_home_destructor(home, destructor);
}

void su_home_deinit(su_home_t *home)
{
    if (home && enter(home))
        empty(home);
}

void su_home_destroy(su_home_t *home)
{
    su_home_deinit(home);
}

su_home_t *su_home_parent(const su_home_t *home)
{
    return home && home->suh_blocks ? home->suh_blocks->parent : NULL;
}

int su_home_has_parent(const su_home_t *home)
{
    return su_home_parent(home) != NULL;
}

int su_home_move(su_home_t *to, su_home_t *from)
{
    struct su_block_s *source = from && from != to ? enter(from) : NULL;
    if (!to) {
        errno = EFAULT;
        return -1;
    }
    if (!to->suh_blocks && su_home_init(to) < 0)
        return -1;
    struct su_block_s *block = enter(to);
    void (*destructor)(void *) = source ? source->destructor : NULL;
    if (destructor) {
        source->destructor = NULL;
        destructor(from);
    }
    while (source && source->pieces) {
        struct piece *piece = source->pieces;
        uintptr_t mark = piece->before & IS_HOME;
        take_out(piece);
        put_in(block, piece, mark);
        if (mark)
            ((su_home_t *)(piece + 1))->suh_blocks->parent = to;
    }
    leave(to);
    if (source)
        leave(from);
    return 0;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static void *allocate(su_home_t *home, size_t size, bool zero, uintptr_t mark)
{
    if (!home)
        return zero ? calloc(1, size) : malloc(size);
    if (!home->suh_blocks) {
        void *lock = home->suh_lock;
        if (su_home_init(home) < 0)
            return NULL;
        home->suh_lock = lock;
    }
    if (size > SIZE_MAX - sizeof(struct piece))
        return NULL;
    size += sizeof(struct piece);
    struct piece *piece = zero ? calloc(1, size) : malloc(size);
    if (!piece)
        return NULL;
    struct su_block_s *block = enter(home);
    put_in(block, piece, mark);
    leave(home);
    return piece + 1;
}

void *su_alloc(su_home_t *home, isize_t size)
{
    return allocate(home, (size_t)size, false, 0);
}

void *su_zalloc(su_home_t *home, isize_t size)
{
    return allocate(home, (size_t)size, true, 0);
}

void *su_salloc(su_home_t *home, isize_t size)
{
    size_t length = (size_t)size < sizeof(int) ? sizeof(int) : (size_t)size;
    int *made = allocate(home, length, true, 0);
    if (made)
        *made = (int)length;
    return made;
}

void *su_home_clone(su_home_t *parent, isize_t size)
{
    if (!parent)
        return su_home_new(size);
    struct su_block_s *block = holds_home((size_t)size) ? block_new(false) : NULL;
    su_home_t *home = block ? allocate(parent, (size_t)size, true, IS_HOME) : NULL;
    if (!home) {
        free(block);
        return NULL;
    }
    block->parent = parent;
    home->suh_size = (int)size;
    home->suh_blocks = block;
    return home;
}

void su_free(su_home_t *home, void *data)
{
    if (!home || !data) {
        free(data);
        return;
    }
    struct piece *piece = piece_of(data);
    enter(home);
    take_out(piece);
    leave(home);
    if (is_home(piece)) {
        su_home_t *inner = data;
        enter(inner)->references = 0;
        empty(inner);
    }
    free(piece);
}

void *su_realloc(su_home_t *home, void *data, isize_t size)
{
    size_t length = (size_t)size;
    if (!home)
        return realloc(data, length);
    if (!length) {
        su_free(home, data);
        return NULL;
    }
    if (!data)
        return su_alloc(home, size);
    if (length > SIZE_MAX - sizeof(struct piece))
        return NULL;
    struct su_block_s *block = enter(home);
    struct piece *piece = piece_of(data);
    take_out(piece);
    struct piece *moved = realloc(piece, length + sizeof *piece);
    put_in(block, moved ? moved : piece, 0);
    leave(home);
    return moved ? moved + 1 : NULL;
}

int su_in_home(su_home_t *home, const void *data)
{
    struct su_block_s *block = home ? enter(home) : NULL;
    bool found = false;
    for (struct piece *at = block ? block->pieces : NULL; at && !found; at = at->next)
        found = at + 1 == data;
    if (home)
        leave(home);
    return found;
}
