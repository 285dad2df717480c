#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_key_locked = {
    .code = "key-locked",
    .severity = DIAG_ERROR,
    .title = "A private key is protected by a password",
    .meaning = "Nobody is there to type it in when a test runs.",
    .remedy = "Write the key without it, readable for this user only: openssl pkey -in "
              "client.key -out unlocked.key",
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
    .bad_file = EXAMPLE_CERTIFICATE EXAMPLE_LOCKED_KEY,
    .good_file = EXAMPLE_CERTIFICATE EXAMPLE_KEY,
};
