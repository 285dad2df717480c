#include "arrivals.h"
#include "cmtest/arena.h"
#include "cmtest/text.h"
#include "listening.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits that were heard last: longer sequences cannot be waited for (spec). */
#define HEARD_MAX 64
/* Longer than any call. */
#define FOREVER_NS (INT64_MAX / 4)
/* How often is looked for what must be seen by and by; all figures are exact nevertheless. */
#define LOOK_NS INT64_C(20000000)

struct state {
    uint32_t turns; /* begun, or that should have been */
    bool missed;    /* its event did not come in time */
    uint32_t heard; /* listening.turn that it began in */
};

/* A step that is under way. */
struct run {
    uint32_t ticket; /* 0: free */
    uint32_t step, turn;
    bool otherwise;
    int64_t planned_ns, began_ns;
    int64_t due_ns;               /* STEP without a begin: when it is over; watching: the next look;
                                     PLAYER_NEVER */
    uint64_t from[DIGIT_METHODS]; /* the first digit at the partner that can be its own */
    bool watching;                /* it is done, and this came of it: */
    struct report report;
    int64_t done_ns, complete_ns;
};

struct heard {
    char digits[HEARD_MAX + 1];
    size_t count;
};

struct player {
    const struct script *script;
    const struct performer *performer;
    void *who;
    void (*tell)(void *who, const struct event_action *action);
    struct state *states; /* by step */
    struct run runs[PLAYER_RUNS_MAX];
    uint32_t ticket;                     /* the last one that was given */
    int64_t happened_ns[OCCURRED_NEVER]; /* the first time; PLAYER_NEVER */
    struct heard heard[DIGIT_METHODS];
    enum digit_method heard_last;
    struct listening listening;
    struct arrivals arrivals;
    uint32_t digits_ticket; /* of the step that sent digits last */
    bool over;
};

struct player *player_new(const struct script *script, const struct performer *performer, void *who,
                          void (*tell)(void *who, const struct event_action *action))
{
    struct player *player = mem_alloc(sizeof *player);
    player->script = script;
    player->performer = performer;
    player->who = who;
    player->tell = tell;
    player->states = mem_array(script->count + 1, sizeof *player->states);
    for (size_t i = 0; i < OCCURRED_NEVER; i++)
        player->happened_ns[i] = PLAYER_NEVER;
    return player;
}

void player_free(struct player *player)
{
    if (!player)
        return;
    free(player->states);
    free(player);
}

/* ---- telling --------------------------------------------------------------------------------- */

static const struct step *step_of(const struct player *player, const struct run *run)
{
    const struct step *step = &player->script->steps[run->step];
    return run->otherwise ? step->otherwise : step;
}

static void tell(struct player *player, int64_t now, const struct run *run,
                 const struct report *report, const struct watch *watch, enum action_result result,
                 const char *why)
{
    const struct step *step = step_of(player, run), *named = &player->script->steps[run->step];
    struct event_action told = {.step = run->step,
                                .turn = run->turn,
                                .otherwise = run->otherwise,
                                .result = result,
                                .status = report ? report->status : 0,
                                .planned_ns = run->planned_ns,
                                .began_ns = run->began_ns,
                                .ended_ns = run->began_ns == EVENT_NONE ? EVENT_NONE : now,
                                .stopped_ns = watch ? watch->stopped_ns : EVENT_NONE,
                                .flowing_ns = watch ? watch->flowing_ns : EVENT_NONE};
    text_copy(told.name, sizeof told.name, named->name ? named->name : "");
    text_copy(told.action, sizeof told.action, step->action->choice.word);
    struct text trigger = {0};
    step_describe_trigger(player->script, run->step, &trigger);
    text_copy(told.trigger, sizeof told.trigger, text_get(&trigger));
    text_fini(&trigger);
    expectation_text(&step->expect, told.expected, sizeof told.expected);
    if (report)
        expectation_report_text(report, told.observed, sizeof told.observed);
    if (watch)
        expectation_watch_text(&step->expect, watch, told.observed, sizeof told.observed);
    text_copy(told.detail, sizeof told.detail, why ? why : "");
    player->tell(player->who, &told);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static void begin(struct player *player, int64_t now, int64_t planned, uint32_t number,
                  bool otherwise);
static void serve(struct player *player, int64_t now, int64_t until);

/* over: when that was, now or a little before; what follows is planned for then. */
static void conclude(struct player *player, int64_t now, int64_t over, struct run *slot,
                     const struct report *report, const struct watch *watch, const char *why)
{
    struct run run = *slot;
    slot->ticket = 0;
    tell(player, over, &run, report, watch, why ? ACTION_FAILED : ACTION_DONE, why);
    for (size_t i = 0; i < player->script->count && !run.otherwise && !player->over; i++) {
        const struct step *next = &player->script->steps[i];
        if (next->when != STEP_AFTER || next->after != run.step)
            continue;
        if (!why)
            begin(player, now, over, (uint32_t)i, false);
    }
}

static void look(struct player *player, int64_t now, struct run *run)
{
    char why[192];
    struct arrival digits[ARRIVED_MAX];
    const struct step *step = step_of(player, run);
    const struct step_expect *expect = &step->expect;
    const char *method = step_text(step, "method");
    bool both = expect->dtmf && method && strcmp(method, "both") == 0;
    unsigned methods = both ? 1U << DIGIT_RTP : arrivals_methods(player->script, step);
    struct watch watch = {.began_ns = run->began_ns,
                          .done_ns = run->done_ns,
                          .digits = digits,
                          .digit_count =
                              arrivals_since(&player->arrivals, run->from, methods, digits),
                          .more_digits = player->digits_ticket != run->ticket,
                          .complete_ns = run->complete_ns};
    watch.flows_known = expect->media && player->performer->flows &&
                        player->performer->flows(player->who, &watch.flows);
    enum sight sight = expectation_look(expect, &watch, now, why, sizeof why);
    if (both && sight == SIGHT_MET) {
        watch.digit_count = arrivals_since(&player->arrivals, run->from, 1U << DIGIT_INFO, digits);
        sight = expectation_look(expect, &watch, now, why, sizeof why);
    }
    run->complete_ns = watch.complete_ns;
    struct report report = run->report;
    if (sight == SIGHT_OPEN)
        run->due_ns = now + LOOK_NS;
    else
        conclude(player, now, now, run, &report, &watch, sight == SIGHT_FAILED ? why : NULL);
}

static void finish(struct player *player, int64_t now, struct run *run, const struct report *report)
{
    char room[192];
    const struct step_expect *expect = &step_of(player, run)->expect;
    int64_t over = report->at_ns ? report->at_ns : now;
    const char *why = expectation_judge(expect, over - run->began_ns, report, room, sizeof room);
    if (why || !expectation_watches(expect)) {
        conclude(player, now, over, run, report, NULL, why);
        return;
    }
    run->watching = true;
    run->report = *report;
    run->report.seen = run->report.why = run->report.answer = NULL; /* they do not last */
    run->done_ns = over;
    look(player, now, run);
}

static struct run *run_of(struct player *player, uint32_t ticket)
{
    for (size_t i = 0; i < PLAYER_RUNS_MAX; i++)
        if (player->runs[i].ticket == ticket)
            return &player->runs[i];
    return NULL;
}

static bool awaits_digits(const struct player *player)
{
    bool any = false;
    for (size_t i = 0; i < PLAYER_RUNS_MAX; i++)
        any = any || (player->runs[i].ticket && step_of(player, &player->runs[i])->expect.dtmf);
    return any;
}

static void begin(struct player *player, int64_t now, int64_t planned, uint32_t number,
                  bool otherwise)
{
    struct state *state = &player->states[number];
    struct run run = {.step = number,
                      .turn = otherwise ? 0 : state->turns++,
                      .otherwise = otherwise,
                      .planned_ns = planned,
                      .began_ns = now,
                      .due_ns = PLAYER_NEVER,
                      .complete_ns = EVENT_NONE};
    struct run *slot = run_of(player, 0);
    if (!slot) {
        run.began_ns = EVENT_NONE;
        tell(player, now, &run, NULL, NULL, ACTION_FAILED, "too many steps are under way");
        return;
    }
    const struct step *step = step_of(player, &run);
    run.ticket = ++player->ticket ? player->ticket : ++player->ticket;
    if (step->action->listens)
        run.due_ns = now + listening_patience(step);
    else if (!step->action->begin || step->action->end)
        run.due_ns = now + step_duration(step, "length", step->action->end ? FOREVER_NS : 0);
    if (step_text(step, "digits"))
        player->digits_ticket = run.ticket;
    arrivals_claim(&player->arrivals, now, step, awaits_digits(player), run.from);
    *slot = run;
    const char *why = step->action->begin
                          ? step->action->begin(player->performer, player->who, run.ticket, step)
                          : NULL;
    /* It may have been done inside, and its place be another one's. */
    slot = run_of(player, run.ticket);
    if (why)
        arrivals_unclaim(&player->arrivals, run.from);
    if (why && slot)
        finish(player, now, slot, &(struct report){.why = why});
}

void player_done(struct player *player, int64_t now, uint32_t ticket, const struct report *report)
{
    /* What was due before comes first. */
    if (report->at_ns)
        serve(player, now, report->at_ns);
    struct run *run = ticket ? run_of(player, ticket) : NULL;
    if (run && !run->watching && !player->over)
        finish(player, now, run, report);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* From when `within` counts: the answer, or for what comes before it, the INVITE. */
static int64_t waits_from(const struct player *player, const struct step *step)
{
    bool before = step->on->kind <= OCCURRED_ANSWERED;
    return player->happened_ns[before ? OCCURRED_CALLING : OCCURRED_ANSWERED];
}

/* When it is over that its event may happen. */
static int64_t miss_due(const struct player *player, size_t index)
{
    const struct step *step = &player->script->steps[index];
    const struct state *state = &player->states[index];
    if (!step->within_ns || state->turns || state->missed)
        return PLAYER_NEVER;
    int64_t from = waits_from(player, step);
    return from == PLAYER_NEVER ? PLAYER_NEVER : from + step->within_ns;
}

static bool is_sound(const struct step *step)
{
    return step->when == STEP_ON &&
           (step->on->kind == OCCURRED_AUDIO || step->on->kind == OCCURRED_SILENCE);
}

/* When it begins because sound, or silence, has lasted long enough: once each time. */
static int64_t heard_due(const struct player *player, size_t index)
{
    const struct step *step = &player->script->steps[index];
    const struct state *state = &player->states[index];
    if (!is_sound(step) || state->missed || state->heard == player->listening.turn ||
        (step->times && state->turns >= step->times))
        return PLAYER_NEVER;
    return listening_due(&player->listening, listening_for_audio(step, false), INT64_MIN,
                         listening_length(step, false));
}

/* When a step has something to do by time. */
static int64_t due(const struct player *player, size_t index)
{
    const struct step *step = &player->script->steps[index];
    const struct state *state = &player->states[index];
    if (step->when == STEP_AT) {
        int64_t from = player->happened_ns[step->from];
        return state->turns || from == PLAYER_NEVER ? PLAYER_NEVER : from + step->at_ns;
    }
    if (step->when != STEP_ON)
        return PLAYER_NEVER;
    int64_t heard = heard_due(player, index), missed = miss_due(player, index);
    return heard < missed ? heard : missed;
}

static size_t first_step(const struct player *player, int64_t *when)
{
    size_t first = 0;
    *when = PLAYER_NEVER;
    for (size_t i = 0; i < player->script->count; i++) {
        int64_t at = due(player, i);
        if (at < *when) {
            *when = at;
            first = i;
        }
    }
    return first;
}

/* When what it listens for has been heard. */
static int64_t heard_by(const struct player *player, const struct run *run)
{
    const struct step *step = step_of(player, run);
    if (!step->action->listens || run->watching)
        return PLAYER_NEVER;
    return listening_due(&player->listening, listening_for_audio(step, true), run->began_ns,
                         listening_length(step, true));
}

static struct run *first_run(const struct player *player, int64_t *when)
{
    const struct run *first = NULL;
    *when = PLAYER_NEVER;
    for (size_t i = 0; i < PLAYER_RUNS_MAX; i++) {
        const struct run *run = &player->runs[i];
        if (!run->ticket)
            continue;
        int64_t heard = heard_by(player, run), over = heard < run->due_ns ? heard : run->due_ns;
        /* Of two that are over at once, the one that was begun first. */
        if (over < *when || (first && over == *when && run->ticket < first->ticket)) {
            *when = over;
            first = run;
        }
    }
    return (struct run *)first;
}

static void miss(struct player *player, int64_t at, int64_t now, size_t index)
{
    const struct step *step = &player->script->steps[index];
    char why[256];
    struct run run = {.step = (uint32_t)index, .planned_ns = at, .began_ns = EVENT_NONE};
    const char *digits = step->on->kind == OCCURRED_DIGIT ? step_text(step, "digit") : NULL;
    player->states[index].missed = true;
    const struct heard *heard = &player->heard[player->heard_last];
    int length =
        snprintf(why, sizeof why, "%s%s%s did not happen within %g s", step->on->choice.word,
                 digits ? " of " : "", digits ? digits : "", (double)step->within_ns / 1e9);
    if (step->on->kind == OCCURRED_DIGIT)
        snprintf(why + length, sizeof why - (size_t)length,
                 heard->count ? "; the digits that came are %s" : "; no digit came%s",
                 heard->digits);
    tell(player, now, &run, NULL, NULL, ACTION_FAILED, why);
    if (step->otherwise && !player->over)
        begin(player, now, at, (uint32_t)index, true);
}

static void begin_heard(struct player *player, int64_t now, int64_t planned, size_t index)
{
    player->states[index].heard = player->listening.turn;
    begin(player, now, planned, (uint32_t)index, false);
}

/* Its time is over. */
static void expire(struct player *player, int64_t now, struct run *run)
{
    const struct step *step = step_of(player, run);
    char why[160];
    struct report report = {.ok = !step->action->listens || heard_by(player, run) <= run->due_ns,
                            .why = why};
    if (step->action->end)
        report.why = step->action->end(player->performer, player->who, step);
    else if (report.ok)
        report.why = NULL;
    else
        snprintf(why, sizeof why, "no %s of %g s was heard within %g s; at its end there was %s",
                 listening_for_audio(step, true) ? "audio" : "silence",
                 (double)listening_length(step, true) / 1e9, (double)listening_patience(step) / 1e9,
                 listening_word(&player->listening));
    report.ok = !report.why;
    finish(player, now, run, &report);
}

/* What is due until then. */
static void serve(struct player *player, int64_t now, int64_t until)
{
    while (!player->over) {
        int64_t step_ns, run_ns;
        size_t step = first_step(player, &step_ns);
        struct run *run = first_run(player, &run_ns);
        if (step_ns > until && run_ns > until)
            return;
        if (run_ns <= step_ns && run->watching)
            look(player, now, run);
        else if (run_ns <= step_ns)
            expire(player, now, run);
        else if (player->script->steps[step].when == STEP_AT)
            begin(player, now, step_ns, (uint32_t)step, false);
        else if (heard_due(player, step) == step_ns)
            begin_heard(player, now, step_ns, step);
        else
            miss(player, step_ns, now, step);
    }
}

void player_tick(struct player *player, int64_t now)
{
    serve(player, now, now);
}

/* ---- what happens ---------------------------------------------------------------------------- */

static bool fits(const struct player *player, const struct step *step,
                 const struct occurrence *occurrence)
{
    const char *digits = step_text(step, "digit"), *signal = step_text(step, "signal");
    if (step->on->kind == OCCURRED_SIGNAL)
        return signal && occurrence->signal && strcmp(signal, occurrence->signal) == 0;
    if (step->on->kind != OCCURRED_DIGIT || !digits)
        return true;
    const struct heard *heard = &player->heard[occurrence->method];
    size_t length = strlen(digits);
    return length && length <= heard->count &&
           strncasecmp(heard->digits + heard->count - length, digits, length) == 0;
}

static void hear(struct player *player, const struct occurrence *occurrence)
{
    struct heard *heard = &player->heard[occurrence->method];
    if (heard->count == HEARD_MAX)
        memmove(heard->digits, heard->digits + 1, --heard->count);
    heard->digits[heard->count++] = occurrence->digit;
    heard->digits[heard->count] = '\0';
    player->heard_last = occurrence->method;
}

void player_occurred(struct player *player, int64_t now, int64_t at,
                     const struct occurrence *occurrence)
{
    enum occurrence_kind kind = occurrence->kind;
    if (player->over || kind >= OCCURRED_NEVER)
        return;
    /* What was due before comes first. */
    serve(player, now, at);
    if (player->happened_ns[kind] == PLAYER_NEVER)
        player->happened_ns[kind] = at;
    if (kind == OCCURRED_DIGIT)
        hear(player, occurrence);
    if (kind == OCCURRED_AUDIO || kind == OCCURRED_SILENCE)
        listening_hear(&player->listening, at, kind == OCCURRED_AUDIO);
    for (size_t i = 0; i < player->script->count && !player->over; i++) {
        const struct step *step = &player->script->steps[i];
        const struct state *state = &player->states[i];
        if (step->when == STEP_ON && step->on->kind == kind && !is_sound(step) && !state->missed &&
            (!step->times || state->turns < step->times) && fits(player, step, occurrence))
            begin(player, now, at, (uint32_t)i, false);
    }
    player_tick(player, now);
}

void player_arrived(struct player *player, int64_t now, enum digit_method method, char digit,
                    int64_t duration_ns)
{
    if (player->over)
        return;
    arrivals_add(&player->arrivals, method, digit, duration_ns);
    player_tick(player, now);
}

int64_t player_next(const struct player *player)
{
    int64_t step_ns, run_ns;
    if (player->over)
        return PLAYER_NEVER;
    first_step(player, &step_ns);
    first_run(player, &run_ns);
    return step_ns < run_ns ? step_ns : run_ns;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void leave_out(struct player *player, int64_t now, size_t index, bool fault)
{
    const struct step *step = &player->script->steps[index];
    const struct state *state = &player->states[index];
    int64_t answered = player->happened_ns[OCCURRED_ANSWERED];
    struct run run = {.step = (uint32_t)index, .planned_ns = EVENT_NONE, .began_ns = EVENT_NONE};
    char why[160] = "the call ended first";
    if (state->turns || state->missed)
        return;
    bool timed = step->when == STEP_AT || (step->when == STEP_ON && step->within_ns);
    fault = fault && timed && answered != PLAYER_NEVER;
    if (!fault && step->when == STEP_ON)
        snprintf(why, sizeof why, "%s did not happen", step->on->choice.word);
    else if (!fault && step->when == STEP_AFTER)
        snprintf(why, sizeof why, "%.64s was not done", player->script->steps[step->after].name);
    if (step->when == STEP_AT && player->happened_ns[step->from] != PLAYER_NEVER)
        run.planned_ns = player->happened_ns[step->from] + step->at_ns;
    tell(player, now, &run, NULL, NULL, fault ? ACTION_FAILED : ACTION_SKIPPED, why);
}

static void end(struct player *player, int64_t now, bool fault)
{
    if (player->over)
        return;
    player->over = true;
    for (;;) {
        struct run *first = NULL;
        for (size_t i = 0; i < PLAYER_RUNS_MAX; i++) {
            struct run *run = &player->runs[i];
            if (run->ticket && (!first || run->ticket < first->ticket))
                first = run;
        }
        if (!first)
            break;
        struct run run = *first;
        first->ticket = 0;
        tell(player, now, &run, run.watching ? &run.report : NULL, NULL,
             fault ? ACTION_FAILED : ACTION_SKIPPED,
             run.watching ? "the call ended before all that is expected was seen"
                          : "the call ended first");
    }
    for (size_t i = 0; i < player->script->count; i++)
        leave_out(player, now, i, fault);
}

void player_end(struct player *player, int64_t now)
{
    end(player, now, true);
}

void player_stop(struct player *player, int64_t now)
{
    end(player, now, false);
}
