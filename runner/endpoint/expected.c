/* How the endpoint was to end: what fails as its group says is a success. */
#include "endpoint_private.h"

#include <stdio.h>
#include <string.h>
#include <ctype.h>

static uint16_t status_of(const struct endpoint *endpoint)
{
    uint16_t status = endpoint->outcome.status;
    return status ? status : endpoint->call.end.status;
}

/* "call_failed with status 486 Busy Here"; reason may be empty. */
static void describe(bool ends, enum endpoint_outcome outcome, uint16_t status, const char *reason,
                     char *out, size_t size)
{
    size_t length = 0;
    text_copy(out, size, ends ? outcome_name(outcome) : "");
    for (; out[length]; length++)
        out[length] = (char)tolower((unsigned char)out[length]);
    if (status)
        snprintf(out + length, size - length, "%sstatus %u%s%.64s", ends ? " with " : "", status,
                 *reason ? " " : "", reason);
}

void expected_settle(struct endpoint *endpoint)
{
    const struct call_expect *expect = endpoint->config.expect;
    const struct event_outcome now = endpoint->outcome;
    char wanted[128], seen[160];
    if (!expect || (!expect->ends && !expect->status) || endpoint->interrupted ||
        endpoint->aborted || now.failure == FAILURE_ACTION || now.failure == FAILURE_LOCAL)
        return;
    /* Who had no call because its partner failed had no chance to fail as said. */
    if (now.failure == FAILURE_PARTNER)
        return;
    uint16_t status = status_of(endpoint);
    describe(expect->ends, expect->outcome, expect->status, "", wanted, sizeof wanted);
    describe(true, now.outcome, status, now.reason, seen, sizeof seen);
    endpoint->outcome = (struct event_outcome){.status = status};
    text_copy(endpoint->outcome.reason, sizeof endpoint->outcome.reason, now.reason);
    if ((!expect->ends || expect->outcome == now.outcome) &&
        (!expect->status || expect->status == status)) {
        snprintf(endpoint->outcome.detail, sizeof endpoint->outcome.detail, "as expected: %s",
                 seen);
        return;
    }
    endpoint->outcome.outcome = OUTCOME_CALL_FAILED;
    endpoint->outcome.failure = FAILURE_EXPECTATION;
    char detail[512];
    snprintf(detail, sizeof detail, "expected %s, it ended as %s%s%s", wanted, seen,
             now.detail[0] ? ": " : "", now.detail);
    text_copy(endpoint->outcome.detail, sizeof endpoint->outcome.detail, detail);
}
