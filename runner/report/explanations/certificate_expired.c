#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_certificate_expired = {
    .code = "certificate-expired",
    .severity = DIAG_ERROR,
    .title = "A certificate is no longer valid",
    .meaning = "Its last day is over, so that every server would refuse it, or nothing could be "
               "verified with it. The days are those in the certificate, the clock is that of "
               "this machine.",
    .remedy = "Get a new one. `openssl x509 -in client.pem -noout -dates` shows its days.",
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
    .bad_file = EXAMPLE_OLD_CERTIFICATE EXAMPLE_OLD_KEY,
    .good_file = EXAMPLE_CERTIFICATE EXAMPLE_KEY,
};
