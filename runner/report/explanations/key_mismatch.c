#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_key_mismatch = {
    .code = "key-mismatch",
    .severity = DIAG_ERROR,
    .title = "A private key is not that of the certificate",
    .meaning = "A certificate holds the public half of one key. With another private key no "
               "handshake can succeed.",
    .remedy = "Name the key that the certificate was made with. `openssl x509 -pubkey -noout "
              "-in client.pem` and `openssl pkey -pubout -in client.key` print the same for a "
              "pair.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tls\n"
           "    tls: { certificate: client.pem, key: client.pem }\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    transport: tls\n"
            "    tls: { certificate: client.pem, key: client.pem }\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "client.pem",
    .bad_file = EXAMPLE_CERTIFICATE EXAMPLE_OLD_KEY,
    .good_file = EXAMPLE_CERTIFICATE EXAMPLE_KEY,
};
