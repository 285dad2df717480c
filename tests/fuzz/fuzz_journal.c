/*
 * A journal, and all that is made of one. The first byte says how the others are read: 0, as the
 * file; else as its blocks before they are packed, for a checksum would stop what was changed:
 * kind (1 byte), length (2 bytes, little endian), bytes (without kind and number).
 */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>
#include "cmtest/journal_format.h"
#include "cmtest/rebuild.h"
#include "cmtest/report.h"

static void put(int fd, const void *bytes, size_t length)
{
    ALWAYS(write(fd, bytes, length) == (ssize_t)length);
}

static void put_block(int fd, uint8_t kind, uint8_t number, const uint8_t *bytes, size_t length)
{
    char packed[ZSTD_COMPRESSBOUND(65536 + 2)];
    uint8_t plain[65536 + 2] = {kind, number & 0x7f};
    memcpy(plain + 2, bytes, length);
    length += 2;
    size_t size = ZSTD_compress(packed, sizeof(packed), plain, length, 1);
    uint8_t head[8] = {(uint8_t)size,   (uint8_t)(size >> 8),   (uint8_t)(size >> 16),   0,
                       (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), 0};
    ALWAYS(!ZSTD_isError(size));
    put(fd, head, sizeof(head));
    put(fd, packed, size);
}

static void put_blocks(int fd, const uint8_t *bytes, size_t length)
{
    put(fd, JOURNAL_MAGIC, sizeof(JOURNAL_MAGIC) - 1);
    for (uint8_t number = 0; length >= 3; number++) {
        size_t size = (size_t)bytes[1] | (size_t)bytes[2] << 8;
        if (size > length - 3)
            size = length - 3;
        put_block(fd, bytes[0], number, bytes + 3, size);
        bytes += 3 + size;
        length -= 3 + size;
    }
}

static void report_it(struct journal *journal)
{
    static const char *const formats[] = {"json", "junit", "csv", "jsonl"};
    char why[768];
    struct arena *arena = arena_new();
    struct result *result = result_rebuild(journal, arena, why, sizeof(why));
    if (!result) {
        ALWAYS(why[0]);
        arena_free(arena);
        return;
    }
    struct report_run run = {.result = result, .journal = journal, .attempts = 1};
    struct report report = {.runs = &run, .run_count = 1};
    FILE *out = fopen("/dev/null", "w");
    ALWAYS(out);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        report_format_write(report_format_find(formats[i]), &report, out);
    fclose(out);
    result_free(result);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[64], why[768] = "";
    if (length < 1)
        return -1;
    int fd = memfd_create("journal", MFD_CLOEXEC);
    ALWAYS(fd >= 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (bytes[0] == 0)
        put(fd, bytes + 1, length - 1);
    else
        put_blocks(fd, bytes + 1, length - 1);
    struct journal *journal = journal_open(path, why, sizeof(why));
    ALWAYS(journal || why[0]);
    if (journal)
        report_it(journal);
    journal_free(journal);
    close(fd);
    return 0;
}
