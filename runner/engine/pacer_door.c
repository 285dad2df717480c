/* What the media thread is told to do. */
#include "cmtest/loop.h"
#include "cmtest/text.h"
#include "pacer_private.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* Not worth a large page. */
#define FEW_STREAMS 16

void pacer_wake(struct pacer *pacer)
{
    static const uint64_t one = 1;
    if (!atomic_exchange(&pacer->resting, false))
        return;
    while (write(pacer->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void pacer_rest(struct pacer *pacer)
{
    struct pollfd wake = {.fd = pacer->wake, .events = POLLIN};
    uint64_t ignored;
    /* What is told before that is seen here, and what is told later wakes it. */
    atomic_store(&pacer->resting, true);
    pacer_obey(pacer);
    int64_t now = clock_now(), left_ms = (pacer->health.since_ns + HEALTH_NS - now) / NS_PER_MS;
    if (!pacer->running && !atomic_load(&pacer->stop) && left_ms > 0 &&
        poll(&wake, 1, (int)left_ms) == 0)
        lag_add(&pacer->lag, clock_now() - now - left_ms * NS_PER_MS);
    atomic_store(&pacer->resting, false);
    (void)!read(pacer->wake, &ignored, sizeof ignored);
    if (!pacer->running)
        pacer->tick = clock_now() / NS_PER_MS;
    else
        pacer_wait(pacer, (pacer->tick + 1) * NS_PER_MS);
}

static void tell(struct pacer *pacer, const struct command *command)
{
    mailbox_put(pacer->commands, command);
    pacer_wake(pacer);
}

void pacer_impair(struct pacer *pacer, uint32_t endpoint,
                  const struct impairment_config *const configs[2], uint64_t seed)
{
    struct command command = {.kind = COMMAND_IMPAIR,
                              .endpoint = endpoint,
                              .fate = {.configs = {configs[0], configs[1]}, .seed = seed}};
    tell(pacer, &command);
}

void pacer_hear(struct pacer *pacer, uint32_t endpoint, const struct plan_hearing *hearing,
                const char *group, uint32_t index, uint32_t partner)
{
    struct command command = {
        .kind = COMMAND_HEAR, .endpoint = endpoint, .habit = {hearing, group, index, partner}};
    tell(pacer, &command);
}

static struct pool_block *more_places(struct pacer *pacer, bool few)
{
    size_t more;
    struct pool_block *block = pool_block_new(PLACE_BYTES + stream_bytes(), few, &more);
    pacer->placed = true;
    atomic_fetch_add(&pacer->vacant, more);
    return block;
}

/* For one more line, unless there is a place. The media thread would be late by what the first
 * visit of a large page takes. */
static struct pool_block *place_for_one(struct pacer *pacer)
{
    size_t vacant = atomic_load(&pacer->vacant);
    while (vacant)
        if (atomic_compare_exchange_weak(&pacer->vacant, &vacant, vacant - 1))
            return NULL;
    struct pool_block *block = more_places(pacer, !pacer->placed);
    atomic_fetch_sub(&pacer->vacant, 1);
    return block;
}

void pacer_reserve(struct pacer *pacer, uint32_t streams)
{
    while (streams > FEW_STREAMS && atomic_load(&pacer->vacant) < streams) {
        struct command command = {.kind = COMMAND_RESERVE, .places = more_places(pacer, false)};
        tell(pacer, &command);
    }
}

void pacer_start(struct pacer *pacer, uint32_t endpoint, int rtp_fd, int rtcp_fd,
                 const struct session_media *media, const struct frames *frames, bool early,
                 uint64_t seed, int64_t began_ns)
{
    struct command command = {.kind = COMMAND_START,
                              .at_ns = clock_now(),
                              .endpoint = endpoint,
                              .rtp_fd = rtp_fd,
                              .rtcp_fd = rtcp_fd,
                              .media = *media,
                              .frames = frames,
                              .early = early,
                              .seed = seed,
                              .began_ns = began_ns,
                              .places = place_for_one(pacer)};
    tell(pacer, &command);
}

void pacer_update(struct pacer *pacer, uint32_t endpoint, const struct session_media *media,
                  const struct frames *frames, bool early)
{
    struct command command = {.kind = COMMAND_UPDATE,
                              .at_ns = clock_now(),
                              .endpoint = endpoint,
                              .media = *media,
                              .frames = frames,
                              .early = early};
    tell(pacer, &command);
}

void pacer_digits(struct pacer *pacer, uint32_t endpoint, const struct frames *frames,
                  const char *digits, const struct dtmf_timing *timing)
{
    struct command command = {.kind = COMMAND_DIGITS,
                              .at_ns = clock_now(),
                              .endpoint = endpoint,
                              .frames = frames,
                              .digits = {.timing = *timing}};
    text_copy(command.digits.text, sizeof command.digits.text, digits);
    tell(pacer, &command);
}

void pacer_play(struct pacer *pacer, uint32_t endpoint, const struct frames *frames, uint64_t skip,
                uint64_t end, const struct frames *then)
{
    struct command command = {.kind = COMMAND_PLAY,
                              .at_ns = clock_now(),
                              .endpoint = endpoint,
                              .frames = frames,
                              .play = {.skip = skip, .end = end, .then = then}};
    tell(pacer, &command);
}

void pacer_quiet(struct pacer *pacer, uint32_t endpoint)
{
    struct command command = {.kind = COMMAND_QUIET, .at_ns = clock_now(), .endpoint = endpoint};
    tell(pacer, &command);
}

void pacer_close(struct pacer *pacer, uint32_t endpoint)
{
    struct command command = {.kind = COMMAND_CLOSE, .at_ns = clock_now(), .endpoint = endpoint};
    tell(pacer, &command);
}

void pacer_precise(struct pacer *pacer)
{
    struct command command = {.kind = COMMAND_PRECISE};
    tell(pacer, &command);
}

void pacer_place(struct pacer *pacer, uint32_t worker, int cpu)
{
    struct command command = {.kind = COMMAND_PLACE, .worker = worker, .cpu = cpu};
    tell(pacer, &command);
}
