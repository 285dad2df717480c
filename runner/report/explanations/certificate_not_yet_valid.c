#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_certificate_not_yet_valid = {
    .code = "certificate-not-yet-valid",
    .severity = DIAG_ERROR,
    .title = "A certificate is not valid yet",
    .meaning = "Its first day is still to come, by the clock of this machine: every server "
               "would refuse it.",
    .remedy = "Set the clock of this machine, or use a certificate that is valid today. "
              "`openssl x509 -in client.pem -noout -dates` shows its days.",
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
    .bad_file = EXAMPLE_FUTURE_CERTIFICATE EXAMPLE_FUTURE_KEY,
    .good_file = EXAMPLE_CERTIFICATE EXAMPLE_KEY,
};
