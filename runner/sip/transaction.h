/*
 * transaction: the end of a transaction for us. The stack keeps it for as long as a message of it
 * may be repeated; what it has to have for that stays, and the rest of its messages is freed.
 */
#ifndef SIP_TRANSACTION_H
#define SIP_TRANSACTION_H

#include <stdbool.h>

#include <sofia-sip/nta.h>
#include <sofia-sip/sip.h>

/* It came over the network, and was not made up by the stack. */
bool sip_is_real(const sip_t *sip);

/* Takes a header out of a message, and frees it. */
void header_drop(msg_t *message, sip_t *sip, msg_header_t *header);

/* Destroys a request of ours whose answer, if it has come, is not needed any more: neither the
 * response nor what the request carried may be looked at behind it. Last in a callback. */
void outgoing_finish(nta_outgoing_t *request);

/* The same of a request of the peer that was answered, and, an INVITE with a 2xx, acknowledged. */
void incoming_finish(nta_incoming_t *request);

/* The same of a request that was sent on as it came, in the same message, and of what came back;
 * outgoing: NULL, it could not be sent. */
void relayed_finish(nta_incoming_t *incoming, nta_outgoing_t *outgoing);

#endif
