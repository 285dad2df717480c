#include "cmtest/explanation.h"
#include "example_certificates.h"

const struct explanation explanation_not_pem = {
    .code = "not-pem",
    .severity = DIAG_ERROR,
    .title = "A certificate or a key is not a PEM file",
    .meaning = "PEM is the text form: lines of letters between -----BEGIN and -----END. The binary "
               "form, DER, is not read.",
    .remedy = "Convert it: openssl x509 -inform der -in ca.der -out ca.pem",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tls\n"
           "    tls: { verify: custom, ca: ca.pem }\n"
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
    .bad_file = "(the binary form of a certificate)\n",
    .good_file = EXAMPLE_CERTIFICATE,
};
