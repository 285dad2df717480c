#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NO_ACK;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The ACK goes straight to our Contact, or by Record-Route: it was likely "
                         "sent where it does not reach us (a private address in a Contact behind "
                         "NAT, a missing Record-Route, a router's SIP ALG).");
    say_next(paragraph,
             "look at Contact and Record-Route of the INVITE and the 200 of that call, and that "
             "requests within a call pass %s.",
             paragraph->server);
}

const struct diagnosis diagnosis_no_ack = {
    .name = "no_ack",
    .title = "answer never acknowledged",
    .help = "our 200 to the INVITE was never acknowledged",
    .matches = matches,
    .write = write,
};
