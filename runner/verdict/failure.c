#include "failure.h"

#include <string.h>

static enum event_failure of_registration(const struct result_endpoint *endpoint)
{
    const struct event_registration *registration = &endpoint->registration;
    uint16_t status = endpoint->outcome.status;
    if (endpoint->registered_known && registration->failure != FAILURE_NONE)
        return registration->failure;
    if (status == 401 || status == 407)
        return FAILURE_CREDENTIALS;
    if (status > 0)
        return FAILURE_REFUSED;
    if (strcasestr(registration->trouble, "certificate") ||
        strcasestr(registration->trouble, "tls") || strcasestr(registration->trouble, "ssl"))
        return FAILURE_TLS;
    return endpoint->registered_known && !registration->timed_out ? FAILURE_UNREACHABLE
                                                                  : FAILURE_NO_ANSWER;
}

static enum event_failure of_refusal(uint16_t status)
{
    switch (status) {
    case 401:
    case 407:
        return FAILURE_CREDENTIALS;
    case 415:
    case 488:
    case 606:
        return FAILURE_NO_CODEC;
    default:
        return status / 100 == 3 ? FAILURE_REDIRECTED : FAILURE_REFUSED;
    }
}

static enum event_failure of_call(const struct result *result, uint32_t index)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct event_outcome *outcome = &endpoint->outcome;
    const struct roster_endpoint *who = &result->roster->endpoints[index];
    if (endpoint->call_known && endpoint->call.result == CALL_NOT_ATTEMPTED)
        return FAILURE_PARTNER;
    if (outcome->status >= 200 && outcome->status < 300)
        return strstr(outcome->detail, "acknowledged") ? FAILURE_NO_ACK : FAILURE_HUNG_UP_EARLY;
    if (who->role == ROLE_CALLEE && strstr(outcome->detail, "gave up"))
        return FAILURE_GIVEN_UP;
    return outcome->status == 0 ? FAILURE_UNREACHABLE : of_refusal(outcome->status);
}

static enum event_failure of_timeout(const struct event_outcome *outcome, enum roster_role role)
{
    if (strncmp(outcome->detail, "cut off", 7) == 0)
        return FAILURE_CUT_OFF;
    if (role == ROLE_CALLEE)
        return FAILURE_NO_INVITE;
    if (outcome->status > 0)
        return of_refusal(outcome->status);
    return strstr(outcome->detail, "cancelled") ? FAILURE_NOT_ANSWERED : FAILURE_NO_ANSWER;
}

static enum event_failure of_warning(const char *detail)
{
    return strstr(detail, "removal")       ? FAILURE_UNREGISTER
           : strstr(detail, "no RTP")      ? FAILURE_NO_MEDIA
           : strstr(detail, "interrupted") ? FAILURE_CUT_OFF
                                           : FAILURE_NONE;
}

enum event_failure failure_of(const struct result *result, uint32_t index)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct event_outcome *outcome = &endpoint->outcome;
    if (outcome->failure > FAILURE_NONE && outcome->failure <= FAILURE_CUT_OFF)
        return outcome->failure;
    switch (outcome->outcome) {
    case OUTCOME_REGISTRATION_FAILED:
        return of_registration(endpoint);
    case OUTCOME_CALL_FAILED:
        return of_call(result, index);
    case OUTCOME_NEGOTIATION_FAILED:
        return strstr(outcome->detail, "unusable") ? FAILURE_SDP : FAILURE_NO_CODEC;
    case OUTCOME_TIMEOUT:
        return of_timeout(outcome, result->roster->endpoints[index].role);
    case OUTCOME_OSERROR:
        return FAILURE_LOCAL;
    case OUTCOME_TEARDOWN_ERROR:
        return FAILURE_BYE;
    case OUTCOME_COMPLETED_WITH_WARNINGS:
        return of_warning(outcome->detail);
    case OUTCOME_SUCCESS:
        break;
    }
    return FAILURE_NONE;
}
