/*
 * tls_private: our say in the TLS connections that sofia-sip makes.
 *
 * sofia-sip 1.12 offers a folder with fixed file names, no server name, and verification of a
 * numeric address after the fact. All of that is replaced through OpenSSL's own hooks: callbacks
 * run whenever an SSL_CTX, an SSL or a BIO is made, and what is made for one of our agents is
 * configured there, before sofia-sip gets to see it.
 */
#ifndef CMTEST_TLS_PRIVATE_H
#define CMTEST_TLS_PRIVATE_H

#include "cmtest/tls.h"

/* One agent's TLS. Embedded in the agent; must stay where it is until the stack is destroyed. */
struct tls_link {
    const struct tls_profile *profile;
    char trouble[128]; /* why the last handshake failed; "" when it did not */
    bool shaking;      /* the last one with a server is not over */
    void *newest;      /* the SSL of the newest connection to a server, while it is there */
};

/* The SSL_CTX that this thread makes between these two calls is the link's, and every connection
 * made with it speaks by its profile. */
void tls_making(struct tls_link *link);
void tls_made(void);

/* Reads what the server had to say before it closed the newest connection: with TLS 1.3 a client
 * learns only so that its certificate was refused. */
void tls_last_words(struct tls_link *link);

/* A folder that cannot be there, for TPTAG_CERTIFICATE: nothing of ours is in it. */
#define TLS_NO_FOLDER "/dev/null/cmtest"

#endif
