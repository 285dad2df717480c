#include "display.h"
#include "frame.h"
#include "say.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_NS (200 * NS_PER_MS)
#define LINE_NS (5 * NS_PER_S)

enum stage { STAGE_RECEIVERS, STAGE_CALLERS, STAGE_CALLING, STAGE_MEDIA, STAGE_TEARDOWN, STAGES };

static const char *const stage_names[STAGES] = {"registering receivers", "registering callers",
                                                "calling", "media", "teardown"};

#define SCALES (EMODEL_FULL + 1)

/* A figure of one scale says nothing beside one of another: each has its own worst. */
struct worst_mos {
    bool known;
    double mos;
    uint32_t endpoint;
};

struct display {
    const struct plan *plan;
    struct display_place place;
    const struct options *options;
    bool terminal;
    int64_t started_ns, drawn_ns;
    struct frame frame;
    unsigned columns; /* of the terminal, when it was drawn */
    enum stage stage;
    bool *caller;
    enum endpoint_phase *phases;
    uint32_t receivers, callers;
    uint32_t receivers_settled, callers_settled, calls_waiting, calls_up, calls_tried;
    uint32_t closed, failed;
    int64_t ring_ns;       /* the longest that is planned */
    uint32_t second_calls; /* INVITEs in this second, for the rate */
    int64_t rate_ns;
    double rate;
    struct worst_mos worst[SCALES];
};

struct display *display_new(const struct plan *plan, const struct display_place *place,
                            const struct options *options)
{
    struct display *display = mem_alloc(sizeof *display);
    const char *term = getenv("TERM");
    display->plan = plan;
    display->place = *place;
    display->options = options;
    display->terminal =
        isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0 && !options->verbose;
    display->started_ns = display->rate_ns = clock_now();
    display->caller = mem_array(plan->endpoint_count, sizeof *display->caller);
    display->phases = mem_array(plan->endpoint_count, sizeof *display->phases);
    for (size_t i = 0; i < plan->endpoint_count; i++) {
        display->caller[i] = plan->roster.endpoints[i].role == ROLE_CALLER;
        *(display->caller[i] ? &display->callers : &display->receivers) += 1;
    }
    for (size_t g = 0; g < plan->group_count; g++)
        if (plan->groups[g].called && plan_ring_ns(&plan->groups[g]) > display->ring_ns)
            display->ring_ns = plan_ring_ns(&plan->groups[g]);
    return display;
}

void display_free(struct display *display)
{
    if (!display)
        return;
    free(display->caller);
    free(display->phases);
    free(display);
}

static void print_message(const struct display *display, const struct event *event)
{
    const struct event_message *message = &event->message;
    char name[96], reason[64];
    roster_endpoint_name(&display->plan->roster, event->endpoint, name, sizeof name);
    int64_t at = event->at_ns - clock_utc(display->started_ns);
    /* A reason phrase comes from the network; it must not drive the terminal. */
    size_t length = 0;
    for (const char *c = message->reason; *c && length + 1 < sizeof reason; c++)
        reason[length++] = *c >= 0x20 && *c < 0x7f ? *c : '?';
    reason[length] = '\0';
    if (message->status)
        say(stderr, "%9.3f %-16s %s %u %s (%s)\n", (double)at / NS_PER_S, name,
            message->sent ? "->" : "<-", message->status, reason, message->method);
    else
        say(stderr, "%9.3f %-16s %s %s\n", (double)at / NS_PER_S, name, message->sent ? "->" : "<-",
            message->method);
}

static bool waits(enum endpoint_phase phase)
{
    return phase == PHASE_CALLING || phase == PHASE_RINGING;
}

static void take_phase(struct display *display, uint32_t endpoint, enum endpoint_phase phase)
{
    enum endpoint_phase before = display->phases[endpoint];
    display->phases[endpoint] = phase;
    if (!display->caller[endpoint])
        return;
    if (phase == PHASE_CALLING) {
        display->calls_tried++;
        display->second_calls++;
    }
    display->calls_waiting += waits(phase);
    display->calls_waiting -= waits(before);
    display->calls_up += phase == PHASE_INCALL;
    display->calls_up -= before == PHASE_INCALL;
}

static void take_second(struct display *display, uint32_t endpoint,
                        const struct event_second *second)
{
    struct worst_mos *worst = &display->worst[second->scale];
    double mos = 0;
    if (second->direction != DIRECTION_RECEIVE || !event_second_is_sample(second) ||
        !second_get(second, READING_MOS, &mos) || (worst->known && mos >= worst->mos))
        return;
    *worst = (struct worst_mos){true, mos, endpoint};
}

void display_event(void *to, const struct event *event)
{
    struct display *display = to;
    switch (event->kind) {
    case EVENT_PHASE:
        take_phase(display, event->endpoint, event->phase);
        break;
    case EVENT_MESSAGE:
        if (display->options->verbose)
            print_message(display, event);
        break;
    case EVENT_REGISTRATION:
        *(display->caller[event->endpoint] ? &display->callers_settled
                                           : &display->receivers_settled) += 1;
        break;
    case EVENT_SECOND:
        take_second(display, event->endpoint, &event->second);
        break;
    case EVENT_OUTCOME:
        display->closed++;
        display->failed += outcome_severity(event->outcome.outcome) > 1;
        break;
    case EVENT_MEDIA:
    case EVENT_RECORDING:
    case EVENT_CALL:
    case EVENT_ACTION:
    case EVENT_DIGIT:
    case EVENT_TRACE:
    case EVENT_STOP:
    case EVENT_FIGURE:
    case EVENT_REMOTE:
    case EVENT_PACING:
    case EVENT_MACHINE:
    case EVENT_HEALTH:
        break;
    }
}

static enum stage stage_now(const struct display *display)
{
    bool waiting = display->calls_waiting && !display->calls_up;
    if (display->closed && !waiting && !display->calls_up &&
        display->callers_settled == display->callers)
        return STAGE_TEARDOWN;
    if (display->receivers_settled < display->receivers)
        return STAGE_RECEIVERS;
    if (display->callers_settled < display->callers && !display->calls_tried)
        return STAGE_CALLERS;
    if (waiting || (display->calls_tried < display->callers &&
                    display->closed < display->plan->endpoint_count))
        return STAGE_CALLING;
    return STAGE_MEDIA;
}

/* "3.91 narrow band (callers[2]), 4.30 full band (agents[0])" */
static void format_mos(const struct display *display, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < SCALES && used < size; i++) {
        char name[96];
        if (!display->worst[i].known)
            continue;
        roster_endpoint_name(&display->plan->roster, display->worst[i].endpoint, name, sizeof name);
        int more = snprintf(out + used, size - used, "%s%.2f %s band (%s)", used ? ", " : "",
                            display->worst[i].mos, emodel_scale_name((enum emodel_scale)i), name);
        used += more > 0 ? (size_t)more : 0;
    }
    if (!used)
        snprintf(out, size, "not measured yet");
}

/* What the plan takes when all goes well; nobody can know about the rest. */
static double seconds_left(const struct display *display, int64_t now)
{
    int64_t end = display->started_ns + display->plan->buildup_ns + display->ring_ns +
                  display->plan->duration_ns;
    return end > now ? (double)(end - now) / NS_PER_S : 0;
}

static void format_left(const struct display *display, int64_t now, char *out, size_t size)
{
    double left = seconds_left(display, now), later = (double)display->place.later_ns / NS_PER_S;
    out[0] = '\0';
    if (left >= 0.5 && display->place.number < display->place.count)
        snprintf(out, size, ", about %.0f s left, %.0f s in all", left, left + later);
    else if (left >= 0.5)
        snprintf(out, size, ", about %.0f s left", left);
}

/* "case 3/12, attempt 2: "; empty when there is nothing to tell apart. */
static void format_place(const struct display *display, char *out, size_t size)
{
    const struct display_place *place = &display->place;
    bool several = place->count > 1, again = place->attempt > 1;
    char number[40] = "", attempt[40] = "";
    if (several)
        snprintf(number, sizeof number, "case %u/%u", place->number, place->count);
    if (again)
        snprintf(attempt, sizeof attempt, "%sattempt %u", several ? ", " : "", place->attempt);
    snprintf(out, size, "%s%s%s", number, attempt, several || again ? ": " : "");
}

static void draw(struct display *display, int64_t now)
{
    struct frame *frame = &display->frame;
    char mos[400], left[64], place[96];
    format_mos(display, mos, sizeof mos);
    format_left(display, now, left, sizeof left);
    format_place(display, place, sizeof place);
    frame_begin(frame, display->columns);
    if (display->place.name && display->place.count > 1)
        frame_row(frame, "%s%s", place, display->place.name);
    frame_row(frame, "%s%s  %.0f s%s", display->place.name && display->place.count > 1 ? "" : place,
              stage_names[display->stage], (double)(now - display->started_ns) / NS_PER_S, left);
    frame_row(frame, "  registered  receivers %u/%u  callers %u/%u", display->receivers_settled,
              display->receivers, display->callers_settled, display->callers);
    /* What matters most first, for a narrow terminal. */
    frame_row(frame, "  calls       up %u  tried %u/%u  failed %u  waiting %u  %.1f/s",
              display->calls_up, display->calls_tried, display->callers, display->failed,
              display->calls_waiting, display->rate);
    frame_row(frame, "  worst MOS   %s", mos);
    frame_show(frame);
}

static void print_line(struct display *display, int64_t now)
{
    char mos[400], place[96];
    format_mos(display, mos, sizeof mos);
    format_place(display, place, sizeof place);
    say(stderr,
        "%6.1f s  %s%s: registered %u/%u, calls waiting %u, up %u, tried %u/%u, failed "
        "endpoints %u, worst MOS %s\n",
        (double)(now - display->started_ns) / NS_PER_S, place, stage_names[display->stage],
        display->receivers_settled + display->callers_settled,
        display->receivers + display->callers, display->calls_waiting, display->calls_up,
        display->calls_tried, display->callers, display->failed, mos);
}

void display_tick(void *to, int64_t now)
{
    struct display *display = to;
    if (display->options->quiet)
        return;
    enum stage stage = stage_now(display);
    bool changed = stage > display->stage;
    if (changed)
        display->stage = stage;
    if (now - display->rate_ns >= NS_PER_S) {
        display->rate = (double)display->second_calls * NS_PER_S / (double)(now - display->rate_ns);
        display->second_calls = 0;
        display->rate_ns = now;
    }
    int64_t pause = display->terminal ? REDRAW_NS : LINE_NS;
    unsigned columns = display->terminal ? terminal_width(STDERR_FILENO) : 0;
    changed = changed || columns != display->columns;
    if (!changed && display->drawn_ns && now - display->drawn_ns < pause)
        return;
    display->drawn_ns = now;
    display->columns = columns;
    if (display->terminal)
        draw(display, now);
    else
        print_line(display, now);
}

void display_end(struct display *display)
{
    if (display->terminal)
        frame_end(&display->frame);
}

void display_restore(void)
{
    frame_restore_cursor();
}
