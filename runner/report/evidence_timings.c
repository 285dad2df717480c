/* The figures of a call, those of both sides beside each other. */
#include <stdio.h>
#include "evidence.h"
#include "words.h"

enum figure {
    FIGURE_REGISTRATION,
    FIGURE_TRYING,
    FIGURE_RINGING,
    FIGURE_PDD,
    FIGURE_EARLY_MEDIA,
    FIGURE_SETUP,
    FIGURE_FAILED,
    FIGURE_FIRST_MEDIA,
    FIGURE_DURATION,
    FIGURE_TEARDOWN,
    FIGURE_COUNT
};

/* By the names of the metrics. */
static const char *const figure_names[FIGURE_COUNT] = {
    "registration.time",   "time_to_trying",  "time_to_ringing",  "post_dial_delay",
    "time_to_early_media", "call_setup_time", "failed_call_time", "time_to_first_media",
    "call_duration",       "teardown_time"};

static int64_t figure(const struct result_endpoint *endpoint, enum figure figure)
{
    const struct event_call *call = &endpoint->call;
    if (figure == FIGURE_REGISTRATION)
        return endpoint->registered_known && endpoint->registration.ok
                   ? endpoint->registration.time_ns
                   : EVENT_NONE;
    if (!endpoint->call_known)
        return EVENT_NONE;
    const int64_t times[FIGURE_COUNT] = {[FIGURE_TRYING] = call->trying_ns,
                                         [FIGURE_RINGING] = call->ringing_ns,
                                         [FIGURE_PDD] = call->pdd_ns,
                                         [FIGURE_EARLY_MEDIA] = call->early_media_ns,
                                         [FIGURE_SETUP] = call->setup_ns,
                                         [FIGURE_FAILED] = call->failed_ns,
                                         [FIGURE_FIRST_MEDIA] = call->first_media_ns,
                                         [FIGURE_DURATION] = call->duration_ns,
                                         [FIGURE_TEARDOWN] = call->teardown_ns};
    return times[figure];
}

static void put_cell(struct text *out, const char *words)
{
    text_printf(out, "  %20s", words);
}

static void put_figure(const struct result_endpoint *const sides[EVIDENCE_SIDES], enum figure which,
                       struct text *out)
{
    text_printf(out, "  %-24s", figure_names[which]);
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        const struct result_endpoint *endpoint = sides[side];
        if (!endpoint)
            continue;
        struct text time = {0};
        int64_t ns = figure(endpoint, which);
        if (ns == EVENT_NONE) {
            text_add(&time, "-");
        } else {
            words_ms(&time, ns);
            text_add(&time, " ms");
        }
        put_cell(out, text_get(&time));
        text_fini(&time);
    }
    text_add(out, "\n");
}

static void put_counts(const struct result_endpoint *const sides[EVIDENCE_SIDES],
                       const struct evidence_steps *steps, struct text *out)
{
    static const char *const names[] = {"messages sent again", "messages received again"};
    for (int received = 0; received < 2; received++) {
        text_printf(out, "  %-24s", names[received]);
        for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
            const struct result_endpoint *endpoint = sides[side];
            unsigned count = 0;
            char number[16];
            for (size_t i = 0; i < steps->count; i++) {
                const struct evidence_step *step = &steps->list[i];
                count +=
                    step->side == side && step->facts.repeated && step->facts.sent == !received;
            }
            snprintf(number, sizeof(number), "%u", count);
            if (endpoint)
                put_cell(out, number);
        }
        text_add(out, "\n");
    }
}

void evidence_timings(const struct result *result, const struct evidence *call,
                      const struct evidence_steps *steps, struct text *out)
{
    const struct result_endpoint *sides[EVIDENCE_SIDES];
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++)
        sides[side] =
            call->sides[side] == ROSTER_NONE ? NULL : &result->endpoints[call->sides[side]];
    text_printf(out, "\nTIMINGS\n\n  %-24s", "");
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        struct text who = {0};
        char name[96];
        if (!sides[side])
            continue;
        roster_endpoint_name(result->roster, call->sides[side], name, sizeof(name));
        words_ascii(&who, name);
        put_cell(out, text_get(&who));
        text_fini(&who);
    }
    text_add(out, "\n");
    for (int which = 0; which < FIGURE_COUNT; which++) {
        bool any = false;
        for (unsigned side = 0; side < EVIDENCE_SIDES; side++)
            any = any || (sides[side] && figure(sides[side], (enum figure)which) != EVENT_NONE);
        if (any)
            put_figure(sides, (enum figure)which, out);
    }
    put_counts(sides, steps, out);
}
