#include "cmtest/explanation.h"

const struct explanation explanation_several_documents = {
    .code = "several-documents",
    .severity = DIAG_ERROR,
    .title = "The file holds more than one YAML document",
    .meaning = "A line of --- ends a document and begins the next. A spec is one document; what is "
               "behind it would be ignored.",
    .remedy = "Put each spec into a file of its own.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "---\n"
           "cmtest: 1\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
