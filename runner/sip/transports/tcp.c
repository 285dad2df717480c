#include "cmtest/transport.h"

const struct transport transport_tcp = {
    .name = "tcp",
    .help = "a connection: nothing is encrypted",
    .standard = "RFC 3261 18",
    .port = 5060,
    .naptr = "SIP+D2T",
    .srv = "_sip._tcp.",
    .stream = true,
    .secure = false,
};
