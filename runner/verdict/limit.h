/*
 * limit: a resource of this machine that may have been the limit of a run. One row per resource
 * under runner/verdict/limits/; its order there is that of the report, causes before what came of
 * them. A row reads the result and nothing else.
 */
#ifndef VERDICT_LIMIT_H
#define VERDICT_LIMIT_H

#include "health.h"

/* What a limit does to what is measured. */
enum limit_effect {
    EFFECT_MEDIA_LATE = 1 << 0,  /* RTP left late */
    EFFECT_MEDIA_LOST = 1 << 1,  /* RTP or RTCP was lost here */
    EFFECT_SIP_LATE = 1 << 2,    /* SIP was handled late: milliseconds */
    EFFECT_SIP_STOPPED = 1 << 3, /* not for long enough that answers fail to come, or were lost */
    EFFECT_UNABLE = 1 << 4,      /* something could not be had: a socket, memory */
    EFFECT_MEDIA_GAP = 1 << 5,   /* RTP stood still for a moment: too short for a mean to move */
    EFFECT_SIP_GAP = 1 << 6      /* the same of SIP */
};

struct limit {
    const char *name;
    /* LIMIT_NONE: it was none, and *out is not looked at. Else what it bends is in *effects. */
    enum limit_harm (*measure)(const struct result *result, struct result_limit *out,
                               unsigned *effects);
};

extern const struct limit *const limits[]; /* NULL-terminated */

/* The effects, whatever their cause. */
bool limit_media_late(const struct result *result);
bool limit_not_paced(const struct result *result, double *share);
bool limit_sip_late(const struct result *result);
bool limit_sip_stopped(const struct result *result);
/* How long media, or SIP, stood still at its worst, when that was long enough to be seen in single
 * seconds, packets or calls; else 0. */
int64_t limit_media_gap(const struct result *result);
int64_t limit_sip_gap(const struct result *result);
bool limit_starts_late(const struct result *result, uint64_t *late, uint64_t *asked);

/* How many of the run's endpoints would fit when they get `share` (0..1) of what they have now;
 * at least 1 when there are any. 0: not known. */
uint32_t limit_fits(const struct result *result, double share);
/* By what was measured before the run; 0 when all would have fitted, or it is not known. */
uint32_t limit_fitted(const struct result *result);

#endif
