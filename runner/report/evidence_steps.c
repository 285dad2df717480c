#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "cmtest/arena.h"
#include "evidence.h"

/* ---- what a message says of itself, where the timeline has left it out ------------------ */

static size_t word(const char *at, const char *end)
{
    size_t length = 0;
    while (at + length < end && at[length] != ' ' && at[length] != '\r' && at[length] != '\n')
        length++;
    return length;
}

static void copy(char *to, size_t size, const char *from, size_t length)
{
    length = length < size - 1 ? length : size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* "486 Busy Here" */
static void read_status(struct event_message *facts, const char *at, const char *end)
{
    char number[8];
    size_t length = word(at, end);
    copy(number, sizeof(number), at, length);
    facts->status = (uint16_t)(strtoul(number, NULL, 10) % 1000);
    at += length;
    at += at < end && *at == ' ';
    const char *line = memchr(at, '\r', (size_t)(end - at));
    copy(facts->reason, sizeof(facts->reason), at, (size_t)((line ? line : end) - at));
}

/* "CSeq: 2 INVITE" */
static void read_cseq(struct event_message *facts, const char *at, const char *end)
{
    char number[16];
    while (at < end && *at == ' ')
        at++;
    size_t length = word(at, end);
    copy(number, sizeof(number), at, length);
    facts->cseq = (uint32_t)strtoul(number, NULL, 10);
    at += length;
    at += at < end && *at == ' ';
    copy(facts->method, sizeof(facts->method), at, word(at, end));
}

static void read_bytes(struct event_message *facts, const struct result_message *message)
{
    static const char version[] = "SIP/2.0 ", cseq[] = "CSeq:";
    const char *at = message->bytes, *end = at + message->length;
    if (message->length > strlen(version) && memcmp(at, version, strlen(version)) == 0)
        read_status(facts, at + strlen(version), end);
    else
        copy(facts->method, sizeof(facts->method), at, word(at, end));
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        if ((size_t)(end - at) > strlen(cseq) && strncasecmp(at, cseq, strlen(cseq)) == 0) {
            read_cseq(facts, at + strlen(cseq), end);
            break;
        }
    }
}

/* ---- one side --------------------------------------------------------------------------- */

struct gathering {
    struct evidence_steps *steps;
    size_t capacity;
};

static struct evidence_step *add(struct gathering *gathering)
{
    struct evidence_steps *steps = gathering->steps;
    if (steps->count == gathering->capacity) {
        gathering->capacity = gathering->capacity ? gathering->capacity * 2 : 32;
        steps->list = mem_grow(steps->list, gathering->capacity, sizeof(*steps->list));
    }
    struct evidence_step *step = memset(&steps->list[steps->count], 0, sizeof(*step));
    step->order = (uint32_t)steps->count++;
    return step;
}

static bool is_of(const struct result_message *bytes, const struct result_moment *moment)
{
    return bytes->at_ns == moment->at_ns && bytes->sent == moment->message->sent &&
           bytes->total == moment->message->length;
}

static void add_bytes(struct gathering *gathering, unsigned side,
                      const struct result_message *bytes)
{
    struct evidence_step *step = add(gathering);
    step->at_ns = bytes->at_ns;
    step->side = side;
    step->bytes = bytes;
    step->facts.sent = bytes->sent;
    step->facts.length = bytes->total;
    memcpy(step->facts.transport, bytes->transport, sizeof(step->facts.transport));
    memcpy(step->facts.local, bytes->local, sizeof(step->facts.local));
    memcpy(step->facts.remote, bytes->remote, sizeof(step->facts.remote));
    read_bytes(&step->facts, bytes);
}

static void set_facts(struct event_message *facts, const struct result_message_facts *from)
{
    facts->sent = from->sent;
    facts->repeated = from->repeated;
    facts->status = from->status;
    facts->cseq = from->cseq;
    facts->length = from->length;
    text_copy(facts->method, sizeof(facts->method), from->method);
    text_copy(facts->reason, sizeof(facts->reason), from->reason);
    text_copy(facts->call_id, sizeof(facts->call_id), from->route->call_id);
    text_copy(facts->transport, sizeof(facts->transport), from->route->transport);
    text_copy(facts->local, sizeof(facts->local), from->route->local);
    text_copy(facts->remote, sizeof(facts->remote), from->route->remote);
}

static void add_side(struct gathering *gathering, unsigned side,
                     const struct result_endpoint *endpoint)
{
    const struct result_trace *trace = &endpoint->trace;
    bool *used = mem_array(trace->count + 1, sizeof(*used));
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind != EVENT_MESSAGE)
            continue;
        struct evidence_step *step = add(gathering);
        step->at_ns = moment->at_ns;
        step->side = side;
        set_facts(&step->facts, moment->message);
        for (size_t t = 0; t < trace->count && !step->bytes; t++) {
            if (!used[t] && is_of(&trace->messages[t], moment)) {
                used[t] = true;
                step->bytes = &trace->messages[t];
            }
        }
    }
    for (size_t t = 0; t < trace->count; t++)
        if (!used[t])
            add_bytes(gathering, side, &trace->messages[t]);
    free(used);
}

/* ---- both sides ------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const struct evidence_step *a = left, *b = right;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    if (a->facts.sent != b->facts.sent)
        return a->facts.sent ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool is_echo(const struct evidence_step *received, const struct evidence_step *sent)
{
    const struct event_message *in = &received->facts, *out = &sent->facts;
    return in->local[0] && !in->sent && out->sent && received->side != sent->side &&
           !sent->elsewhere && in->status == out->status && in->cseq == out->cseq &&
           in->length == out->length && strcmp(in->method, out->method) == 0 &&
           strcmp(in->local, out->remote) == 0 && strcmp(in->remote, out->local) == 0 &&
           strcmp(in->transport, out->transport) == 0;
}

/* Without a server between them both sides saw the same packets: they are shown once. */
static void mark_echoes(struct evidence_steps *steps)
{
    bool *paired = mem_array(steps->count + 1, sizeof(*paired));
    for (size_t i = 0; i < steps->count; i++) {
        for (size_t j = 0; j < i && !steps->list[i].elsewhere; j++) {
            if (!paired[j] && is_echo(&steps->list[i], &steps->list[j])) {
                paired[j] = true;
                steps->list[i].elsewhere = true;
            }
        }
    }
    free(paired);
}

static void number(struct evidence_steps *steps)
{
    uint32_t count = 0;
    for (size_t i = 0; i < steps->count; i++)
        if (!steps->list[i].elsewhere)
            steps->list[i].number = ++count;
}

void evidence_collect(struct evidence_steps *steps, const struct result *result,
                      const struct evidence *call)
{
    struct gathering gathering = {.steps = steps};
    *steps = (struct evidence_steps){0};
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++)
        if (call->sides[side] != ROSTER_NONE)
            add_side(&gathering, side, &result->endpoints[call->sides[side]]);
    if (steps->count > 0)
        qsort(steps->list, steps->count, sizeof(*steps->list), compare);
    mark_echoes(steps);
    number(steps);
}
