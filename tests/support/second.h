/*
 * second: short words for what a struct event_second says.
 */
#ifndef TESTS_SUPPORT_SECOND_H
#define TESTS_SUPPORT_SECOND_H

#include "cmtest/event.h"

#define KNOWS(second, id) second_knows(second, READING_##id)
#define VALUE(second, id) ((second)->value[READING_##id])
#define COUNT(second, id) ((int64_t)(second)->value[READING_##id])

/* Which of loss, jitter and round trip are known, and what follows from them. */
enum { TOLD_LOSS = 1, TOLD_JITTER = 2, TOLD_RTT = 4, TOLD_MOS = 8, TOLD_MOS_CQ = 16 };

static inline unsigned told(const struct event_second *second)
{
    return (KNOWS(second, PACKET_LOSS) ? TOLD_LOSS : 0u) |
           (KNOWS(second, JITTER) ? TOLD_JITTER : 0u) | (KNOWS(second, RTT) ? TOLD_RTT : 0u) |
           (KNOWS(second, MOS) ? TOLD_MOS : 0u) | (KNOWS(second, MOS_CQ) ? TOLD_MOS_CQ : 0u);
}

#endif
