/*
 * message: one SIP message as it crossed a socket of this thread: its facts, and its bytes.
 */
#ifndef CMTEST_MESSAGE_H
#define CMTEST_MESSAGE_H

#include "cmtest/event.h"

struct message {
    struct event_message facts;
    /* clock_now(): of a received one when the kernel had it (inside of TLS: when it was read), so
     * that reading late changes no measured time. */
    int64_t at_ns;
    const char *bytes; /* the whole message as it was, credentials included; borrowed */
    size_t length;
};

/* Overwrites with '*' what could be a credential: the values of Authorization,
 * Proxy-Authorization (behind the scheme Digest, Basic or Bearer; an unknown one is hidden too),
 * and the keys of a=crypto, a=key-mgmt and k= lines; in heads and in bodies. Lengths, spaces and
 * line ends stay. */
void message_mask(char *bytes, size_t length);

#endif
