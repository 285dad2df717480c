#include "course.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

#define PHASES (PHASE_CLOSED + 1)

static bool stands_for_call(const struct course *course, uint32_t endpoint)
{
    return course->no_callers || course->roster->endpoints[endpoint].role == ROLE_CALLER;
}

void course_init(struct course *course, const struct roster *roster, int64_t started_ns)
{
    uint32_t callers = 0;
    size_t cells = (size_t)roster->endpoint_count * PHASES;
    for (uint32_t i = 0; i < roster->endpoint_count; i++)
        callers += roster->endpoints[i].role == ROLE_CALLER;
    *course = (struct course){.roster = roster,
                              .started_ns = started_ns,
                              .phases = mem_array(cells, sizeof(int64_t)),
                              .settled = mem_array((size_t)roster->endpoint_count / 8 + 1, 1),
                              .unsettled = callers ? callers : roster->endpoint_count,
                              .no_callers = callers == 0,
                              .settled_ns = started_ns,
                              .first_bye_ns = EVENT_NONE};
    for (size_t i = 0; i < cells; i++)
        course->phases[i] = EVENT_NONE;
}

void course_fini(struct course *course)
{
    free(course->phases);
    free(course->settled);
}

static void settle(struct course *course, const struct event *event)
{
    uint8_t bit = (uint8_t)(1u << event->endpoint % 8), *byte;
    if (!stands_for_call(course, event->endpoint))
        return;
    byte = &course->settled[event->endpoint / 8];
    if (*byte & bit)
        return;
    *byte |= bit;
    course->unsettled--;
    if (event->at_ns > course->settled_ns)
        course->settled_ns = event->at_ns;
}

void course_event(struct course *course, const struct event *event)
{
    int64_t *phases = &course->phases[(size_t)event->endpoint * PHASES];
    if (event->kind == EVENT_PHASE && (unsigned)event->phase < PHASES) {
        if (phases[event->phase] == EVENT_NONE)
            phases[event->phase] = event->at_ns;
        if (event->phase >= PHASE_INCALL)
            settle(course, event);
    } else if (event->kind == EVENT_CALL || event->kind == EVENT_OUTCOME) {
        settle(course, event);
    } else if (event->kind == EVENT_MESSAGE && event->message.sent && event->message.status == 0 &&
               strcmp(event->message.method, "BYE") == 0 && phases[PHASE_INCALL] != EVENT_NONE) {
        if (course->first_bye_ns == EVENT_NONE || event->at_ns < course->first_bye_ns)
            course->first_bye_ns = event->at_ns;
    }
}

bool course_limits(const struct course *course, enum threshold_phase during, int64_t now_ns,
                   int64_t *from_ns, int64_t *to_ns)
{
    *from_ns = course->started_ns;
    *to_ns = now_ns;
    if (during == DURING_STEADY) {
        if (course->unsettled > 0)
            return false;
        *from_ns = course->settled_ns;
        if (course->first_bye_ns != EVENT_NONE && course->first_bye_ns < now_ns)
            *to_ns = course->first_bye_ns;
    } else if (during == DURING_RAMP && course->unsettled == 0 && course->settled_ns < now_ns) {
        *to_ns = course->settled_ns;
    }
    return *from_ns < *to_ns;
}

bool course_holds(const struct course *course, enum threshold_phase during, uint32_t endpoint,
                  int64_t at_ns)
{
    static const enum endpoint_phase phases[THRESHOLD_PHASES] = {
        [DURING_REGISTERED] = PHASE_REGISTERED,
        [DURING_CALLING] = PHASE_CALLING,
        [DURING_RINGING] = PHASE_RINGING,
        [DURING_NEGOTIATING] = PHASE_NEGOTIATING,
        [DURING_INCALL] = PHASE_INCALL};
    int64_t from_ns, to_ns;
    if (during == DURING_ALL)
        return true;
    if (during < DURING_REGISTERED)
        return course_limits(course, during, INT64_MAX, &from_ns, &to_ns) && at_ns >= from_ns &&
               at_ns < to_ns;
    const int64_t *reached = &course->phases[(size_t)endpoint * PHASES];
    enum endpoint_phase phase = PHASE_INITIALIZING;
    for (int i = 0; i < PHASES; i++)
        if (reached[i] != EVENT_NONE && reached[i] <= at_ns)
            phase = (enum endpoint_phase)i;
    return phase == phases[during];
}
