/*
 * pacer: the media thread. It owns the RTP and RTCP sockets of running streams, sends each packet
 * when it is due on a 1 ms grid of absolute time, drains the sockets at the same moments (the
 * kernel stamps arrivals, so that reading late changes no figure), and tells one event_second per
 * stream, direction and second, and how late it was itself.
 *
 * Everything but pacer_new, pacer_stop and pacer_free is a message to it and returns at once (any
 * thread).
 */
#ifndef CMTEST_PACER_H
#define CMTEST_PACER_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/event.h"
#include "cmtest/impairment.h"
#include "cmtest/plan.h"
#include "cmtest/sdp.h"
#include "cmtest/stream.h"
#include "meter.h"

struct pacer;

/* closed: called on the media thread when a stream has ended and its sockets are closed. */
struct pacer *pacer_new(event_fn *event, void *to,
                        void (*closed)(void *owner, uint32_t endpoint,
                                       const struct stream_totals *totals),
                        void *owner, uint32_t endpoint_count);
/* Before anything is started. failed: called on the media thread, once per stream, when there never
 * will be keys for it; it goes on in silence until it is closed. why is borrowed. */
void pacer_on_failure(struct pacer *pacer,
                      void (*failed)(void *owner, uint32_t endpoint, const char *why));
/* Before anything is started. digit: called on the media thread when one was sent or received;
 * at_ns: when it began, on the clock_now() scale. */
void pacer_on_digit(struct pacer *pacer,
                    void (*digit)(void *owner, uint32_t endpoint, const struct event_digit *digit,
                                  int64_t at_ns));
/* Before anything is started. changed: called on the media thread when what comes from the peer
 * becomes something else; at_ns on the clock_now() scale. */
void pacer_on_change(struct pacer *pacer,
                     void (*changed)(void *owner, uint32_t endpoint, enum stream_change change,
                                     int64_t at_ns));
/* Before anything is started. meters: by endpoint and event_direction, of the RTP that passes. They
 * outlive the pacer. */
void pacer_on_packet(struct pacer *pacer, struct meter (*meters)[2]);
/* Which worker it is of, and the CPU that its thread keeps to; -1: any. In the beginning worker 0
 * and any. */
void pacer_place(struct pacer *pacer, uint32_t worker, int cpu);
/* Before anything is started: packets leave at times of their own, each with a wake of a CPU (16
 * us), in place of one wake for all of a millisecond. Beyond a thousand streams a CPU has no time
 * for it, and they get late. */
void pacer_precise(struct pacer *pacer);
/* Before anything is started: memory for so many streams at once, visited here, unless they are
 * few.
 */
void pacer_reserve(struct pacer *pacer, uint32_t streams);
/* Ends the thread: nothing is told any more, and what it is told without effect. */
void pacer_stop(struct pacer *pacer);
/* Stops it if that was not done; streams that still run are closed without being told. */
void pacer_free(struct pacer *pacer);

/* What is done to the RTP of an endpoint, by event_direction, of the stream that runs and of those
 * that start later; NULL: nothing, as in the beginning. The configs outlive the pacer. On sending
 * it is between stream and socket, on receiving between socket and stream. A packet of ours has
 * left the stream when it is lost. Packets leave to the nearest millisecond, and on receiving are
 * measured at their exact times. seed: of what begins with this. */
void pacer_impair(struct pacer *pacer, uint32_t endpoint,
                  const struct impairment_config *const configs[2], uint64_t seed);
/* How the streams of an endpoint hear and report that start later; in the beginning as a group does
 * that says nothing of it, without reports of RFC 3611 and without a recording. group and index
 * name its recording, and the index decides whether it is decoded. partner: the endpoint that it
 * will most likely talk to, whose packets then leave at the same moments, which costs least;
 * ROSTER_NONE: nobody here. hearing and group outlive the pacer.
 */
void pacer_hear(struct pacer *pacer, uint32_t endpoint, const struct plan_hearing *hearing,
                const char *group, uint32_t index, uint32_t partner);
/* The sockets become the pacer's; rtcp_fd -1: it cannot be had. frames outlives it; NULL: what is
 * received is sent back. early: nobody owes media yet, so no second is `agreed`. began_ns: when the
 * stream began, in which nothing could be sent until now; 0: it begins with its first packet. */
void pacer_start(struct pacer *pacer, uint32_t endpoint, int rtp_fd, int rtcp_fd,
                 const struct session_media *media, const struct frames *frames, bool early,
                 uint64_t seed, int64_t began_ns);
/* Any thread, without a line. What is told of a stream of plain RTP from began_ns to now_ns, at
 * most a second, through which nothing came or went. frames: not NULL. */
void pacer_nothing(const struct plan_hearing *hearing, uint32_t index,
                   const struct session_media *media, const struct frames *frames, int64_t began_ns,
                   int64_t now_ns, struct event_second seconds[2], struct stream_totals *totals);
/* Another remote address, codec, payload type, packet time or direction, for the running stream:
 * see stream_update(). frames is not looked at when media has no codec: the stream was taken away,
 * and nothing is sent until the next update. A second in which a direction changes is not `agreed`.
 * While nothing may be sent there RTCP goes on, and to an unspecified address (old hold) what
 * was known before stays. */
void pacer_update(struct pacer *pacer, uint32_t endpoint, const struct session_media *media,
                  const struct frames *frames, bool early);
/* Digits of the running stream, of stream_dtmf() without frames, else of stream_tones(). digits is
 * copied, at most PACER_DIGITS_MAX of them. Those that do not fit the stream are not sent. */
#define PACER_DIGITS_MAX 64
void pacer_digits(struct pacer *pacer, uint32_t endpoint, const struct frames *frames,
                  const char *digits, const struct dtmf_timing *timing);
/* Another source for the running stream: stream_play(). What does not fit it is not sent. All
 * frames outlive the pacer. */
void pacer_play(struct pacer *pacer, uint32_t endpoint, const struct frames *frames, uint64_t skip,
                uint64_t end, const struct frames *then);
void pacer_quiet(struct pacer *pacer, uint32_t endpoint);
void pacer_close(struct pacer *pacer, uint32_t endpoint);

#endif
