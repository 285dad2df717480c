#include "cmtest/transport.h"

const struct transport transport_udp = {
    .name = "udp",
    .help = "datagrams: nothing is encrypted",
    .standard = "RFC 3261 18",
    .port = 5060,
    .naptr = "SIP+D2U",
    .srv = "_sip._udp.",
    .stream = false,
    .secure = false,
};
