#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_missing_file = {
    .code = "missing-file",
    .severity = DIAG_ERROR,
    .title = "A file that the spec names is not there",
    .meaning =
        "A sound or a certificate is read when the test begins. Without it the test could not "
        "run, and that is told before.",
    .remedy = "Correct the path. It is relative to the folder of the spec, not to where cmtest was "
              "started.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tls\n"
           "    tls: { verify: custom, ca: ca-certificate.pem }\n"
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
