#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "evidence.h"
#include "words.h"

/* A number and a time stand before the first line of life. */
#define LEFT 15
/* Between two lines of life: what EVIDENCE_WIDTH leaves, but never so little that words like
 * "401 Unauthorized" are cut. */
#define GAP_MIN 21
#define GAP_MAX 40
#define SERVERS_MAX 3
#define COLUMNS_MAX (SERVERS_MAX + 2)
#define LABEL_MAX 40
/* Without a message for so long, a row tells how long. */
#define PAUSE_NS INT64_C(1000000000)

struct column {
    char title[96];
    char below[96]; /* the second line of the head */
    size_t at;
};

struct ladder {
    const struct evidence *call;
    struct column columns[COLUMNS_MAX];
    size_t count;
    size_t first_server, servers;
    bool others; /* the last server stands for more than one */
    struct text *out;
};

/* ---- the columns ------------------------------------------------------------------------ */

static void ascii(char *to, size_t size, const char *string)
{
    struct text clean = {0};
    words_ascii(&clean, string);
    text_copy(to, size, text_get(&clean));
    text_fini(&clean);
}

/* Whether a side's messages went straight to the other side, without a server between. */
static bool is_side(const struct evidence_steps *steps, const char *address, unsigned side)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->list[i].side == side && strcmp(steps->list[i].facts.local, address) == 0)
            return address[0] != '\0';
    return false;
}

static size_t find_server(const struct ladder *ladder, const char *address)
{
    char title[96];
    ascii(title, sizeof(title), address[0] ? address : "server");
    for (size_t i = 0; i < ladder->servers; i++)
        if (strcmp(ladder->columns[ladder->first_server + i].title, title) == 0)
            return ladder->first_server + i;
    return SIZE_MAX;
}

static void add_server(struct ladder *ladder, const struct event_message *facts)
{
    if (find_server(ladder, facts->remote) != SIZE_MAX || ladder->others)
        return;
    if (ladder->servers == SERVERS_MAX) {
        struct column *last = &ladder->columns[ladder->count - 1];
        text_copy(last->title, sizeof(last->title), "other addresses");
        last->below[0] = '\0';
        ladder->others = true;
        return;
    }
    struct column *column = &ladder->columns[ladder->count++];
    ladder->servers++;
    ascii(column->title, sizeof(column->title), facts->remote[0] ? facts->remote : "server");
    ascii(column->below, sizeof(column->below), facts->transport);
}

static void add_side(struct ladder *ladder, const struct result *result,
                     const struct evidence_steps *steps, unsigned side)
{
    char name[96];
    struct column *column = &ladder->columns[ladder->count++];
    roster_endpoint_name(result->roster, ladder->call->sides[side], name, sizeof(name));
    ascii(column->title, sizeof(column->title), name);
    for (size_t i = 0; i < steps->count && !column->below[0]; i++)
        if (steps->list[i].side == side)
            ascii(column->below, sizeof(column->below), steps->list[i].facts.local);
}

static void add_columns(struct ladder *ladder, const struct result *result,
                        const struct evidence_steps *steps)
{
    const uint32_t *sides = ladder->call->sides;
    if (sides[EVIDENCE_CALLER] != ROSTER_NONE)
        add_side(ladder, result, steps, EVIDENCE_CALLER);
    ladder->first_server = ladder->count;
    for (size_t i = 0; i < steps->count; i++) {
        const struct evidence_step *step = &steps->list[i];
        if (!is_side(steps, step->facts.remote, !step->side))
            add_server(ladder, &step->facts);
    }
    if (sides[EVIDENCE_CALLEE] != ROSTER_NONE)
        add_side(ladder, result, steps, EVIDENCE_CALLEE);
    size_t gap = ladder->count > 1 ? (EVIDENCE_WIDTH - LEFT - 1) / (ladder->count - 1) : 0;
    gap = gap < GAP_MIN ? GAP_MIN : gap < GAP_MAX ? gap : GAP_MAX;
    for (size_t i = 0; i < ladder->count; i++)
        ladder->columns[i].at = LEFT + i * gap;
}

static size_t column_of(const struct ladder *ladder, const struct evidence_steps *steps,
                        const struct evidence_step *step, bool remote)
{
    size_t last = ladder->count - 1;
    unsigned side = remote ? !step->side : step->side;
    if (!remote || is_side(steps, step->facts.remote, side))
        return side == EVIDENCE_CALLER ? 0 : last;
    size_t server = find_server(ladder, step->facts.remote);
    return server == SIZE_MAX ? ladder->first_server + ladder->servers - 1 : server;
}

/* ---- rows ------------------------------------------------------------------------------- */

/* A row in the making: blanks up to its end, without a NUL. */
struct row {
    char cells[EVIDENCE_WIDTH_MAX];
};

static void put(struct row *row, size_t at, const char *string)
{
    size_t length = strlen(string);
    if (at >= EVIDENCE_WIDTH_MAX)
        return;
    memcpy(row->cells + at, string,
           length < EVIDENCE_WIDTH_MAX - at ? length : EVIDENCE_WIDTH_MAX - at);
}

static void row_begin(struct row *row, const struct ladder *ladder, bool lines)
{
    memset(row->cells, ' ', sizeof(row->cells));
    for (size_t i = 0; lines && i < ladder->count; i++)
        put(row, ladder->columns[i].at, "|");
}

static void row_end(const struct row *row, struct text *out)
{
    size_t length = EVIDENCE_WIDTH_MAX;
    while (length > 0 && row->cells[length - 1] == ' ')
        length--;
    text_add_bytes(out, row->cells, length);
    text_add(out, "\n");
}

/* The first column's words begin at its line, the last one's end there, the others' are centred. */
static void put_head(struct ladder *ladder, bool below)
{
    struct row row;
    row_begin(&row, ladder, false);
    if (!below) {
        put(&row, 2, "No");
        put(&row, LEFT - 4, "ms");
    }
    size_t gap = ladder->count > 1 ? ladder->columns[1].at - ladder->columns[0].at : GAP_MAX;
    for (size_t i = 0; i < ladder->count; i++) {
        struct column *column = &ladder->columns[i];
        char *words = below ? column->below : column->title;
        bool first = i == 0, last = i + 1 == ladder->count;
        size_t room = gap - 2;
        if (strlen(words) > room)
            memcpy(words + room - 2, "..", 3);
        size_t length = strlen(words);
        put(&row,
            first  ? column->at
            : last ? column->at + 1 - length
                   : column->at - length / 2,
            words);
    }
    row_end(&row, ladder->out);
}

static bool has_sdp(const struct evidence_step *step)
{
    static const char type[] = "application/sdp";
    if (!step->bytes)
        return false;
    const char *at = step->bytes->bytes, *end = at + step->bytes->length;
    for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
        const char *line = at + 1;
        if (end - line < 2 || line[0] == '\r')
            return false;
        bool named = end - line > 13 && strncasecmp(line, "content-type:", 13) == 0;
        line += named ? 13 : 2;
        if (!named && strncasecmp(at + 1, "c:", 2) != 0)
            continue;
        while (line < end && *line == ' ')
            line++;
        return (size_t)(end - line) >= strlen(type) && strncasecmp(line, type, strlen(type)) == 0;
    }
    return false;
}

/* "INVITE (SDP)", "200 OK (INVITE, SDP)", "INVITE (again)", cut to the room that there is. */
static void label(const struct evidence_step *step, size_t room, struct text *out)
{
    const struct event_message *facts = &step->facts;
    struct text notes = {0};
    if (facts->status > 0) {
        text_printf(out, "%u ", facts->status);
        words_ascii(out, facts->reason);
        words_ascii(&notes, facts->method);
    } else {
        words_ascii(out, facts->method[0] ? facts->method : "?");
    }
    if (has_sdp(step))
        text_printf(&notes, "%sSDP", notes.length > 0 ? ", " : "");
    if (facts->repeated)
        text_printf(&notes, "%sagain", notes.length > 0 ? ", " : "");
    if (notes.length > 0 && out->length + notes.length + 3 <= room)
        text_printf(out, " (%s)", text_get(&notes));
    else if (facts->repeated && out->length + 8 <= room)
        text_add(out, " (again)");
    text_fini(&notes);
    if (out->length > room) {
        out->length = room - 2;
        out->data[out->length] = '\0';
        text_add(out, "..");
    }
}

/* A repeated message has a dotted line. */
static void put_arrow(struct row *row, size_t from, size_t to, const struct evidence_step *step)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    struct text words = {0};
    if (right - left < 12)
        return;
    memset(row->cells + left + 1, step->facts.repeated ? '.' : '-', right - left - 1);
    row->cells[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
    size_t room = right - left - 6;
    label(step, room < LABEL_MAX ? room : LABEL_MAX, &words);
    size_t at = left + (right - left - words.length) / 2;
    row->cells[at - 1] = row->cells[at + words.length] = ' ';
    put(row, at, text_get(&words));
    text_fini(&words);
}

static void put_step(struct ladder *ladder, const struct evidence_steps *steps,
                     const struct evidence_step *step, int64_t zero_ns)
{
    struct row row;
    struct text time = {0};
    char number[16];
    row_begin(&row, ladder, true);
    snprintf(number, sizeof(number), "%4u", step->number);
    put(&row, 0, number);
    words_ms(&time, step->at_ns - zero_ns);
    put(&row, time.length < LEFT - 7 ? LEFT - 2 - time.length : 5, text_get(&time));
    size_t here = column_of(ladder, steps, step, false);
    size_t there = column_of(ladder, steps, step, true);
    put_arrow(&row, ladder->columns[step->facts.sent ? here : there].at,
              ladder->columns[step->facts.sent ? there : here].at, step);
    row_end(&row, ladder->out);
    text_fini(&time);
}

static void put_pause(struct ladder *ladder)
{
    struct row row;
    row_begin(&row, ladder, true);
    row_end(&row, ladder->out);
}

void evidence_ladder(const struct result *result, const struct evidence *call,
                     const struct evidence_steps *steps, struct text *out)
{
    struct ladder ladder = {.call = call, .out = out};
    if (steps->count == 0)
        return;
    add_columns(&ladder, result, steps);
    put_head(&ladder, false);
    put_head(&ladder, true);
    put_pause(&ladder);
    int64_t zero = steps->list[0].at_ns, last = zero;
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->list[i].elsewhere)
            continue;
        if (steps->list[i].at_ns - last >= PAUSE_NS)
            put_pause(&ladder);
        last = steps->list[i].at_ns;
        put_step(&ladder, steps, &steps->list[i], zero);
    }
}
