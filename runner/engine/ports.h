/*
 * ports: pairs of UDP sockets for RTP (even) and RTCP (the odd one above, RFC 3550 11), from the
 * port range of a run. Signalling thread.
 */
#ifndef CMTEST_PORTS_H
#define CMTEST_PORTS_H

#include <stdint.h>
#include "cmtest/plan.h"

#define PORTS_FIRST PLAN_PORT_FIRST
#define PORTS_LAST PLAN_PORT_LAST

struct ports {
    uint16_t first, last;
    uint16_t next; /* even; where the search goes on */
};

/* seed: where the search begins, so that two programs on a machine seldom meet; and the workers of
 * a run begin as far from each other as they can, though each may use the whole range. */
void ports_init(struct ports *ports, uint16_t first, uint16_t last, uint64_t seed, uint32_t worker,
                uint32_t workers);

/* What they send is marked with dscp (0 to 63); each has a receive queue of so many bytes, 0: as
 * the system gives. */
struct port_marks {
    uint8_t dscp;
    uint32_t receive_buffer;
};

/* Binds a pair at a numeric address, non-blocking, with kernel arrival stamps. 0, or an errno:
 * EADDRINUSE when the whole range is taken, EMFILE when descriptors ran out. rtcp_fd NULL: only the
 * RTP port, and ports_reopen() later for the one above, which nobody of this worker gets. */
int ports_open(struct ports *ports, const char *address, const struct port_marks *marks,
               int *rtp_fd, int *rtcp_fd, uint16_t *rtp_port);

/* The RTCP socket that was closed beside this RTP socket, with its marks. -1: it cannot be had any
 * more. Any thread. */
int ports_reopen(int rtp_fd);

#endif
