/*
 * costs: what a run costs this program, for `cmtest plan`; one table, so that measuring anew
 * changes one place. Processor time of all threads and processes, in ns, of the machine on which a
 * datagram to itself takes COST_PAIR_NS (2 cores of an AMD EPYC of 2026, at rest): where that is
 * measured, costs are scaled by it. `ci/bench --costs` fits them to the runs of its batch, and
 * tells for each run how far it was predicted wrongly, before and after.
 *
 * Of a registration and of a side of a call, our registrar's and proxy's part is assumed, for none
 * was measured apart. The line below is of `ci/bench --costs`, too.
 *
 * Measured: AMD EPYC, 2 cores, Linux 6.18.44-fc-v657; 3 rounds.
 */
#ifndef CMTEST_PLAN_COSTS_H
#define CMTEST_PLAN_COSTS_H

#include <stdint.h>

/* sendto() and recv() of 172 bytes (engine/calibrate.c). */
#define COST_PAIR_NS 4280
/* The program from its start to its end with nothing to do, and its threads' wake-ups in a second.
 */
#define COST_START_NS 63e6
#define COST_WALL_SECOND_NS 16e6
/* An endpoint that registers with a digest, and takes that back; our registrar's part in it. */
#define COST_REGISTRATION_NS 367e3
#define COST_REGISTRAR_NS 150e3
/* One side of a call, from the INVITE to its reports; our registrar's part as a proxy. */
#define COST_CALL_SIDE_NS 409e3
#define COST_PROXY_NS 136e3
/* A packet that is sent and one that is received; what SRTP adds; a stream's figures of a second,
 * with RTCP, journal and reports. */
#define COST_PACKET_NS 6270
#define COST_SRTP_NS 2460
#define COST_STREAM_SECOND_NS 118e3
/* Sockets of an endpoint in a call in the kernel, with what waits in them; bytes. */
#define COST_SOCKET_BYTES 2300
/* How far a prediction may be off, as a factor: scaled by a measurement of this machine, or not.
 * The first holds the worst run of the batch; the second is an assumption. */
#define COST_SCALED_WITHIN 1.2
#define COST_UNSCALED_WITHIN 2.0

#endif
