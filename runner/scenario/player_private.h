/* What player.c (which step is due) and expectation.c (what must come of it) share. */
#ifndef CMTEST_PLAYER_PRIVATE_H
#define CMTEST_PLAYER_PRIVATE_H

#include "cmtest/player.h"

/* Longer sequences cannot be expected (spec), and one digit too many is seen. */
#define ARRIVED_MAX 128

/* A digit that came to the partner. */
struct arrival {
    enum digit_method method;
    char digit;
    int64_t duration_ns; /* EVENT_NONE */
    uint64_t number;     /* among those of its method */
};

/* A step that is done and of which more is expected. All times on the player's scale. */
struct watch {
    int64_t began_ns, done_ns;
    const struct arrival *digits; /* that came since it began */
    size_t digit_count;
    bool more_digits; /* of a later step are on their way too */
    bool flows_known;
    struct flows flows;
    int64_t complete_ns;            /* in and out: when the digits were all there; EVENT_NONE */
    int64_t stopped_ns, flowing_ns; /* out: as event_action; EVENT_NONE */
};

enum sight { SIGHT_MET, SIGHT_OPEN, SIGHT_FAILED };

/* "status 200, sendonly within 1 s" into out. */
void expectation_text(const struct step_expect *expect, char *out, size_t size);
/* "status 200, sendonly" into out. */
void expectation_report_text(const struct report *report, char *out, size_t size);
/* Of what came at once. NULL: as expected; else why not, in room. took_ns: from its beginning. */
const char *expectation_judge(const struct step_expect *expect, int64_t took_ns,
                              const struct report *report, char *room, size_t size);
/* Whether more than that is expected. */
bool expectation_watches(const struct step_expect *expect);
/* Of what must be seen by and by. FAILED: why says it. */
enum sight expectation_look(const struct step_expect *expect, struct watch *watch, int64_t now,
                            char *why, size_t size);
/* What was seen, behind what out already has. */
void expectation_watch_text(const struct step_expect *expect, const struct watch *watch, char *out,
                            size_t size);

#endif
