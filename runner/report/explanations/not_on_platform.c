#include "cmtest/explanation.h"

const struct explanation explanation_not_on_platform = {
    .code = "not-on-platform",
    .severity = DIAG_ERROR,
    .title = "A platform cannot do what the spec asks for",
    .meaning = "With --on platform the test is run by a platform, which knows less than this "
               "language: one codec per track, buildup as the only shape of load, callees that "
               "answer at once, a few actions. What it would leave out could make a test pass "
               "that says otherwise, so it is refused before anything is started.",
    .remedy = "Take the key out, or run the spec here, with --on local. `cmtest validate --on "
              "platform` tells all of them at once.",
};
