/* When lines are served: a wheel of slots of 1 ms. */
#include "pacer_private.h"
#include "cmtest/loop.h"

/* A handshake takes several turns of either side, and media waits for it. */
#define SHAKE_POLL_NS (5 * NS_PER_MS)

static int64_t tick_of(const struct pacer *pacer, const struct line *line)
{
    int64_t due = line_due(line), soon = pacer->tick * NS_PER_MS + SHAKE_POLL_NS;
    if (!line_ready(line) && !line->failed && soon < due)
        due = soon;
    /* On the grid what is due in a millisecond leaves at its end. */
    int64_t tick = (pacer->precise ? due : due + NS_PER_MS - 1) / NS_PER_MS;
    return tick > pacer->tick ? tick : pacer->tick + 1;
}

static void put_behind(struct slot *slot, struct line *before, struct line *line)
{
    struct line **link = before ? &before->next : &slot->first;
    line->next = *link;
    *link = line;
    if (slot->last == before)
        slot->last = line;
    slot->count++;
}

void pacer_put(struct pacer *pacer, struct line *line)
{
    line->slot = (uint8_t)(tick_of(pacer, line) % WHEEL);
    struct slot *slot = &pacer->slots[line->slot];
    struct line *before = slot->last;
    if (pacer->precise && before && line_due(before) > line_due(line)) {
        before = NULL;
        for (struct line *at = slot->first; line_due(at) <= line_due(line); at = at->next)
            before = at;
    }
    put_behind(slot, before, line);
}

/* So many lines more in one slot than in another are no matter yet. */
#define UNEVEN 4

/* Where the seed says, or, when others are there already, in the emptiest slot of the packet time
 * ahead: with few lines all follows from the seed, and many are spread evenly. */
static int64_t place_of(const struct pacer *pacer, int64_t tick, int64_t ticks, uint64_t seed)
{
    int64_t wanted = tick + (int64_t)(seed % (uint64_t)ticks), best = wanted;
    for (int64_t i = tick; i < tick + ticks; i++)
        if (pacer->slots[i % WHEEL].count < pacer->slots[best % WHEEL].count)
            best = i;
    bool even = pacer->slots[wanted % WHEEL].count < pacer->slots[best % WHEEL].count + UNEVEN;
    return even ? wanted : best;
}

static struct line *mate_of(const struct pacer *pacer, const struct line *line)
{
    uint32_t partner = pacer->habits[line->endpoint].partner;
    struct line *mate = partner < pacer->line_count ? pacer->lines[partner] : NULL;
    return mate && !mate->closing && mate->period_ns == line->period_ns ? mate : NULL;
}

void pacer_begin(struct pacer *pacer, struct line *line, int64_t now, uint64_t seed)
{
    const struct line *mate = mate_of(pacer, line);
    int64_t ticks = line->period_ns / NS_PER_MS, first = now / NS_PER_MS + 1;
    line->due_ns = place_of(pacer, first, ticks, seed) * NS_PER_MS;
    if (pacer->precise)
        line->due_ns += (int64_t)(seed / 64 % NS_PER_MS);
    else if (mate && mate->due_ns >= now && mate->due_ns < now + 2 * line->period_ns)
        line->due_ns = mate->due_ns;
}

void pacer_enter(struct pacer *pacer, struct line *line)
{
    struct line *mate = mate_of(pacer, line);
    unsigned slot = (unsigned)(tick_of(pacer, line) % WHEEL);
    if (pacer->precise || !mate || mate->slot != slot) {
        pacer_put(pacer, line);
        return;
    }
    line->slot = (uint8_t)slot;
    put_behind(&pacer->slots[slot], mate, line);
}

static bool is_idle(const struct line *line)
{
    return !line->may_send && !line->may_receive && line_ready(line) &&
           !line->impaired[DIRECTION_SEND] && !line->impaired[DIRECTION_RECEIVE];
}

void pacer_advance(struct line *line)
{
    int64_t before = line->due_ns, period = line->period_ns;
    line->due_ns += period;
    if (!is_idle(line))
        return;
    int64_t pause = PACER_IDLE_NS / period * period, left = line->second_ns - before;
    if (pause > left)
        pause = (left + period - 1) / period * period;
    line->paused = pause > period;
    if (!line->paused)
        return;
    line->idle_ns = before;
    line->due_ns = before + pause;
}

void pacer_end_pause(struct line *line)
{
    if (line->paused)
        stream_skip(line->stream, (uint32_t)((line->due_ns - line->idle_ns) / line->period_ns) - 1);
    line->paused = false;
}

static void take_out(struct slot *slot, struct line *line)
{
    struct line *before = NULL;
    for (struct line *at = slot->first; at != line; at = at->next)
        before = at;
    *(before ? &before->next : &slot->first) = line->next;
    if (slot->last == line)
        slot->last = before;
    slot->count--;
}

void pacer_hurry(struct pacer *pacer, struct line *line, int64_t now)
{
    if (!line->paused)
        return;
    int64_t early = (line->due_ns - now) / line->period_ns * line->period_ns;
    int64_t most = line->due_ns - line->idle_ns - line->period_ns;
    take_out(&pacer->slots[line->slot], line);
    line->due_ns -= early < 0 ? 0 : early < most ? early : most;
    pacer_end_pause(line);
    pacer_put(pacer, line);
}

struct line *pacer_take(struct pacer *pacer)
{
    struct slot *slot = &pacer->slots[pacer->tick % WHEEL];
    struct line *first = slot->first;
    *slot = (struct slot){0};
    return first;
}
