#include "wire_private.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64
/* What may wait for a watch. Between an INVITE and the watch of its dialog is nothing but the
 * stack's way to it, so few wait at a time; the rest is what nobody will ever claim. */
#define WAITING_MAX 64
#define WAITING_BYTES ((size_t)256 * 1024)

struct waiting {
    struct waiting *next; /* newer */
    uint64_t key;
    struct message message;
    char bytes[];
};

struct wire_index {
    struct wire_watch **buckets;
    size_t bucket_count, watch_count;
    uint64_t seed; /* so that no peer can choose Call-IDs of one bucket */
    struct waiting *oldest, **newest;
    size_t waiting_count, waiting_bytes;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Eight bytes at a time: every message is hashed whole, to know a repeated one. Never 0. */
static uint64_t hash(const char *bytes, size_t length, uint64_t seed)
{
    static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15), other = UINT64_C(0xd1b54a32d192ed03);
    uint64_t state = seed ^ mix(length + 1, odd), word;
    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        state = mix(state ^ word, odd) + other;
    }
    word = 0;
    memcpy(&word, bytes, length);
    state = mix(state ^ word, other);
    return state ? state : 1;
}

static uint64_t key_of(const struct wire_index *index, const char *call_id, size_t length)
{
    size_t kept = sizeof((struct wire_watch *)NULL)->call_id - 1;
    return hash(call_id, length < kept ? length : kept, index->seed);
}

/* Whether a span is what a watch holds, as far as there was room for it. */
static bool same(const char *kept, size_t size, struct span span)
{
    size_t length = span.length < size - 1 ? span.length : size - 1;
    return length > 0 && memcmp(kept, span.at, length) == 0 && kept[length] == '\0';
}

struct wire_index *wire_index_new(void)
{
    struct wire_index *index = mem_alloc(sizeof *index);
    index->bucket_count = BUCKETS_FIRST;
    index->buckets = mem_array(index->bucket_count, sizeof index->buckets[0]);
    index->seed = random_seed();
    index->newest = &index->oldest;
    return index;
}

static void take_out(struct wire_index *index, struct waiting **link)
{
    struct waiting *out = *link;
    *link = out->next;
    if (!*link)
        index->newest = link;
    index->waiting_count--;
    index->waiting_bytes -= out->message.length;
}

static void forget_seen(struct wire_watch *watch)
{
    free(watch->seen);
    watch->seen = NULL;
    watch->seen_count = 0;
}

void wire_index_free(struct wire_index *index)
{
    while (index->oldest) {
        struct waiting *waiting = index->oldest;
        take_out(index, &index->oldest);
        free(waiting);
    }
    for (size_t i = 0; i < index->bucket_count; i++)
        for (struct wire_watch *watch = index->buckets[i]; watch; watch = watch->next)
            forget_seen(watch);
    free(index->buckets);
    free(index);
}

/* ---- who a message is for -------------------------------------------------------------------- */

/* A request that we send and its response carry our tag in From, the peer's ones in To. */
static bool our_side(const struct wire_head *head, bool sent)
{
    return sent == (head->status == 0);
}

static uint64_t branch_of(const struct wire_index *index, const struct wire_head *head)
{
    return head->branch.length ? hash(head->branch.at, head->branch.length, index->seed) : 0;
}

/* 0: not; else how sure. The weaker ones are for the peer's INVITE and what belongs to it while it
 * has no To tag of ours: CANCEL, 100. */
static int fits(const struct wire_index *index, const struct wire_watch *watch,
                const struct wire_head *head, bool sent)
{
    if (!same(watch->call_id, sizeof watch->call_id, head->call_id))
        return 0;
    if (same(watch->tag, sizeof watch->tag, our_side(head, sent) ? head->from_tag : head->to_tag))
        return 3;
    if (our_side(head, sent) || same(watch->tag, sizeof watch->tag, head->from_tag))
        return 0;
    if (watch->branch && watch->branch == branch_of(index, head))
        return 2;
    return !head->to_tag.length && !watch->branch && !watch->began;
}

static struct wire_watch *watch_of(const struct wire_index *index, uint64_t key,
                                   const struct wire_head *head, bool sent)
{
    struct wire_watch *best = NULL;
    int sure = 0;
    for (struct wire_watch *watch = index->buckets[key & (index->bucket_count - 1)]; watch;
         watch = watch->next) {
        int fit = watch->key == key ? fits(index, watch, head, sent) : 0;
        if (fit > sure) {
            best = watch;
            sure = fit;
        }
    }
    return best;
}

/* Most see few messages, and thousands watch. */
#define SEEN_MAX 32
#define SEEN_STEP 8

static bool repeated(const struct wire_index *index, struct wire_watch *watch,
                     const struct message *message)
{
    uint64_t mark = hash(message->bytes, message->length, index->seed + message->facts.sent);
    size_t count = watch->seen_count < SEEN_MAX ? watch->seen_count : SEEN_MAX;
    for (size_t i = 0; i < count; i++)
        if (watch->seen[i] == mark)
            return true;
    if (count < SEEN_MAX && count % SEEN_STEP == 0)
        watch->seen = mem_grow(watch->seen, count + SEEN_STEP, sizeof *watch->seen);
    watch->seen[watch->seen_count++ % SEEN_MAX] = mark;
    return false;
}

/* The last that is done with the watch: its owner may unwatch in take(). */
static void give(const struct wire_index *index, struct wire_watch *watch,
                 const struct wire_head *head, struct message *message)
{
    if (watch->seen_count == 0)
        watch->began = message->facts.sent && !head->status;
    if (!message->facts.sent && !head->status && !head->to_tag.length && !watch->branch)
        watch->branch = branch_of(index, head);
    message->facts.repeated = repeated(index, watch, message);
    watch->take(watch->owner, message);
}

static void wait(struct wire_index *index, uint64_t key, const struct message *message)
{
    while (index->oldest && (index->waiting_count == WAITING_MAX ||
                             index->waiting_bytes + message->length > WAITING_BYTES)) {
        struct waiting *dropped = index->oldest;
        take_out(index, &index->oldest);
        free(dropped);
    }
    struct waiting *waiting = mem_alloc(sizeof *waiting + message->length);
    memcpy(waiting->bytes, message->bytes, message->length);
    waiting->key = key;
    waiting->message = *message;
    waiting->message.bytes = waiting->bytes;
    *index->newest = waiting;
    index->newest = &waiting->next;
    index->waiting_count++;
    index->waiting_bytes += message->length;
}

void wire_index_give(struct wire_index *index, const struct wire_head *head,
                     struct message *message)
{
    struct event_message *facts = &message->facts;
    facts->status = head->status;
    facts->cseq = head->cseq;
    facts->length = (uint32_t)message->length;
    wire_copy(facts->method, sizeof facts->method, head->method);
    wire_copy(facts->reason, sizeof facts->reason, head->reason);
    wire_copy(facts->call_id, sizeof facts->call_id, head->call_id);
    uint64_t key = key_of(index, head->call_id.at, head->call_id.length);
    struct wire_watch *watch = watch_of(index, key, head, facts->sent);
    if (watch)
        give(index, watch, head, message);
    else
        wait(index, key, message);
}

/* ---- watches --------------------------------------------------------------------------------- */

static void insert(struct wire_index *index, struct wire_watch *watch)
{
    struct wire_watch **bucket = &index->buckets[watch->key & (index->bucket_count - 1)];
    watch->next = *bucket;
    *bucket = watch;
}

static void grow(struct wire_index *index)
{
    struct wire_watch **old = index->buckets;
    size_t count = index->bucket_count;
    index->bucket_count = count * 2;
    index->buckets = mem_array(index->bucket_count, sizeof index->buckets[0]);
    for (size_t i = 0; i < count; i++) {
        for (struct wire_watch *watch = old[i], *next; watch; watch = next) {
            next = watch->next;
            insert(index, watch);
        }
    }
    free(old);
}

/* One at a time and from the start again: take() may watch and unwatch, and move the list. */
static bool claim(struct wire_index *index, struct wire_watch *watch)
{
    for (struct waiting **link = &index->oldest; *link; link = &(*link)->next) {
        struct waiting *waiting = *link;
        struct wire_head head;
        if (waiting->key != watch->key ||
            !wire_parse(waiting->bytes, waiting->message.length, &head) ||
            watch_of(index, watch->key, &head, waiting->message.facts.sent) != watch)
            continue;
        take_out(index, link);
        give(index, watch, &head, &waiting->message);
        free(waiting);
        return true;
    }
    return false;
}

void wire_index_watch(struct wire_index *index, struct wire_watch *watch)
{
    if (index->watch_count == index->bucket_count)
        grow(index);
    watch->key = key_of(index, watch->call_id, strlen(watch->call_id));
    insert(index, watch);
    index->watch_count++;
    while (watch->watching && claim(index, watch))
        ;
}

void wire_index_unwatch(struct wire_index *index, struct wire_watch *watch)
{
    struct wire_watch **link = &index->buckets[watch->key & (index->bucket_count - 1)];
    forget_seen(watch);
    while (*link && *link != watch)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = watch->next;
    index->watch_count--;
}
