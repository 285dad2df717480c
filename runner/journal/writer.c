#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include "cmtest/journal_format.h"
#include "head.h"
#include "table.h"

/* A piece is written when it has this much, or is this old: so much is lost to a kill -9. */
#define PIECE_BYTES (256 * 1024)
#define PIECE_NS INT64_C(1000000000)

struct journal_writer {
    FILE *file;
    char *path;
    ZSTD_CCtx *zstd;
    struct table *tables[2]; /* by event_direction */
    struct text entries;     /* of the piece */
    uint32_t entry_count;
    int64_t before_ns; /* time of the entry before */
    int64_t begun_ns;  /* of the first event of the piece */
    int64_t started_ns;
    size_t room;
    struct text plain; /* the block that is being made */
    uint64_t block;    /* its number */
    char *packed;
    size_t packed_size;
    int error; /* errno of what went wrong first; 0 */
};

static void put_u32(char *to, size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (char)(value >> 8 * i);
}

/* What is in the block that is made, begins with what it is and where it belongs. */
static void begin_block(struct journal_writer *writer, char kind)
{
    text_clear(&writer->plain);
    text_add_bytes(&writer->plain, &kind, 1);
    put_varint(&writer->plain, writer->block++);
}

static void write_block(struct journal_writer *writer)
{
    size_t need = ZSTD_compressBound(writer->plain.length);
    char head[8];
    if (writer->error)
        return;
    if (need > writer->packed_size) {
        free(writer->packed);
        writer->packed = mem_alloc(need);
        writer->packed_size = need;
    }
    size_t packed = ZSTD_compress2(writer->zstd, writer->packed, need, text_get(&writer->plain),
                                   writer->plain.length);
    if (ZSTD_isError(packed) || writer->plain.length > JOURNAL_BLOCK_MAX) {
        writer->error = EFBIG;
        return;
    }
    put_u32(head, packed);
    put_u32(head + 4, writer->plain.length);
    if (fwrite(head, 1, sizeof(head), writer->file) != sizeof(head) ||
        fwrite(writer->packed, 1, packed, writer->file) != packed || fflush(writer->file) != 0)
        writer->error = errno ? errno : EIO;
}

static void write_piece(struct journal_writer *writer)
{
    if (writer->entry_count == 0)
        return;
    begin_block(writer, 'P');
    put_varint(&writer->plain, writer->entry_count);
    for (unsigned i = 0; i < 2; i++) {
        table_put(writer->tables[i], &writer->plain);
        table_clear(writer->tables[i]);
    }
    text_add_bytes(&writer->plain, text_get(&writer->entries), writer->entries.length);
    text_clear(&writer->entries);
    writer->entry_count = 0;
    writer->before_ns = writer->started_ns;
    write_block(writer);
}

static struct journal_writer *writer_new(const char *path, const struct journal_head *head)
{
    struct journal_writer *writer = mem_alloc(sizeof(*writer));
    uint8_t digits[READING_COUNT];
    struct table_readings readings = {.count = READING_COUNT, .digits = digits};
    writer->path = mem_strdup(path);
    writer->zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1);
    for (unsigned i = 0; i < READING_COUNT; i++)
        digits[i] = (uint8_t)reading_digits((enum reading)i);
    for (unsigned i = 0; i < 2; i++)
        writer->tables[i] =
            table_new(head->roster->endpoint_count, &readings, head->started_ns, &writer->room);
    writer->before_ns = writer->started_ns = head->started_ns;
    return writer;
}

static void writer_free(struct journal_writer *writer)
{
    if (writer->file)
        fclose(writer->file);
    ZSTD_freeCCtx(writer->zstd);
    table_free(writer->tables[0]);
    table_free(writer->tables[1]);
    text_fini(&writer->entries);
    text_fini(&writer->plain);
    free(writer->packed);
    free(writer->path);
    free(writer);
}

struct journal_writer *journal_create(const char *path, const struct journal_head *head, char *why,
                                      size_t why_size)
{
    struct journal_writer *writer = writer_new(path, head);
    writer->file = fopen(path, "wbe");
    if (writer->file && fputs(JOURNAL_MAGIC, writer->file) >= 0) {
        begin_block(writer, 'H');
        head_put(head, &writer->plain);
        write_block(writer);
        if (!writer->error)
            return writer;
        errno = writer->error;
    }
    snprintf(why, why_size, "%s cannot be written: %s", path, strerror(errno));
    writer_free(writer);
    return NULL;
}

static void begin_entry(struct journal_writer *writer, const struct event *event)
{
    if (writer->entry_count++ == 0)
        writer->begun_ns = event->at_ns;
}

static void take_second(struct journal_writer *writer, const struct event *event)
{
    struct table *table = writer->tables[event->second.direction];
    if (event->endpoint == ROSTER_NONE)
        return;
    if (table->rows == JOURNAL_ROWS_MAX || table_has(table, event->endpoint))
        write_piece(writer);
    begin_entry(writer, event);
    table_add(table, event);
    put_varint(&writer->entries, event->second.direction);
}

static void take_other(struct journal_writer *writer, const struct event *event)
{
    begin_entry(writer, event);
    put_varint(&writer->entries, 2 + (uint64_t)event->kind);
    put_zigzag(&writer->entries, (int64_t)((uint64_t)event->at_ns - (uint64_t)writer->before_ns));
    put_varint(&writer->entries, (uint32_t)(event->endpoint + 1));
    event_put(event, &writer->entries);
    writer->before_ns = event->at_ns;
}

void journal_event(void *to, const struct event *event)
{
    struct journal_writer *writer = to;
    if (writer->error ||
        (event->endpoint != ROSTER_NONE && event->endpoint >= writer->tables[0]->endpoints))
        return;
    if (writer->entry_count > 0 && event->kind != EVENT_SECOND &&
        (writer->entries.length >= PIECE_BYTES || event->at_ns - writer->begun_ns >= PIECE_NS))
        write_piece(writer);
    if (event->kind == EVENT_SECOND)
        take_second(writer, event);
    else
        take_other(writer, event);
}

bool journal_finish(struct journal_writer *writer, const struct journal_end *end, char *why,
                    size_t why_size)
{
    write_piece(writer);
    begin_block(writer, 'E');
    end_put(end, &writer->plain);
    write_block(writer);
    if (fclose(writer->file) != 0 && !writer->error)
        writer->error = errno;
    writer->file = NULL;
    bool good = writer->error == 0;
    if (why_size > 0)
        why[0] = '\0';
    if (!good)
        snprintf(why, why_size, "%s could not be written to its end: %s", writer->path,
                 strerror(writer->error));
    writer_free(writer);
    return good;
}
