/*
 * wire: the one place where SIP bytes cross the sockets of this program, and so the one witness of
 * what was really sent and received, and when: retransmissions by the stack, messages that it
 * absorbs, and those that it does not understand. Exact bytes, for UDP, TCP and (inside) TLS.
 *
 * sofia-sip sends and receives through its own exported su_vsend() and su_vrecv(), and TLS through
 * SSL_write() and SSL_read(); wire.c defines these four, does what the originals do, and looks at
 * what passes. Messages are given to who watches their Call-ID, on the same thread, inside of the
 * call that moved the bytes: before the stack handles a received one. What nobody watches yet (an
 * INVITE that has just come) waits a little, in bounded room, for a watch that claims it.
 *
 * Only sockets that an agent has opened on this thread are looked at (wire_begin, wire_end).
 */
#ifndef CMTEST_WIRE_H
#define CMTEST_WIRE_H

#include "cmtest/message.h"

typedef void wire_fn(void *owner, const struct message *message);

/* Embedded by its owner, zeroed before first use. */
struct wire_watch {
    char call_id[96];
    char tag[96]; /* local */
    wire_fn *take;
    void *owner;
    struct wire_watch *next; /* of the same Call-ID */
    uint64_t seen[32];       /* hashes of the last messages, to know a repeated one */
    unsigned seen_count;
    bool watching;
};

/* This thread has an agent (more); its last one is gone. */
void wire_begin(void);
void wire_end(void);

/* Messages with this Call-ID that are ours: requests we send and their responses have our tag in
 * From; requests that the peer sends and our responses have it in To, or no To tag yet while
 * it is not the tag in From. Call-IDs are matched as bytes. Gives what waited at once. */
void wire_watch(struct wire_watch *watch, const char *call_id, const char *tag, wire_fn *take,
                void *owner);
void wire_unwatch(struct wire_watch *watch);

#endif
