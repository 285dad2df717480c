#include "cmtest/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Who looks for leaks knows of pointers in the heap only. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LOOK_IN(memory, bytes) __lsan_register_root_region(memory, bytes)
#define LOOK_IN_NO_MORE(memory, bytes) __lsan_unregister_root_region(memory, bytes)
#else
#define LOOK_IN(memory, bytes) ((void)0)
#define LOOK_IN_NO_MORE(memory, bytes) ((void)0)
#endif

#define BLOCK_BYTES (64 * 1024)

struct block {
    struct block *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

struct arena {
    struct block *blocks;
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "cmtest: out of memory (%zu bytes wanted)\n", size);
    exit(70);
}

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        out_of_memory(size);
    return memory;
}

void *mem_array(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        out_of_memory(count);
    return memory;
}

void *mem_grow(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    void *grown = realloc(memory, bytes ? bytes : 1);
    if (!grown)
        out_of_memory(bytes);
    return grown;
}

static size_t page_bytes(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    return bytes ? bytes : 1;
}

void *mem_pages(size_t count, size_t size)
{
    size_t bytes = page_bytes(count, size);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        out_of_memory(bytes);
    LOOK_IN(memory, bytes);
    return memory;
}

void mem_pages_free(void *memory, size_t count, size_t size)
{
    size_t bytes = page_bytes(count, size);
    if (!memory)
        return;
    LOOK_IN_NO_MORE(memory, bytes);
    munmap(memory, bytes);
}

char *mem_strdup(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = mem_alloc(length);
    memcpy(copy, text, length);
    return copy;
}

struct arena *arena_new(void)
{
    return mem_alloc(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        out_of_memory(size);
    size_t need = ((size ? size : 1) + align - 1) / align * align;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < need) {
        size_t bytes = need > BLOCK_BYTES / 4 ? need : BLOCK_BYTES;
        struct block *fresh = mem_alloc(sizeof *fresh + bytes);
        fresh->size = bytes;
        if (block && bytes != BLOCK_BYTES) {
            /* A big one goes behind the current block, whose rest stays usable. */
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            arena->blocks = fresh;
        }
        block = fresh;
    }
    void *memory = (char *)block->bytes + block->used;
    block->used += need;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return arena_strdup(arena, "");
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
