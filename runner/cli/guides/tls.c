#include "cmtest/guide.h"

const struct guide guide_tls = {
    .name = "tls",
    .help = "certificates: what is verified, by which files, and what goes wrong",
    .text = "transport: tls speaks TLS 1.2 or newer. The server's certificate must be signed\n"
            "by somebody trusted, be valid today, and have the right name (RFC 5922), which\n"
            "the handshake asks for (SNI).\n"
            "\n"
            "  tls: { verify: system }              by the authorities of this machine; usual\n"
            "  tls: { verify: custom, ca: ca.pem }  by those of a file: an authority of your\n"
            "                                       own, or a self-signed certificate itself\n"
            "  tls: { verify: skip }                not at all: anybody may be the server\n"
            "  server_name: sbc.example.com         the name, when it is not the domain (nor,\n"
            "                                       with a proxy, the host of the proxy)\n"
            "  certificate: us.pem, key: us.key     ours, for a server that wants one\n"
            "\n"
            "`cmtest validate` reads the files: missing, no PEM, expired, expiring within 30\n"
            "days, a key of another certificate, or one with a password. To look for\n"
            "yourself:\n"
            "\n"
            "  openssl x509 -in us.pem -noout -subject -dates -ext subjectAltName\n"
            "  openssl s_client -connect sbc.example.com:5061 -showcerts\n"
            "\n"
            "Next: examples/22-tls.yaml; cmtest list errors; cmtest list diagnoses\n",
};
