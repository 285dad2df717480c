#include "cmtest/explanation.h"

const struct explanation explanation_unknown_way = {
    .code = "unknown-way",
    .severity = DIAG_ERROR,
    .title = "A message goes one of two ways",
    .meaning = "What is expected of messages can be about those that the endpoint has sent or has "
               "received.",
    .remedy = "Write sent or received, or leave it out for both.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    expect: { messages: { method: INVITE, status: 200, way: in } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    expect: { messages: { method: INVITE, status: 200, way: received } }\n"
            "duration: 10s\n",
};
