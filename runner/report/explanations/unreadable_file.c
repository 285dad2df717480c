#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_unreadable_file = {
    .code = "unreadable-file",
    .severity = DIAG_ERROR,
    .title = "A file that the spec names cannot be read",
    .meaning = "It is a folder or a device, is empty, or may not be read by this user. The reason "
               "follows the name.",
    .remedy = "Name a regular file, and give this user the right to read it.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tls\n"
           "    tls: { verify: custom, ca: . }\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    transport: tls\n"
            "    tls: { verify: custom, ca: ca.pem }\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "ca.pem",
    .bad_file = "-----BEGIN CERTIFICATE-----\n"
                "(the certificate that is trusted)\n"
                "-----END CERTIFICATE-----\n",
    .good_file = EXAMPLE_CERTIFICATE,
};
