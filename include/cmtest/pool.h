/*
 * pool: places of one size for things that come and go by the thousand. They lie together in pages
 * as large as the machine has, once there are more than a few: each visit of a small page costs a
 * walk through the tables of pages, in a virtual machine through two of them. The first visit of
 * all costs most, milliseconds for a large one: who may not wait is given blocks that another
 * thread has made. Not thread-safe but for those.
 */
#ifndef CMTEST_POOL_H
#define CMTEST_POOL_H

#include <stdbool.h>
#include <stddef.h>

/* Where the lines of a cache begin: so does every place. */
#define POOL_ALIGN 64

struct pool;
struct pool_block;

/* size: of each place. */
struct pool *pool_new(size_t size);
/* With all that was taken of it. */
void pool_free(struct pool *pool);
/* Memory of places of that size, each visited: what a small run needs (few), or a large page full.
 * places: how many. Belongs to the caller until pool_add(). Any thread; no memory ends the program.
 */
struct pool_block *pool_block_new(size_t size, bool few, size_t *places);
void pool_block_free(struct pool_block *block);
/* block: of places of the pool's size. */
void pool_add(struct pool *pool, struct pool_block *block);
/* Zeroed. One that was given back, or of the blocks; when there is none, of a block that is made
 * now. */
void *pool_take(struct pool *pool);
/* It may be taken again. NULL: nothing. */
void pool_give(struct pool *pool, void *place);

#endif
