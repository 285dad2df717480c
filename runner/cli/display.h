/*
 * display: what a person sees while a run goes on, on stderr. On a terminal a block redrawn in
 * place; without one a plain line every few seconds and at each change of phase. Fed with events.
 */
#ifndef CMTEST_DISPLAY_H
#define CMTEST_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/command.h"
#include "cmtest/event.h"
#include "cmtest/plan.h"

struct display;

/* Where a run stands among those of the invocation. */
struct display_place {
    unsigned number, count, attempt; /* from 1 */
    const char *name;                /* of the case; NULL */
    int64_t later_ns;                /* what the cases behind it are planned to take */
};

struct display *display_new(const struct plan *plan, const struct display_place *place,
                            const struct options *options);
void display_free(struct display *display);
void display_event(void *display, const struct event *event);
void display_tick(void *display, int64_t now_ns);
/* Leaves the terminal clean for what follows. */
void display_end(struct display *display);

/* Gives the cursor back, at once; for signal handlers. Nothing when it is not hidden. */
void display_restore(void);

#endif
