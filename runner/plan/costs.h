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
 * Measured: provisional, five rounds on a machine that others used as well, which varied by two.
 */
#ifndef CMTEST_PLAN_COSTS_H
#define CMTEST_PLAN_COSTS_H

#include <stdint.h>

/* sendto() and recv() of 172 bytes (engine/calibrate.c). */
#define COST_PAIR_NS 2930
/* The program from its start to its end with nothing to do, and its threads' wake-ups in a second.
 */
#define COST_START_NS 30e6
#define COST_WALL_SECOND_NS 15e6
/* An endpoint that registers with a digest, and takes that back; our registrar's part in it. */
#define COST_REGISTRATION_NS 320e3
#define COST_REGISTRAR_NS 130e3
/* One side of a call, from the INVITE to its reports; our registrar's part as a proxy. */
#define COST_CALL_SIDE_NS 450e3
#define COST_PROXY_NS 150e3
/* A packet that is sent and one that is received; what SRTP adds; a stream's figures of a second,
 * with RTCP, journal and reports. */
#define COST_PACKET_NS 4760
#define COST_SRTP_NS 3400
#define COST_STREAM_SECOND_NS 146e3
/* Sockets of an endpoint in a call in the kernel, with what waits in them; bytes. */
#define COST_SOCKET_BYTES 2300
/* How far a prediction may be off, as a factor: scaled by a measurement of this machine, or not.
 * The first holds the worst run of the batch; the second is an assumption. */
#define COST_SCALED_WITHIN 1.5
#define COST_UNSCALED_WITHIN 2.0

#endif
