/*
 * registrar: the embedded SIP registrar and proxy (RFC 3261 sections 10 and 16), so that a first
 * run needs no infrastructure and yet every message crosses a real socket through a real third hop.
 *
 * REGISTER and every request outside of a dialog are challenged (401 / 407) and really checked,
 * with nonces that expire; wrong credentials are answered 403, since simple clients would answer a
 * second challenge for ever. It record-routes, so ACK, BYE and re-INVITE pass through it too. It
 * calls the newest binding of an account, does not fork, and sends to loopback addresses only.
 * Everything runs on the thread of the loop it was made on, which it must have for itself.
 */
#ifndef CMTEST_REGISTRAR_H
#define CMTEST_REGISTRAR_H

#include <stddef.h>
#include <stdint.h>
#include "cmtest/digest.h"
#include "cmtest/loop.h"

struct registrar_account {
    const char *username;
    const char *password;
};

struct registrar_config {
    const char *address; /* numeric loopback address to bind, e.g. "127.0.0.1" */
    uint16_t port;       /* 0: ephemeral; the same one for UDP and TCP */
    const char *realm;   /* also the domain it is responsible for */
    enum digest_algorithm algorithm;
    const struct registrar_account *accounts; /* copied */
    size_t account_count;
    int32_t expires_max; /* granted at most, seconds; e.g. 3600 */
};

struct registrar;

/* NULL when the port cannot be bound; errno (of this thread) says why. */
struct registrar *registrar_new(struct loop *loop, const struct registrar_config *config);
void registrar_free(struct registrar *registrar);
/* Host byte order. */
uint16_t registrar_port(const struct registrar *registrar);

/* registrations: bindings added or renewed. refused: REGISTERs and requests of people without the
 * right to place them. invites: initial INVITEs that were sent on. */
struct registrar_counts {
    uint64_t registrations, refused, invites, bindings /* now */;
};
void registrar_counts(const struct registrar *registrar, struct registrar_counts *counts);

#endif
