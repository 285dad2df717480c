/*
 * link: what a worker and its parent say to each other over a stream socket, in frames. Both are
 * the same program, so numbers are as they lie in memory.
 */
#ifndef CMTEST_EXECUTION_LINK_H
#define CMTEST_EXECUTION_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum link_kind {
    /* From the worker. */
    LINK_READY,    /* it can go */
    LINK_REFUSED,  /* it cannot run: a sentence */
    LINK_EVENT,    /* event_bytes.h */
    LINK_WAITING,  /* link_number: how many frames had waited to be read */
    LINK_SETTLED,  /* link_number, a group: the registration of its callees here has ended */
    LINK_SIGNAL,   /* struct engine_signal, in both directions: to all others */
    LINK_FINISHED, /* its endpoints are closed */
    LINK_BYE,      /* link_number: events that there was no room for; nothing comes after it */
    /* From the parent. */
    LINK_GO,   /* link_time: of the start */
    LINK_GATE, /* link_gate */
    LINK_INTERRUPT,
    LINK_QUIT /* stop, tell what is left, and end */
};

struct link_head {
    uint32_t length; /* of what follows */
    uint32_t kind;
};

struct link_number {
    uint64_t number;
};

struct link_time {
    int64_t at_ns;
};

struct link_gate {
    int64_t opened_ns;
    uint32_t group;
};

/* No frame is longer. */
#define LINK_FRAME_MAX 65536

/* What came in, and waits to be taken frame by frame. */
struct link_inbox {
    uint8_t *bytes;
    size_t at, length, capacity;
    bool broken; /* what came is none of our frames: nothing more is taken */
};

enum link_state { LINK_OPEN, LINK_ENDED };

/* Reads what there is, up to some MiB, without waiting. */
enum link_state link_read(int fd, struct link_inbox *inbox);
/* The next whole frame, borrowed until the next call. false: there is none. */
bool link_next(struct link_inbox *inbox, struct link_head *head, const uint8_t **body);
void link_fini(struct link_inbox *inbox);

/* Writes as much as fits without waiting: how many bytes. */
size_t link_write(int fd, const void *bytes, size_t length);

#endif
