/*
 * message: one SIP message as it crossed a socket of this thread: its facts, and its bytes.
 */
#ifndef CMTEST_MESSAGE_H
#define CMTEST_MESSAGE_H

#include "cmtest/event.h"

struct message {
    struct event_message facts;
    int64_t at_ns;     /* clock_now() */
    const char *bytes; /* the whole message as it was, credentials included; borrowed */
    size_t length;
};

/* Overwrites with '*' what could be a credential: the values of Authorization,
 * Proxy-Authorization (behind the scheme), and the keys of a=crypto lines. Lengths stay. */
void message_mask(char *bytes, size_t length);

#endif
