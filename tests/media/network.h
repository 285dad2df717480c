/*
 * network: a stream of numbered packets through an impairment, on a clock of its own.
 */
#ifndef TESTS_MEDIA_NETWORK_H
#define TESTS_MEDIA_NETWORK_H

#include <stdlib.h>
#include <string.h>
#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/impairment.h"

#define MS INT64_C(1000000)
#define PTIME (20 * MS)
#define PACKET_BYTES 172

struct arrival {
    uint32_t number; /* of the packet, from 0 */
    int64_t due_ns;
};

struct network {
    struct impairment *impairment;
    struct arrival *arrivals; /* in the order in which they left */
    size_t count, room;
    uint32_t offered;
    int64_t now_ns;
};

static inline struct network network_new(const struct impairment_config *config, uint64_t seed)
{
    return (struct network){.impairment = impairment_new(config, seed)};
}

static inline void network_free(struct network *network)
{
    impairment_free(network->impairment);
    free(network->arrivals);
}

/* Every byte follows from the number, so that a copy that differs in one shows. */
static inline void network_fill(uint8_t *bytes, uint32_t number)
{
    memcpy(bytes, &number, sizeof number);
    for (size_t i = sizeof number; i < PACKET_BYTES; i++)
        bytes[i] = (uint8_t)(number * 31 + i * 7);
}

static inline void network_take(struct network *network, int64_t now_ns)
{
    uint8_t bytes[IMPAIRMENT_BYTES], expected[PACKET_BYTES];
    struct arrival arrival;
    size_t length;
    while ((length = impairment_take(network->impairment, now_ns, bytes, &arrival.due_ns))) {
        assert_int_equal(length, PACKET_BYTES);
        memcpy(&arrival.number, bytes, sizeof arrival.number);
        network_fill(expected, arrival.number);
        assert_memory_equal(bytes, expected, PACKET_BYTES);
        assert_true(arrival.due_ns <= now_ns);
        if (network->count == network->room) {
            network->room = network->room ? 2 * network->room : 1024;
            network->arrivals =
                mem_grow(network->arrivals, network->room, sizeof *network->arrivals);
        }
        network->arrivals[network->count++] = arrival;
    }
}

/* Packets 20 ms apart, each taken at the millisecond in which it is due or after it. */
static inline void network_run(struct network *network, uint32_t packets)
{
    uint8_t bytes[PACKET_BYTES];
    for (; packets; packets--) {
        network_fill(bytes, network->offered++);
        impairment_offer(network->impairment, bytes, sizeof bytes, network->now_ns);
        network_take(network, network->now_ns);
        int64_t end_ns = network->now_ns + PTIME, due_ns;
        while ((due_ns = impairment_due(network->impairment)) <= end_ns - MS)
            network_take(network, (due_ns + MS - 1) / MS * MS);
        network->now_ns = end_ns;
    }
}

static inline struct impairment_truth network_end(struct network *network)
{
    struct impairment_truth truth;
    while (impairment_due(network->impairment) != INT64_MAX) {
        network->now_ns = impairment_due(network->impairment);
        network_take(network, network->now_ns);
    }
    impairment_truth(network->impairment, &truth);
    return truth;
}

#endif
