#include "cmtest/transport.h"

const struct transport transport_tls = {
    .name = "tls",
    .help = "an encrypted connection, TLS 1.2 or newer",
    .standard = "RFC 3261 26.3, RFC 5922",
    .port = 5061,
    .naptr = "SIPS+D2T",
    .srv = "_sips._tcp.",
    .stream = true,
    .secure = true,
};
