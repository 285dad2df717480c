#include "home.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/su_alloc_stat.h>

static su_home_t *make(size_t size)
{
    if (size < sizeof(su_home_t) || size > INT_MAX) {
        errno = size > INT_MAX ? ENOMEM : EINVAL;
        return NULL;
    }
    struct whole *whole = calloc(1, sizeof *whole + size);
    if (!whole)
        return NULL;
    home_begin(&whole->blocks);
    whole->home->suh_blocks = &whole->blocks;
    whole->home->suh_size = (int)size;
    return whole->home;
}

void *su_home_new(isize_t size)
{
    return make((size_t)size);
}

su_home_t *su_home_create(void)
{
    return make(sizeof(su_home_t));
}

void *su_home_clone(su_home_t *parent, isize_t size)
{
    su_home_t *home = make((size_t)size);
    if (!home || !parent)
        return home;
    if (!parent->suh_blocks && su_home_init(parent) < 0) {
        free(whole_of(home));
        return NULL;
    }
    home->suh_blocks->parent = parent;
    whole_of(home)->block.before = HOME;
    home_lock(parent);
    parent->suh_blocks->has_homes = true;
    home_link(parent->suh_blocks, &whole_of(home)->block);
    home_unlock(parent);
    return home;
}

int su_home_init(su_home_t *home)
{
    if (!home)
        return -1;
    home->suh_lock = NULL;
    home->suh_blocks = calloc(1, sizeof *home->suh_blocks);
    if (!home->suh_blocks)
        return -1;
    home_begin(home->suh_blocks);
    home->suh_blocks->foreign = true;
    return 0;
}

/* On a stack, say. Its blocks are not: nothing that is asked for often has such a home. */
su_home_t *su_home_auto(void *area, isize_t size)
{
    size_t skipped = -(uintptr_t)area % _Alignof(su_home_t);
    if (!area || size < (isize_t)(sizeof(su_home_t) + skipped))
        return NULL;
    su_home_t *home = (su_home_t *)((char *)area + skipped);
    memset(home, 0, sizeof *home);
    home->suh_size = size;
    return su_home_init(home) < 0 ? NULL : home;
}

void su_home_preload(su_home_t *home, isize_t count, isize_t size)
{
    (void)home;
    (void)count;
    (void)size;
}

static void destruct(su_home_t *home)
{
    void (*destructor)(void *) = home->suh_blocks->destructor;
    home->suh_blocks->destructor = NULL;
    if (destructor)
        destructor(home);
}

void home_empty(su_home_t *home)
{
    su_block_t *blocks = home->suh_blocks;
    su_alock_t *alock = home->suh_lock;
    home->suh_lock = NULL;
    destruct(home);
    while (blocks->ring.next != &blocks->ring) {
        struct block *block = blocks->ring.next;
        home_unlink(block);
        home_give_back(block);
    }
    home->suh_blocks = NULL;
    if (blocks->foreign)
        free(blocks);
    if (!alock)
        return;
    pthread_mutex_destroy(&alock->blocks);
    pthread_mutex_destroy(&alock->user);
    free(alock);
}

void su_home_deinit(su_home_t *home)
{
    if (home && home->suh_blocks)
        home_empty(home);
}

void su_home_destroy(su_home_t *home)
{
    su_home_deinit(home);
}

void *su_home_ref(su_home_t const *home)
{
    if (!home || !home->suh_blocks) {
        errno = EFAULT;
        return NULL;
    }
    home_lock(home);
    home->suh_blocks->references++;
    home_unlock(home);
    return (void *)(uintptr_t)home;
}

int su_home_unref(su_home_t *home)
{
    if (!home || !home->suh_blocks)
        return 0;
    home_lock(home);
    size_t left = --home->suh_blocks->references;
    home_unlock(home);
    if (left > 0)
        return 0;
    su_home_t *parent = home->suh_blocks->parent;
    bool foreign = home->suh_blocks->foreign;
    if (parent) {
        su_free(parent, home);
        return 1;
    }
    home_empty(home);
    if (!foreign)
        free(whole_of(home));
    return 1;
}

size_t su_home_refcount(su_home_t *home)
{
    return home && home->suh_blocks ? home->suh_blocks->references : 0;
}

su_home_t *su_home_parent(su_home_t const *home)
{
    return home && home->suh_blocks ? home->suh_blocks->parent : NULL;
}

int su_home_has_parent(su_home_t const *home)
{
    return su_home_parent(home) != NULL;
}

int su_home_destructor(su_home_t *home, void (*destructor)(void *))
{
    if (!home || !home->suh_blocks || home->suh_blocks->destructor)
        return -1;
    home->suh_blocks->destructor = destructor;
    return 0;
}

#undef su_home_desctructor
int su_home_desctructor(su_home_t *home, void (*destructor)(void *))
{
    return su_home_destructor(home, destructor);
}

int su_home_move(su_home_t *to, su_home_t *from)
{
    if (!from || !from->suh_blocks || to == from)
        return 0;
    if (!to || (!to->suh_blocks && su_home_init(to) < 0))
        return -1;
    destruct(from);
    home_splice(to, from);
    return 0;
}

/* ---- locks ----------------------------------------------------------------------------------- */

int su_home_threadsafe(su_home_t *home)
{
    if (!home) {
        errno = EFAULT;
        return -1;
    }
    if (home->suh_lock)
        return 0;
    home->suh_lock = calloc(1, sizeof *home->suh_lock);
    if (!home->suh_lock)
        return -1;
    pthread_mutex_init(&home->suh_lock->blocks, NULL);
    pthread_mutex_init(&home->suh_lock->user, NULL);
    return 0;
}

int su_home_is_threadsafe(su_home_t const *home)
{
    return home && home->suh_lock;
}

static int user_lock(su_home_t *home, int (*how)(pthread_mutex_t *))
{
    if (!home)
        return EFAULT;
    return home->suh_lock ? how(&home->suh_lock->user) : -1;
}

int su_home_lock(su_home_t *home)
{
    return user_lock(home, pthread_mutex_lock);
}

int su_home_trylock(su_home_t *home)
{
    return user_lock(home, pthread_mutex_trylock);
}

int su_home_unlock(su_home_t *home)
{
    return user_lock(home, pthread_mutex_unlock);
}

int su_home_mutex_lock(su_home_t *home)
{
    if (!su_home_ref(home))
        return -1;
    return home->suh_lock && pthread_mutex_lock(&home->suh_lock->user) != 0 ? -1 : 0;
}

int su_home_mutex_unlock(su_home_t *home)
{
    if (!home || (home->suh_lock && pthread_mutex_unlock(&home->suh_lock->user) != 0) ||
        !home->suh_blocks)
        return -1;
    su_home_unref(home);
    return 0;
}

/* ---- what nobody asks for -------------------------------------------------------------------- */

void su_home_check(su_home_t const *home)
{
    (void)home;
}

void su_home_init_stats(su_home_t *home)
{
    (void)home;
}

void su_home_get_stats(su_home_t *home, int clones, su_home_stat_t *stats, isize_t size)
{
    (void)home;
    (void)clones;
    memset(stats, 0, (size_t)size);
}

void su_home_stat_add(su_home_stat_t *total, su_home_stat_t const *stats)
{
    (void)total;
    (void)stats;
}
