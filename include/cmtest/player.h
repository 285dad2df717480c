/*
 * player: one endpoint's run through the steps of its group. Told what happens and what time it is,
 * it asks a performer for what is due, judges what came of it, and tells one event_action per step
 * that was begun or left out.
 *
 * Pure but for what the performer does: time is an argument, and the same calls give the same
 * events in the same order. Of steps that are due at one moment the earlier one of the script goes
 * first. Runs on its endpoint's thread.
 */
#ifndef CMTEST_PLAYER_H
#define CMTEST_PLAYER_H

#include "cmtest/event.h"
#include "cmtest/scenario.h"

#define PLAYER_NEVER INT64_MAX
/* Runs of steps that are under way at once; what would be one more is told as failed. */
#define PLAYER_RUNS_MAX 64
/* Media and digits that a step expects are waited for so long after it was done, when it says
 * nothing of a time. */
#define PLAYER_PATIENCE_NS INT64_C(2000000000)

struct player;

/* What came of a step. */
struct report {
    bool ok;                       /* by itself: as the one who asked for it would want it */
    uint16_t status;               /* of the final response; 0: none came, or none belongs to it */
    const char *why;               /* what went wrong, one sentence; NULL */
    const char *direction, *codec; /* as agreed afterwards; NULL: not known */
    const char *answer;            /* the final response, without credentials; NULL; borrowed until
                                      player_done() returns */
    size_t answer_length;
    const char *seen; /* whatever else, a few words; NULL */
    int64_t at_ns;    /* when it was over, now or a little before; 0: now */
};

/* script, performer and who are borrowed; tell is called inside of the calls below. event.at_ns and
 * all times of event_action are on the scale of the now_ns that come. */
struct player *player_new(const struct script *script, const struct performer *performer, void *who,
                          void (*tell)(void *who, const struct event_action *action));
void player_free(struct player *player);

/* at_ns: when it happened, now or a little before. A sequence of digits is one of digits that came
 * by one method. */
void player_occurred(struct player *player, int64_t now_ns, int64_t at_ns,
                     const struct occurrence *occurrence);
/* What a performer was asked for is done. A ticket that is over is ignored. */
void player_done(struct player *player, int64_t now_ns, uint32_t ticket,
                 const struct report *report);
/* The partner received a digit, which may be one of ours. duration_ns: EVENT_NONE: not known. What
 * a step sends by both methods must arrive by each. */
void player_arrived(struct player *player, int64_t now_ns, enum digit_method method, char digit,
                    int64_t duration_ns);
/* To be called at player_next() or later. */
void player_tick(struct player *player, int64_t now_ns);
/* The next moment at which something is due by time; PLAYER_NEVER. */
int64_t player_next(const struct player *player);
/* The call is over: what is under way has failed; what had its time set and did not get to it too,
 * if the call was answered; the rest is left out. Called again: no effect, like all calls after. */
void player_end(struct player *player, int64_t now_ns);
/* The end is nobody's doing, but the run's: nothing failed by it. */
void player_stop(struct player *player, int64_t now_ns);

#endif
