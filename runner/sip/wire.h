/*
 * wire: the one place where SIP bytes cross the sockets of this program, and so the one witness of
 * what was really sent and received, and when: retransmissions by the stack, messages that it
 * absorbs, and those that it does not understand. Exact bytes, for UDP, TCP and (inside) TLS.
 *
 * sofia-sip sends and receives through its own exported su_vsend() and su_vrecv(), and TLS through
 * SSL_write() and SSL_read(); wire.c defines these four, does what the originals do, and looks at
 * what passes. It defines su_getmsgsize(), su_soerror() and tport_recv_event(), too, so that
 * several datagrams are taken in one turn, and for fewer system calls. Messages are given to who
 * watches their Call-ID, on the same thread, inside of the call that moved the bytes: before the
 * stack handles a received one. What nobody watches yet (an INVITE that has just come) waits a
 * little, in bounded room, for a watch that claims it.
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
    struct wire_watch *next; /* in the index */
    uint64_t key;            /* hash of the Call-ID */
    uint64_t branch;         /* hash of the branch of the peer's first request; 0: none came */
    uint64_t *seen;          /* hashes of the last 32 messages, to know a repeated one */
    unsigned seen_count;     /* of all so far */
    bool watching;
    bool began; /* our request was the first message */
};

/* This thread has an agent (more); its last one is gone. */
void wire_begin(void);
void wire_end(void);

/* Messages with this Call-ID that are ours: requests we send and their responses have our tag in
 * From; requests that the peer sends and our responses have it in To, or no To tag yet while
 * it is not the tag in From. Of several that could take such an INVITE without a To tag (a forked
 * one), each takes one, and what has its branch. Every message is given to one watch. Call-IDs are
 * matched as bytes, the first 95 of them. Gives what waited at once.
 *
 * take() is called inside of the stack's call that sends or receives: it may watch and unwatch, but
 * must not free its owner or the agent, nor send. */
void wire_watch(struct wire_watch *watch, const char *call_id, const char *tag, wire_fn *take,
                void *owner);
void wire_unwatch(struct wire_watch *watch);

/* agent_losses(). */
struct agent_losses;
void wire_losses(struct agent_losses *losses);

#endif
