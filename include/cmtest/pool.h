/*
 * pool: places of one size for things that come and go by the thousand. They lie together in pages
 * as large as the machine has, once there are more than a few: each visit of a small page costs a
 * walk through the tables of pages, in a virtual machine through two of them. Not thread-safe.
 */
#ifndef CMTEST_POOL_H
#define CMTEST_POOL_H

#include <stddef.h>

/* Where the lines of a cache begin: so does every place. */
#define POOL_ALIGN 64

struct pool;

/* size: of each place. */
struct pool *pool_new(size_t size);
/* With all that was taken of it. */
void pool_free(struct pool *pool);
/* Zeroed; no memory ends the program. */
void *pool_take(struct pool *pool);
/* It may be taken again. NULL: nothing. */
void pool_give(struct pool *pool, void *place);

#endif
