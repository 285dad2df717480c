#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>
#include "cmtest/journal_format.h"
#include "head.h"
#include "table.h"

struct journal {
    FILE *file;
    char *path;
    struct arena *arena;
    ZSTD_DCtx *zstd;
    struct journal_head head;
    struct vocabulary vocabulary;
    long first;     /* offset of the first piece */
    uint64_t block; /* number of the next block */
    size_t room;
    char *packed, *plain;
    size_t packed_size, plain_size;
    /* The piece that is being read. */
    struct bytes in;
    uint32_t entries; /* still to come */
    int64_t before_ns;
    struct table *tables[2];
    uint32_t row[2]; /* next of each */
    struct journal_choice choice;
    bool has_choice;
    bool over; /* nothing more is read */
    bool has_end;
    struct journal_end end;
    char trouble[512];
};

static void trouble(struct journal *journal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void trouble(struct journal *journal, const char *format, ...)
{
    va_list args;
    int length = snprintf(journal->trouble, sizeof(journal->trouble), "%.300s ", journal->path);
    va_start(args, format);
    vsnprintf(journal->trouble + length, sizeof(journal->trouble) - (size_t)length, format, args);
    va_end(args);
    journal->over = true;
}

static size_t get_u32(const uint8_t *from)
{
    return (size_t)from[0] | (size_t)from[1] << 8 | (size_t)from[2] << 16 | (size_t)from[3] << 24;
}

static void make_room(char **buffer, size_t *size, size_t need)
{
    if (need <= *size)
        return;
    free(*buffer);
    *buffer = mem_alloc(need);
    *size = need;
}

static bool unpack(struct journal *journal, size_t packed, size_t plain)
{
    size_t got = ZSTD_decompressDCtx(journal->zstd, journal->plain, plain, journal->packed, packed);
    if (ZSTD_isError(got) || got != plain) {
        trouble(journal, "is damaged: a block does not unpack (%s). What stands before is good.",
                ZSTD_isError(got) ? ZSTD_getErrorName(got) : "its length is wrong");
        return false;
    }
    journal->in = (struct bytes){(const uint8_t *)journal->plain,
                                 (const uint8_t *)journal->plain + plain, false};
    return true;
}

/* A block that is missing or stands elsewhere is found by its number. */
static char block_kind(struct journal *journal)
{
    const uint8_t *kind = get_bytes(&journal->in, 1);
    uint64_t number = get_varint(&journal->in);
    if (!journal->in.failed && number == journal->block && *kind) {
        journal->block++;
        return (char)*kind;
    }
    trouble(journal, "is damaged: a block is missing or not in its place. What stands before is "
                     "good.");
    return 0;
}

/* The kind of the next block, which is journal->in then; 0: there is none, or trouble. */
static char read_block(struct journal *journal)
{
    uint8_t head[8];
    size_t got = fread(head, 1, sizeof(head), journal->file);
    if (got == sizeof(head)) {
        size_t packed = get_u32(head), plain = get_u32(head + 4);
        if (packed == 0 || packed > JOURNAL_BLOCK_MAX || plain > JOURNAL_BLOCK_MAX ||
            plain / JOURNAL_RATIO_MAX > packed) {
            trouble(journal,
                    "is damaged: a block says that it has %zu bytes, %zu when unpacked. What "
                    "stands before is good.",
                    packed, plain);
            return 0;
        }
        make_room(&journal->packed, &journal->packed_size, packed);
        make_room(&journal->plain, &journal->plain_size, plain + 1);
        if (fread(journal->packed, 1, packed, journal->file) == packed)
            return unpack(journal, packed, plain) ? block_kind(journal) : 0;
    }
    if (ferror(journal->file))
        trouble(journal, "cannot be read: %s.", strerror(errno));
    else
        trouble(journal, "ends early: the run that wrote it was killed, or the file was cut. What "
                         "stands before is good.");
    return 0;
}

/* What reading takes; many journals may be open, but one is read at a time. */
static void rest(struct journal *journal)
{
    if (journal->file)
        fclose(journal->file);
    journal->file = NULL;
    for (unsigned i = 0; i < 2; i++) {
        table_free(journal->tables[i]);
        journal->tables[i] = NULL;
    }
    free(journal->packed);
    free(journal->plain);
    journal->packed = journal->plain = NULL;
    journal->packed_size = journal->plain_size = 0;
    journal->entries = 0;
}

static struct table *new_table(struct journal *journal, unsigned direction)
{
    const struct vocabulary *words = &journal->vocabulary;
    struct table_readings readings = {words->reading_count, words->digits, NULL, 0};
    uint32_t kept[JOURNAL_READINGS_MAX];
    for (uint32_t i = 0; journal->has_choice && i < words->reading_count; i++) {
        uint32_t reading = words->readings[i];
        if (reading != UNKNOWN &&
            journal->choice.readings[direction][reading / 64] >> reading % 64 & 1)
            kept[readings.kept_count++] = i;
    }
    readings.kept = journal->has_choice ? kept : NULL;
    return table_new(journal->head.roster->endpoint_count, &readings, journal->head.started_ns,
                     &journal->room);
}

static bool wake(struct journal *journal)
{
    journal->file = fopen(journal->path, "rbe");
    if (!journal->file || fseek(journal->file, journal->first, SEEK_SET) != 0) {
        trouble(journal, "cannot be read: %s.", strerror(errno));
        return false;
    }
    journal->block = 1;
    for (unsigned i = 0; i < 2; i++)
        journal->tables[i] = new_table(journal, i);
    return true;
}

static bool read_head(struct journal *journal)
{
    char magic[sizeof(JOURNAL_MAGIC)] = "";
    const char *why = "";
    size_t length = sizeof(JOURNAL_MAGIC) - 1;
    if (fread(magic, 1, length, journal->file) != length ||
        memcmp(magic, JOURNAL_MAGIC, length) != 0) {
        bool other = strncmp(magic, "cmtest journal ", 15) == 0;
        trouble(journal,
                other ? "is a journal of another version of the format than 1; read it with the "
                        "cmtest that wrote it."
                      : "is not a journal of cmtest.");
        return false;
    }
    char kind = read_block(journal);
    if (kind == 0)
        return false;
    if (kind != 'H' ||
        !head_get(&journal->in, journal->arena, &journal->head, &journal->vocabulary, &why)) {
        trouble(journal, "is damaged: %s.", kind == 'H' ? why : "it does not begin with a head");
        return false;
    }
    journal->first = ftell(journal->file);
    rest(journal);
    return true;
}

static bool is_file(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return false;
    if (S_ISREG(about.st_mode))
        return true;
    errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    return false;
}

struct journal *journal_open(const char *path, char *why, size_t why_size)
{
    struct journal *journal = mem_alloc(sizeof(*journal));
    journal->path = mem_strdup(path);
    journal->arena = arena_new();
    journal->zstd = ZSTD_createDCtx();
    journal->file = is_file(path) ? fopen(path, "rbe") : NULL;
    if (!journal->file)
        trouble(journal, "cannot be read: %s.", strerror(errno));
    else if (read_head(journal))
        return journal;
    snprintf(why, why_size, "%s", journal->trouble);
    journal_free(journal);
    return NULL;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    rest(journal);
    ZSTD_freeDCtx(journal->zstd);
    arena_free(journal->arena);
    free(journal->path);
    free(journal);
}

const struct journal_head *journal_head(const struct journal *journal)
{
    return &journal->head;
}

static void damaged(struct journal *journal)
{
    trouble(journal,
            "is damaged: a piece is not what the format says. What stands before is good.");
}

static void read_end(struct journal *journal)
{
    journal->over = true;
    if (end_get(&journal->in, journal->arena, &journal->end))
        journal->has_end = true;
    else
        trouble(journal, "is damaged: its end is broken. What stands before is good.");
}

/* false: there is no further piece. */
static bool read_piece(struct journal *journal)
{
    char kind = journal->file || wake(journal) ? read_block(journal) : 0;
    if (kind == 'E')
        read_end(journal);
    else if (kind && kind != 'P')
        damaged(journal);
    if (kind != 'P')
        return false;
    journal->entries = (uint32_t)get_count(&journal->in, JOURNAL_BLOCK_MAX);
    journal->before_ns = journal->head.started_ns;
    for (unsigned i = 0; i < 2; i++) {
        journal->row[i] = 0;
        if (!table_get(journal->tables[i], &journal->in, journal->vocabulary.scale_count)) {
            damaged(journal);
            return false;
        }
    }
    return true;
}

/* In a file of this version its readings are ours: a row is taken as it is. */
static void get_readings(const struct table *table, const struct vocabulary *words, uint32_t row,
                         struct event_second *second)
{
    const uint64_t *known = &table->known[(size_t)row * table->masks];
    const double *values = &table->values[(size_t)row * table->readings];
    if (words->ours && table->readings == table->told) {
        memcpy(second->known, known, sizeof(second->known));
        memcpy(second->value, values, sizeof(second->value));
        return;
    }
    for (uint32_t i = 0; i < table->readings; i++) {
        uint32_t reading = words->readings[table->kept[i]];
        if (reading != UNKNOWN && known[i / 64] >> i % 64 & 1)
            second_set(second, (enum reading)reading, values[i]);
    }
}

static bool get_second(struct journal *journal, unsigned direction, struct event *event)
{
    const struct table *table = journal->tables[direction];
    const struct vocabulary *words = &journal->vocabulary;
    uint32_t row = journal->row[direction]++;
    if (row >= table->rows)
        return false;
    event->kind = EVENT_SECOND;
    event->at_ns = table->at_ns[row];
    event->endpoint = table->endpoint[row];
    struct event_second *second = &event->second;
    second->direction = (enum event_direction)direction;
    second->agreed = table->flags[row] & TABLE_AGREED;
    second->provisional = table->flags[row] & TABLE_PROVISIONAL;
    second->second = table->second[row];
    second->length_ms = table->length_ms[row];
    if (words->scale_count == 0 || words->scales[table->scale[row]] == UNKNOWN)
        return false;
    second->scale = (enum emodel_scale)words->scales[table->scale[row]];
    get_readings(table, words, row, second);
    return true;
}

/* *kept = false: it is of a kind that is not known here. */
static bool get_entry(struct journal *journal, struct event *event, bool *kept)
{
    uint64_t what = get_varint(&journal->in);
    *kept = true;
    if (journal->in.failed)
        return false;
    if (what < 2)
        return get_second(journal, (unsigned)what, event);
    if (what - 2 >= journal->vocabulary.kind_count)
        return false;
    const struct vocabulary_kind *kind = &journal->vocabulary.kinds[what - 2];
    int64_t more = get_zigzag(&journal->in);
    event->at_ns = journal->before_ns = (int64_t)((uint64_t)journal->before_ns + (uint64_t)more);
    event->endpoint = (uint32_t)get_count(&journal->in, UINT32_MAX) - 1;
    *kept = kind->kind != UNKNOWN && kind->kind != EVENT_SECOND;
    return (event->endpoint == ROSTER_NONE ||
            event->endpoint < journal->head.roster->endpoint_count) &&
           event_get(&journal->in, kind, event);
}

/* The next entry of the piece that is known; false: there is none. */
static bool next_entry(struct journal *journal, struct event *event, bool *good)
{
    bool kept = false;
    while (journal->entries > 0 && *good && !kept) {
        memset(event, 0, sizeof(*event));
        journal->entries--;
        *good = get_entry(journal, event, &kept);
    }
    return *good && kept;
}

/* The next second of the piece, without its entries, which are nearly all other events. */
static bool next_row(struct journal *journal, struct event *event, bool *good)
{
    for (unsigned i = 0; i < 2; i++)
        if (journal->row[i] < journal->tables[i]->rows) {
            memset(event, 0, sizeof(*event));
            *good = get_second(journal, i, event);
            return *good;
        }
    return false;
}

bool journal_next(struct journal *journal, struct event *event)
{
    bool found = false;
    while (!journal->over && !found) {
        bool good = true;
        if (journal->file)
            found = (journal->has_choice ? next_row : next_entry)(journal, event, &good);
        if (!good)
            damaged(journal);
        else if (!found)
            read_piece(journal);
    }
    if (journal->over)
        rest(journal);
    return !journal->over;
}

void journal_choose(struct journal *journal, const struct journal_choice *choice)
{
    journal->has_choice = choice != NULL;
    if (choice)
        journal->choice = *choice;
    journal_rewind(journal);
}

void journal_rewind(struct journal *journal)
{
    rest(journal);
    journal->trouble[0] = '\0';
    journal->over = journal->has_end = false;
}

const struct journal_end *journal_end(const struct journal *journal)
{
    return journal->has_end ? &journal->end : NULL;
}

const char *journal_trouble(const struct journal *journal)
{
    return journal->trouble;
}
