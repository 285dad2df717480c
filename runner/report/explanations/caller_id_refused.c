#include "cmtest/explanation.h"

const struct explanation explanation_caller_id_refused = {
    .code = "caller-id-refused",
    .severity = DIAG_ERROR,
    .title = "The registrar embedded would refuse calls with this caller id",
    .meaning = "It does not let one of its users call in the name of another one, as any server "
               "should. A caller id of its own domain looks just like that.",
    .remedy = "Give it a domain of its own, or test with a server that allows it.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    caller_id: \"100\"\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    caller_id: sip:100@example.com\n"
            "duration: 10s\n",
};
