#include "cmtest/explanation.h"

const struct explanation explanation_certificate_expires_soon = {
    .code = "certificate-expires-soon",
    .severity = DIAG_WARNING,
    .title = "A certificate is valid for less than 30 days",
    .meaning = "The test can run today. In a few weeks it would fail without a change of yours, "
               "and look like a defect of the server.",
    .remedy = "Renew it now, and the test goes on as it is.",
};
