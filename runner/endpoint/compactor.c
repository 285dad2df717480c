#include "cmtest/compactor.h"
#include "cmtest/arena.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

/* Of a compressor as small as what it is for. Level 1 would make a fifth less of it, and take twice
 * as long. */
#define LEVEL -3
#define HASH_LOG 12
/* Pattern and trace, so that all of both is in sight. */
#define WINDOW_LOG 16
#define PATTERN_MAX (24u << 10)
/* What becomes no smaller than that is like nothing in the pattern. */
#define STRANGE 6

/* Who stays plain. As many calls begin within some ms at a thousand a second. */
#define RESTING 64
/* Packed one behind the other: each alone would find the compressor in no cache, and take twice as
 * long. */
#define TOGETHER 16

struct compactor {
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    struct trace *resting[RESTING]; /* NULL: nobody */
    uint32_t oldest;
    uint32_t pattern_length;
    char pattern[PATTERN_MAX]; /* grows at its end only: what is packed says how much it used */
    char *packed;
    size_t room;
};

struct compactor *compactor_new(void)
{
    struct compactor *compactor = mem_alloc(sizeof *compactor);
    ZSTD_CCtx *zstd = compactor->compressor = ZSTD_createCCtx();
    compactor->decompressor = ZSTD_createDCtx();
    if (!zstd || !compactor->decompressor ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, WINDOW_LOG)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_hashLog, HASH_LOG)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0))) {
        compactor_free(compactor);
        return NULL;
    }
    return compactor;
}

void compactor_free(struct compactor *compactor)
{
    if (!compactor)
        return;
    ZSTD_freeCCtx(compactor->compressor);
    ZSTD_freeDCtx(compactor->decompressor);
    free(compactor->packed);
    free(compactor);
}

static void pack_oldest(struct compactor *compactor)
{
    for (uint32_t i = 0; i < TOGETHER; i++) {
        struct trace **place = &compactor->resting[(compactor->oldest + i) % RESTING];
        if (!*place)
            continue;
        (*place)->place = 0;
        trace_pack(*place);
        *place = NULL;
    }
}

void compactor_rest(struct compactor *compactor, struct trace *trace)
{
    compactor_rise(compactor, trace);
    uint32_t place = compactor->oldest;
    if (compactor->resting[place])
        pack_oldest(compactor);
    compactor->resting[place] = trace;
    compactor->oldest = (place + 1) % RESTING;
    trace->place = (uint8_t)(place + 1);
}

void compactor_rise(struct compactor *compactor, struct trace *trace)
{
    if (trace->place)
        compactor->resting[trace->place - 1] = NULL;
    trace->place = 0;
}

static void learn(struct compactor *compactor, const char *plain, size_t length)
{
    if (length > PATTERN_MAX - compactor->pattern_length)
        return;
    memcpy(compactor->pattern + compactor->pattern_length, plain, length);
    if (!ZSTD_isError(ZSTD_CCtx_loadDictionary(compactor->compressor, compactor->pattern,
                                               compactor->pattern_length + length)))
        compactor->pattern_length += (uint32_t)length;
}

void *compactor_pack(struct compactor *compactor, const char *plain, size_t length, size_t *size,
                     uint32_t *pattern)
{
    size_t room = ZSTD_compressBound(length);
    if (compactor->room < room) {
        compactor->packed = mem_grow(compactor->packed, room, 1);
        compactor->room = room;
    }
    *pattern = compactor->pattern_length;
    *size =
        ZSTD_compress2(compactor->compressor, compactor->packed, compactor->room, plain, length);
    if (ZSTD_isError(*size))
        return NULL;
    if (*size > length / STRANGE)
        learn(compactor, plain, length);
    void *packed = mem_alloc(*size);
    memcpy(packed, compactor->packed, *size);
    return packed;
}

bool compactor_unpack(struct compactor *compactor, const void *packed, size_t size,
                      uint32_t pattern, char *plain, size_t length)
{
    size_t got = ZSTD_DCtx_refPrefix(compactor->decompressor, compactor->pattern, pattern);
    if (!ZSTD_isError(got))
        got = ZSTD_decompressDCtx(compactor->decompressor, plain, length, packed, size);
    return got == length;
}
