/*
 * estimate: what a plan will do and need before a packet of it is sent: when each phase runs, the
 * traffic at its peak, and whether a machine can carry it. Pure: what the machine has is an input.
 *
 * A time is planned: from the start of the run, as if every answer came at once. A figure that is
 * counted (descriptors, ports) is certain; one that is modelled (processor, memory) is an estimate.
 */
#ifndef CMTEST_ESTIMATE_H
#define CMTEST_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "cmtest/event.h"
#include "cmtest/plan.h"
#include "cmtest/text.h"

/* What this process and those that it makes may use; 0: not known. */
struct machine {
    double cpus;
    uint64_t descriptors; /* of each process, at most, not what a shell starts with */
    uint64_t memory;      /* bytes that are available */
    bool memory_certain;  /* by a limit of this process (ulimit -v), not by what others leave */
    int64_t pair_ns;      /* processor time of a datagram sent and received here; 0: not measured */
};

/* Around an RTP payload: IPv4 20, UDP 8, RTP 12. */
#define ESTIMATE_OVERHEAD_BYTES 40
/* One compound of a stream: IPv4 and UDP 28, SR with one block 52, SDES 28; and XR with round trips
 * and VoIP metrics. */
#define ESTIMATE_RTCP_BYTES 108
#define ESTIMATE_RTCP_EXTENDED_BYTES 72
/* Processor time of the media thread to send and receive one packet, on the 2-core machine that it
 * was measured on. */
#define ESTIMATE_PACKET_NS 5500
/* The same of what SRTP adds to a packet that is sent and one that is received. */
#define ESTIMATE_SRTP_NS 1700
/* Measured: standard streams and event loops, SIP sockets of a registrar and their wake-ups, RTP
 * and RTCP of an endpoint in a call. */
#define ESTIMATE_DESCRIPTORS 8
#define ESTIMATE_DESCRIPTORS_REGISTRAR 12
#define ESTIMATE_DESCRIPTORS_ENDPOINT 2
/* Of an endpoint with a connection of its own, from its start to its end: UDP, TCP, that
 * connection, and one that the server may open to it; TLS listens on one more. */
#define ESTIMATE_DESCRIPTORS_AGENT 4
#define ESTIMATE_DESCRIPTORS_AGENT_TLS 5
/* Measured, in bytes: the program, an endpoint that is registered and waits, one in a call with its
 * dialogs, sockets and playout buffer, what DTLS keeps of its handshake. A decoder is of Opus;
 * seconds are in the journal, not in memory; those of other codecs need a tenth. */
#define ESTIMATE_MEMORY (INT64_C(15) << 20)
#define ESTIMATE_MEMORY_WAITING (INT64_C(17) << 10)
#define ESTIMATE_MEMORY_ENDPOINT (INT64_C(52) << 10)
#define ESTIMATE_MEMORY_DTLS (INT64_C(100) << 10)
#define ESTIMATE_MEMORY_DECODER (INT64_C(20) << 10)

enum stage { STAGE_RECEIVERS, STAGE_CALLERS, STAGE_CALLING, STAGE_MEDIA, STAGE_TEARDOWN };
#define STAGE_COUNT 5

/* count 0: there is none. */
struct estimate_stage {
    uint32_t count; /* endpoints that register, or calls */
    int64_t first_ns, last_ns;
    double per_second; /* 0: all at once */
};

struct estimate_group {
    const struct codec *codec; /* of speech, that its calls will use; by a URI: its first. NULL:
                                  none, and its calls are in no figure of packets */
    uint32_t frame_bytes;      /* a payload of it */
    double packets;            /* per second, of one of its streams in one direction */
    double bits;               /* the same with all headers up to IPv4 */
    const char *offer;         /* its SDP offer with placeholders; NULL: it offers nothing */
    bool waits;                /* for calls from outside: they are in no figure */
};

struct estimate_registrar {
    size_t needed, given; /* accounts */
};

enum fit { FIT_YES, FIT_TIGHT, FIT_NO };

enum resource { RESOURCE_DESCRIPTORS, RESOURCE_PORTS, RESOURCE_MEDIA, RESOURCE_MEMORY };
#define RESOURCE_COUNT 4

struct estimate_resource {
    double need, have;  /* descriptors (of each process), pairs of ports, cores, bytes; have 0: not
                           known */
    uint32_t endpoints; /* how many of those in a call at once it would carry */
    enum fit fit;
    bool certain;
};

/* What a run will have spent when it is over. */
struct estimate_costs {
    double cpu_s;         /* processor time of all its threads and processes */
    double cores;         /* the same over its planned time */
    double memory;        /* bytes at the most, of the processes */
    double kernel_memory; /* of its sockets */
    double within;        /* factor: cpu_s is expected from cpu_s / within to cpu_s * within */
    bool scaled;          /* by what a packet costs on this machine */
};

struct estimate {
    struct estimate_stage stages[STAGE_COUNT];
    int64_t all_from_ns, all_to_ns; /* when the most calls are up */
    int64_t end_ns;                 /* of the last call, or of the wait for one from outside */
    uint32_t calls, peak_calls;
    uint32_t peak_endpoints; /* with media sockets at once */
    uint32_t waiting;        /* endpoints for calls from outside */
    /* Erlang: offered is calls per second x duration, where they would level if they went on; 0
     * when all calls begin at once. mean: from the first answer to the last hang-up. */
    double offered, mean;
    /* Per second at the peak, sent; as much is received. */
    double rtp_packets, rtp_bits, rtcp_packets, rtcp_bits;
    struct estimate_group *groups;         /* as those of the plan */
    struct estimate_registrar *registrars; /* as those of the plan */
    uint32_t workers;                      /* processes that will run it */
    uint32_t workers_enough; /* of whom each would have enough descriptors; 0: no number
                                of processes is enough */
    struct estimate_resource resources[RESOURCE_COUNT];
    struct estimate_costs costs;
    enum fit fit; /* the worst of them */
};

/* Lives in the arena. */
const struct estimate *estimate_new(const struct plan *plan, const struct machine *machine,
                                    struct arena *arena);

/* "registering receivers", "descriptors", "does not fit" */
const char *stage_name(enum stage stage);
const char *resource_name(enum resource resource);
const char *fit_name(enum fit fit);

/* Whether it certainly cannot run; why gets a sentence that names what is short and what would
 * fit. */
bool estimate_refused(const struct estimate *estimate, struct text *why);

/* Of these, that this machine (and not the plan's own choice of ports) is too small: refused, need,
 * have and fits of machine are set. */
bool estimate_lacking(const struct estimate *estimate, struct event_machine *machine);

/* The SDP that endpoints of a group would offer, with <id>, <address> and <port> where the moment
 * of the call decides. */
void estimate_offer(const struct plan *plan, uint32_t group, struct text *out);

#endif
