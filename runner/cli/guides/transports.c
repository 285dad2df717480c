#include "cmtest/guide.h"

const struct guide guide_transports = {
    .name = "transports",
    .help = "what SIP is carried over: udp, tcp, tls, auto, a proxy, keepalives",
    .text = "registrars.NAME.transport says what SIP is carried over, udp when not given.\n"
            "WebSocket (wss) is refused: this build has none. `cmtest list transports`\n"
            "\n"
            "  where packets go   the first of these that is given: proxy, server, domain\n"
            "    with a port      to A and AAAA of that name\n"
            "    without          to what SRV says, else to the usual port of the transport\n"
            "  auto               NAPTR, then SRV, chooses among tls, tcp and udp (RFC 3263)\n"
            "  several servers    the next is tried when one is silent, gone or says 503\n"
            "  proxy              gets every request, with a Route header\n"
            "  udp_limit          larger requests leave by TCP: UDP would be cut into\n"
            "                     fragments, which firewalls drop (RFC 3261 18.1.1)\n"
            "  connections        of TCP and TLS: per_endpoint as phones do, or shared as\n"
            "                     trunks do; endpoints of UDP share a socket\n"
            "  keepalive          crlf on idle TCP connections, or OPTIONS of each endpoint\n"
            "\n"
            "Names are resolved once, before the run. `cmtest plan SPEC` tells what a spec\n"
            "comes to.\n"
            "\n"
            "Next: examples/06-tcp.yaml, 22-tls.yaml, 27-proxy.yaml; cmtest help tls\n",
};
