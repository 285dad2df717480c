#include "display.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_NS (200 * NS_PER_MS)
#define LINE_NS (5 * NS_PER_S)

enum stage { STAGE_RECEIVERS, STAGE_CALLERS, STAGE_CALLING, STAGE_MEDIA, STAGE_TEARDOWN, STAGES };

static const char *const stage_names[STAGES] = {"registering receivers", "registering callers",
                                                "calling", "media", "teardown"};

struct display {
    const struct plan *plan;
    const struct options *options;
    bool terminal;
    int64_t started_ns, drawn_ns;
    unsigned lines_up; /* of the block on the screen */
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
    bool mos_known;
    double worst_mos;
    enum emodel_scale worst_scale;
    uint32_t worst_endpoint;
};

struct display *display_new(const struct plan *plan, const struct options *options)
{
    struct display *display = mem_alloc(sizeof *display);
    const char *term = getenv("TERM");
    display->plan = plan;
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
        fprintf(stderr, "%9.3f %-16s %s %u %s (%s)\n", (double)at / NS_PER_S, name,
                message->sent ? "->" : "<-", message->status, reason, message->method);
    else
        fprintf(stderr, "%9.3f %-16s %s %s\n", (double)at / NS_PER_S, name,
                message->sent ? "->" : "<-", message->method);
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
    double mos = 0;
    if (second->direction != DIRECTION_RECEIVE || !second_get(second, READING_MOS, &mos) ||
        (display->mos_known && mos >= display->worst_mos))
        return;
    display->mos_known = true;
    display->worst_mos = mos;
    display->worst_scale = second->scale;
    display->worst_endpoint = endpoint;
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

static void format_mos(const struct display *display, char *out, size_t size)
{
    char name[96];
    if (!display->mos_known) {
        snprintf(out, size, "not measured yet");
        return;
    }
    roster_endpoint_name(&display->plan->roster, display->worst_endpoint, name, sizeof name);
    snprintf(out, size, "%.2f %s band (%s)", display->worst_mos,
             emodel_scale_name(display->worst_scale), name);
}

/* What the plan takes when all goes well; nobody can know about the rest. */
static double seconds_left(const struct display *display, int64_t now)
{
    int64_t end = display->started_ns + display->plan->buildup_ns + display->ring_ns +
                  display->plan->duration_ns;
    return end > now ? (double)(end - now) / NS_PER_S : 0;
}

static void print_row(struct display *display, unsigned width, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void print_row(struct display *display, unsigned width, const char *format, ...)
{
    char row[256];
    va_list args;
    va_start(args, format);
    vsnprintf(row, sizeof row, format, args);
    va_end(args);
    /* Never wider than the terminal: a wrapped row would break the redrawing. */
    fprintf(stderr, "\033[2K%.*s\n", (int)(width > 1 ? width - 1 : 1), row);
    display->lines_up++;
}

static void draw(struct display *display, int64_t now)
{
    unsigned width = terminal_width(STDERR_FILENO);
    char mos[160];
    format_mos(display, mos, sizeof mos);
    double left = seconds_left(display, now);
    char rest[32] = "";
    if (left >= 0.5)
        snprintf(rest, sizeof rest, ", about %.0f s left", left);
    if (display->lines_up)
        fprintf(stderr, "\033[%uA", display->lines_up);
    display->lines_up = 0;
    print_row(display, width, "%s  %.0f s%s", stage_names[display->stage],
              (double)(now - display->started_ns) / NS_PER_S, rest);
    print_row(display, width, "  registered  receivers %u/%u  callers %u/%u",
              display->receivers_settled, display->receivers, display->callers_settled,
              display->callers);
    print_row(display, width,
              "  calls       waiting %u  up %u  tried %u/%u  %.1f/s  failed endpoints %u",
              display->calls_waiting, display->calls_up, display->calls_tried, display->callers,
              display->rate, display->failed);
    print_row(display, width, "  worst MOS   %s", mos);
    fflush(stderr);
}

static void print_line(struct display *display, int64_t now)
{
    char mos[160];
    format_mos(display, mos, sizeof mos);
    fprintf(stderr,
            "%6.1f s  %s: registered %u/%u, calls waiting %u, up %u, tried %u/%u, failed endpoints "
            "%u, worst MOS %s\n",
            (double)(now - display->started_ns) / NS_PER_S, stage_names[display->stage],
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
    if (!changed && display->drawn_ns && now - display->drawn_ns < pause)
        return;
    display->drawn_ns = now;
    if (display->terminal)
        draw(display, now);
    else
        print_line(display, now);
}

void display_end(struct display *display)
{
    if (display->terminal && display->lines_up)
        fprintf(stderr, "\033[%uA\033[J", display->lines_up);
    display->lines_up = 0;
}
