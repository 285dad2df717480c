/*
 * impairment: what a bad network does to packets, done on purpose, seeded, and with the truth
 * known: loss, delay, jitter, reordering, duplication. Sits between a stream and its socket, in one
 * direction. No socket, no clock; one thread. The same seed and packets give the same fate.
 *
 * Order of fates: a packet is lost, or is copied, and each copy has its own delay. A delay alone
 * keeps the order; jitter may overtake; reordering takes a packet out, with its copy, and lets
 * exactly `distance` others that were not taken out pass before it (at least, when there is jitter
 * too). When so many do not follow within 200 ms each, it leaves all the same.
 * Each kind of fate has its own random numbers: the same packets are lost with jitter and without.
 */
#ifndef CMTEST_IMPAIRMENT_H
#define CMTEST_IMPAIRMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPAIRMENT_PACKETS 4096
#define IMPAIRMENT_BYTES 1536

/* What is out of its range (percent 0..100, times 0..1 h) counts as the nearest that is in it. */
struct impairment_config {
    /* Loss: at most one of the three. */
    double loss;             /* percent, each packet by itself */
    uint32_t loss_every;     /* every Nth packet, beginning with the Nth; 0: none */
    struct {                 /* Gilbert-Elliott: percent, per packet */
        double enter, leave; /* good -> bad, bad -> good; enter 0: not this model */
        double loss_good, loss_bad;
    } burst;
    int64_t delay_ns;  /* of every packet */
    int64_t jitter_ns; /* added: uniform 0..2*jitter, so that its mean is jitter */
    bool keep_order;   /* jitter that would overtake waits instead */
    double reorder;    /* percent of packets that others overtake */
    uint32_t distance; /* by how many packets; 1 or more */
    double duplicate;  /* percent of packets that go twice */
};

/* What was done, exactly, whatever did it. Once nothing waits:
 * delivered = offered - lost - overflowed + duplicated. */
struct impairment_truth {
    uint64_t offered, lost;
    uint64_t delivered;  /* taken, copies included */
    uint64_t duplicated; /* of these the second copies; for one the queue had no room: not made */
    uint64_t reordered;  /* of these the ones behind a packet that was offered later, copies once */
    uint64_t overflowed; /* the queue was full, or more than 1500 bytes or none: our own limits */
    uint64_t waiting;    /* copies that have not been taken yet */
    int64_t delay_sum_ns, delay_min_ns, delay_max_ns; /* of delivered ones, until they were due */
};

struct impairment;

/* Its memory grows with what waits, up to the limits above. */
struct impairment *impairment_new(const struct impairment_config *config, uint64_t seed);
void impairment_free(struct impairment *impairment);
/* From now on; packets in the queue keep their time. Counting of every Nth begins anew, and the
 * burst model is in its good state. */
void impairment_change(struct impairment *impairment, const struct impairment_config *config);

/* A packet enters at now. */
void impairment_offer(struct impairment *impairment, const uint8_t *bytes, size_t length,
                      int64_t now_ns);
/* When the next one leaves; INT64_MAX when none waits. */
int64_t impairment_due(const struct impairment *impairment);
/* The next packet that is due at now: its length, the bytes in out (IMPAIRMENT_BYTES) and the time
 * that it was due in *due_ns; 0 when none is. */
size_t impairment_take(struct impairment *impairment, int64_t now_ns, uint8_t *out,
                       int64_t *due_ns);

void impairment_truth(const struct impairment *impairment, struct impairment_truth *truth);

#endif
