/* How the endpoint was to end: what fails as its group says is a success. */
#include "cmtest/arena.h"
#include "endpoint_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>

/* What came of one of the messages that something is expected of. */
struct expected {
    uint32_t seen;
    char why[192]; /* the first that was not so; empty: none */
};

char *message_copy(const struct message *message)
{
    char *copy = mem_alloc(message->length + 1);
    memcpy(copy, message->bytes, message->length);
    message_mask(copy, message->length);
    return copy;
}

static bool fits(const struct message_expect *expect, const struct event_message *facts)
{
    return strcmp(expect->method, facts->method) == 0 && expect->status == facts->status &&
           (facts->sent ? expect->sent : expect->received) && !facts->repeated;
}

void expected_message(struct endpoint *endpoint, const struct message *message)
{
    const struct call_expect *expect = endpoint->config.expect;
    char *copy = NULL;
    for (size_t i = 0; expect && i < expect->message_count; i++) {
        const struct message_expect *one = &expect->messages[i];
        if (!fits(one, &message->facts))
            continue;
        if (!copy)
            copy = message_copy(message);
        if (!endpoint->expected)
            endpoint->expected = mem_array(expect->message_count, sizeof *endpoint->expected);
        struct expected *state = &endpoint->expected[i];
        char why[sizeof state->why];
        state->seen++;
        for (size_t j = 0; j < one->assertion_count && !state->why[0]; j++)
            if (assertion_judge(&one->assertions[j], copy, message->length, why, sizeof why))
                text_copy(state->why, sizeof state->why, why);
    }
    free(copy);
}

/* "200 to INVITE", "INVITE" */
static void name_message(const struct message_expect *expect, char *out, size_t size)
{
    const char *way = expect->sent && expect->received ? "" : expect->sent ? "sent " : "received ";
    if (expect->status)
        snprintf(out, size, "%s%u to %s", way, expect->status, expect->method);
    else
        snprintf(out, size, "%s%s", way, expect->method);
}

static void settle_messages(struct endpoint *endpoint)
{
    const struct call_expect *expect = endpoint->config.expect;
    for (size_t i = 0; i < expect->message_count; i++) {
        const struct expected *state = endpoint->expected ? &endpoint->expected[i] : NULL;
        char name[80];
        name_message(&expect->messages[i], name, sizeof name);
        if (state && state->why[0])
            endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_EXPECTATION, 0, NULL, "%s: %s",
                            name, state->why);
        else if (!state || !state->seen)
            endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_EXPECTATION, 0, NULL,
                            "expected a message to look into, but none came: %s", name);
    }
}

/* Of the INVITE, or of the REGISTER that failed. Who names an outcome means the status that decided
 * it, which may be that of a BYE. */
static uint16_t status_of(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    uint16_t status = endpoint->outcome.status;
    if (call->answered && !endpoint->config.expect->ends)
        return call_ended(call)->status;
    return status ? status : call_ended(call)->status;
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

static void settle_end(struct endpoint *endpoint)
{
    const struct call_expect *expect = endpoint->config.expect;
    const struct event_outcome now = endpoint->outcome;
    char wanted[128], seen[160];
    /* A step that failed is not what was expected, whatever came behind it. */
    if ((!expect->ends && !expect->status) || now.steps.failed || now.failure == FAILURE_LOCAL)
        return;
    /* Who had no call because its partner failed had no chance to fail as said. */
    if (now.failure == FAILURE_PARTNER)
        return;
    uint16_t status = status_of(endpoint);
    /* A failure is expected of somebody, and here nobody was reached who could have failed. */
    if (now.failure == FAILURE_UNREACHABLE || now.failure == FAILURE_NAME)
        return;
    /* A call that was to be accepted, and was, has to go on well. */
    if (!expect->ends && expect->status < 300 && expect->status == status &&
        now.outcome != OUTCOME_SUCCESS)
        return;
    describe(expect->ends, expect->outcome, expect->status, "", wanted, sizeof wanted);
    describe(true, now.outcome, status, now.reason, seen, sizeof seen);
    endpoint->outcome = (struct event_outcome){.status = status, .steps = now.steps};
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

void expected_settle(struct endpoint *endpoint)
{
    if (!endpoint->config.expect || endpoint->interrupted || endpoint->aborted)
        return;
    settle_end(endpoint);
    settle_messages(endpoint);
}
