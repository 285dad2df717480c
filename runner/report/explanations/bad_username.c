#include "cmtest/explanation.h"

const struct explanation explanation_bad_username = {
    .code = "bad-username",
    .severity = DIAG_ERROR,
    .title = "A user name has characters that a SIP address cannot have",
    .meaning =
        "The user name is the user part of the address of record. With a space or an @ in it, "
        "no server would read the address as it is meant.",
    .remedy =
        "Use letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / only. The domain is said "
        "once, at the registrar. If the credentials have another name, write it as auth_user.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: example.com\n"
           "    accounts: [{ username: bob@example.com, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: example.com\n"
            "    accounts: [{ username: bob, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
