#include "cmtest/impairment.h"

#include <stdlib.h>
#include <string.h>

#include "cmtest/arena.h"
#include "cmtest/random.h"

#define TIME_MAX_NS INT64_C(3600000000000)
#define PASS_MAX_NS INT64_C(200000000) /* a packet that is taken out waits so long for each */
#define COPIES 2

enum fate { FATE_LOSS, FATE_DUPLICATE, FATE_REORDER, FATE_JITTER, FATES };

/* One offered packet, shared by its copies. */
struct body {
    uint64_t index;
    int64_t offered_ns;
    unsigned copies; /* that wait */
    bool left;       /* one has been delivered */
    size_t length;
    uint8_t bytes[];
};

struct entry {
    int64_t due_ns;
    uint64_t order; /* among those due at the same time */
    struct body *body;
};

/* Taken out until enough others have passed. */
struct held {
    struct body *body;
    int64_t due_ns[COPIES];
    int64_t passed_ns; /* when the latest of those that passed is due */
    int64_t until_ns;
    uint32_t others; /* still to pass */
};

struct impairment {
    struct impairment_config config;
    struct impairment_truth truth;
    struct random random[FATES];
    uint64_t counted; /* for every Nth */
    bool bad;         /* state of the burst model */
    int64_t last_ns;  /* the latest due time of those in order */
    uint64_t orders;
    uint64_t furthest; /* index of the newest packet delivered, plus 1 */
    size_t waiting;    /* copies, in the heap and held */
    struct entry *heap;
    size_t heap_count, heap_room;
    struct held *held;
    size_t held_count, held_room;
};

static double percent(double value)
{
    return value > 0 ? value < 100 ? value : 100 : 0;
}

static int64_t duration(int64_t value)
{
    return value < 0 ? 0 : value < TIME_MAX_NS ? value : TIME_MAX_NS;
}

void impairment_change(struct impairment *impairment, const struct impairment_config *config)
{
    struct impairment_config *own = &impairment->config;
    *own = *config;
    own->loss = percent(own->loss);
    own->burst.enter = percent(own->burst.enter);
    own->burst.leave = percent(own->burst.leave);
    own->burst.loss_good = percent(own->burst.loss_good);
    own->burst.loss_bad = percent(own->burst.loss_bad);
    own->reorder = percent(own->reorder);
    own->duplicate = percent(own->duplicate);
    own->delay_ns = duration(own->delay_ns);
    own->jitter_ns = duration(own->jitter_ns);
    own->distance = own->distance ? own->distance : 1;
    impairment->counted = 0;
    impairment->bad = false;
}

struct impairment *impairment_new(const struct impairment_config *config, uint64_t seed)
{
    struct impairment *impairment = mem_alloc(sizeof *impairment);
    struct random seeds;
    memset(impairment, 0, sizeof *impairment);
    impairment->last_ns = INT64_MIN;
    random_init(&seeds, seed);
    for (int fate = 0; fate < FATES; fate++)
        random_init(&impairment->random[fate], random_next(&seeds));
    impairment_change(impairment, config);
    return impairment;
}

static void release(struct body *body)
{
    if (--body->copies == 0)
        free(body);
}

void impairment_free(struct impairment *impairment)
{
    if (!impairment)
        return;
    for (size_t i = 0; i < impairment->heap_count; i++)
        release(impairment->heap[i].body);
    for (size_t i = 0; i < impairment->held_count; i++)
        free(impairment->held[i].body);
    free(impairment->heap);
    free(impairment->held);
    free(impairment);
}

/* ---- the heap of what is due ---- */

static bool earlier(const struct entry *a, const struct entry *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void swap(struct entry *a, struct entry *b)
{
    struct entry other = *a;
    *a = *b;
    *b = other;
}

static void push(struct impairment *impairment, struct body *body, int64_t due_ns)
{
    if (impairment->heap_count == impairment->heap_room) {
        impairment->heap_room = impairment->heap_room ? 2 * impairment->heap_room : 16;
        impairment->heap =
            mem_grow(impairment->heap, impairment->heap_room, sizeof *impairment->heap);
    }
    struct entry *heap = impairment->heap;
    size_t at = impairment->heap_count++;
    heap[at] = (struct entry){due_ns, impairment->orders++, body};
    for (; at && earlier(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
}

static struct entry pop(struct impairment *impairment)
{
    struct entry *heap = impairment->heap, first = heap[0];
    size_t count = --impairment->heap_count;
    heap[0] = heap[count];
    for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && earlier(&heap[child + 1], &heap[child]))
            child++;
        if (!earlier(&heap[child], &heap[at]))
            break;
        swap(&heap[at], &heap[child]);
    }
    return first;
}

/* ---- fates ---- */

static bool happens(struct impairment *impairment, enum fate fate, double chance)
{
    return chance > 0 && random_unit(&impairment->random[fate]) < chance / 100;
}

static bool is_lost(struct impairment *impairment)
{
    const struct impairment_config *config = &impairment->config;
    if (config->loss_every)
        return ++impairment->counted % config->loss_every == 0;
    if (config->burst.enter <= 0)
        return happens(impairment, FATE_LOSS, config->loss);
    if (impairment->bad)
        impairment->bad = !happens(impairment, FATE_LOSS, config->burst.leave);
    else
        impairment->bad = happens(impairment, FATE_LOSS, config->burst.enter);
    return happens(impairment, FATE_LOSS,
                   impairment->bad ? config->burst.loss_bad : config->burst.loss_good);
}

static int64_t delayed(struct impairment *impairment, int64_t now_ns)
{
    const struct impairment_config *config = &impairment->config;
    uint64_t spread = 2 * (uint64_t)config->jitter_ns;
    int64_t jitter = 0;
    if (spread)
        jitter = (int64_t)random_below(&impairment->random[FATE_JITTER], spread + 1);
    return now_ns + config->delay_ns + jitter;
}

static void hold(struct impairment *impairment, struct body *body, int64_t now_ns)
{
    if (impairment->held_count == impairment->held_room) {
        impairment->held_room = impairment->held_room ? 2 * impairment->held_room : 4;
        impairment->held =
            mem_grow(impairment->held, impairment->held_room, sizeof *impairment->held);
    }
    struct held *held = &impairment->held[impairment->held_count++];
    *held = (struct held){.body = body, .others = impairment->config.distance};
    held->passed_ns = INT64_MIN;
    for (unsigned i = 0; i < body->copies; i++)
        held->due_ns[i] = delayed(impairment, now_ns);
    held->until_ns = held->due_ns[0] + PASS_MAX_NS * held->others;
}

static void let_go(struct impairment *impairment, size_t at, int64_t earliest_ns)
{
    struct held held = impairment->held[at];
    /* In the order in which they were taken out: they do not overtake each other. */
    memmove(&impairment->held[at], &impairment->held[at + 1],
            (--impairment->held_count - at) * sizeof held);
    for (unsigned i = 0; i < held.body->copies; i++)
        push(impairment, held.body, held.due_ns[i] > earliest_ns ? held.due_ns[i] : earliest_ns);
}

/* A packet in its order, due at due_ns at the latest, passes those that are taken out. */
static void pass(struct impairment *impairment, int64_t due_ns)
{
    for (size_t i = 0; i < impairment->held_count;) {
        struct held *held = &impairment->held[i];
        if (held->passed_ns < due_ns)
            held->passed_ns = due_ns;
        if (--held->others == 0)
            let_go(impairment, i, held->passed_ns);
        else
            i++;
    }
}

static void go_in_order(struct impairment *impairment, struct body *body, int64_t now_ns)
{
    int64_t latest_ns = INT64_MIN;
    for (unsigned i = 0; i < body->copies; i++) {
        int64_t due_ns = delayed(impairment, now_ns);
        if (impairment->config.keep_order && due_ns < impairment->last_ns)
            due_ns = impairment->last_ns;
        if (due_ns > impairment->last_ns)
            impairment->last_ns = due_ns;
        if (due_ns > latest_ns)
            latest_ns = due_ns;
        push(impairment, body, due_ns);
    }
    pass(impairment, latest_ns);
}

void impairment_offer(struct impairment *impairment, const uint8_t *bytes, size_t length,
                      int64_t now_ns)
{
    uint64_t index = impairment->truth.offered++;
    if (is_lost(impairment)) {
        impairment->truth.lost++;
        return;
    }
    bool twice = happens(impairment, FATE_DUPLICATE, impairment->config.duplicate);
    bool out = happens(impairment, FATE_REORDER, impairment->config.reorder);
    if (!length || length > IMPAIRMENT_BYTES || impairment->waiting >= IMPAIRMENT_PACKETS) {
        impairment->truth.overflowed++;
        return;
    }
    struct body *body = mem_alloc(sizeof *body + length);
    *body = (struct body){.index = index, .offered_ns = now_ns, .copies = 1, .length = length};
    memcpy(body->bytes, bytes, length);
    if (twice && impairment->waiting + 1 < IMPAIRMENT_PACKETS)
        body->copies = COPIES;
    impairment->waiting += body->copies;
    if (out)
        hold(impairment, body, now_ns);
    else
        go_in_order(impairment, body, now_ns);
}

/* ---- leaving ---- */

int64_t impairment_due(const struct impairment *impairment)
{
    int64_t due_ns = impairment->heap_count ? impairment->heap[0].due_ns : INT64_MAX;
    for (size_t i = 0; i < impairment->held_count; i++)
        if (impairment->held[i].until_ns < due_ns)
            due_ns = impairment->held[i].until_ns;
    return due_ns;
}

static void count(struct impairment *impairment, struct body *body, int64_t delay_ns)
{
    struct impairment_truth *truth = &impairment->truth;
    if (!truth->delivered || delay_ns < truth->delay_min_ns)
        truth->delay_min_ns = delay_ns;
    if (!truth->delivered || delay_ns > truth->delay_max_ns)
        truth->delay_max_ns = delay_ns;
    truth->delay_sum_ns += delay_ns;
    truth->delivered++;
    if (body->left) {
        truth->duplicated++;
    } else if (body->index < impairment->furthest) {
        truth->reordered++;
    } else {
        impairment->furthest = body->index + 1;
    }
    body->left = true;
}

size_t impairment_take(struct impairment *impairment, int64_t now_ns, uint8_t *out, int64_t *due_ns)
{
    for (size_t i = 0; i < impairment->held_count;) {
        int64_t until_ns = impairment->held[i].until_ns;
        if (until_ns <= now_ns)
            let_go(impairment, i, until_ns);
        else
            i++;
    }
    if (!impairment->heap_count || impairment->heap[0].due_ns > now_ns)
        return 0;
    struct entry entry = pop(impairment);
    size_t length = entry.body->length;
    memcpy(out, entry.body->bytes, length);
    *due_ns = entry.due_ns;
    count(impairment, entry.body, entry.due_ns - entry.body->offered_ns);
    impairment->waiting--;
    release(entry.body);
    return length;
}

void impairment_truth(const struct impairment *impairment, struct impairment_truth *truth)
{
    *truth = impairment->truth;
    truth->waiting = impairment->waiting;
}
