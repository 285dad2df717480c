/*
 * arena: memory that lives and dies with one document (a spec, a plan, a result).
 *
 * Everything allocated from an arena is released at once by arena_free(); nothing in it is freed
 * alone. Allocation failure ends the program with a message (exit 70), so callers have no
 * out-of-memory branch. Not thread-safe: one arena has one thread at a time.
 */
#ifndef CMTEST_ARENA_H
#define CMTEST_ARENA_H

#include <stddef.h>
#include <stdarg.h>

struct arena;

/* Owned by the caller until arena_free(). */
struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any type. size 0 gives a valid unique pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed array; a product that overflows ends the program. */
void *arena_array(struct arena *arena, size_t count, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Heap memory outside an arena with the same rule: failure ends the program. Free with free(). */
void *mem_alloc(size_t size);
void *mem_array(size_t count, size_t size);
void *mem_grow(void *memory, size_t count, size_t size);
char *mem_strdup(const char *text);
/* The same of what is large, in pages of its own that take memory only once they are written to:
 * processes that are forked before then share nothing of it. Free with mem_pages_free(). */
void *mem_pages(size_t count, size_t size);
void mem_pages_free(void *memory, size_t count, size_t size); /* as it was made; NULL: nothing */

#endif
