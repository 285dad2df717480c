#include "cmtest/explanation.h"

const struct explanation explanation_budget_exceeded = {
    .code = "budget-exceeded",
    .severity = DIAG_ERROR,
    .title = "The test needs more than its budget allows",
    .meaning = "The budget says what the test may cost, in time and in calls. What is planned is "
               "more, and that is told before it is spent.",
    .remedy = "Raise the budget, or plan less.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 60s\n"
           "budget: { wall: 30s }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 60s\n"
            "budget: { wall: 2m }\n",
};
