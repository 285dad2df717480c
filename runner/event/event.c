#include "cmtest/event.h"

#include <math.h>
#include "cmtest/text.h"

#include <stdio.h>

const char *phase_name(enum endpoint_phase phase)
{
    static const char *const names[] = {"INITIALIZING", "REGISTERED", "CALLING",       "RINGING",
                                        "NEGOTIATING",  "INCALL",     "DISCONNECTING", "CLOSED"};
    return names[phase];
}

const char *outcome_name(enum endpoint_outcome outcome)
{
    static const char *const names[] = {
        "SUCCESS",     "COMPLETED_WITH_WARNINGS", "REGISTRATION_FAILED",
        "CALL_FAILED", "NEGOTIATION_FAILED",      "TIMEOUT",
        "OSERROR",     "TEARDOWN_ERROR"};
    return names[outcome];
}

int outcome_severity(enum endpoint_outcome outcome)
{
    return outcome == OUTCOME_SUCCESS ? 0 : outcome == OUTCOME_COMPLETED_WITH_WARNINGS ? 1 : 10;
}

const char *call_result_name(enum call_result result)
{
    static const char *const names[] = {"not_attempted", "answered",  "busy",        "rejected",
                                        "timed_out",     "cancelled", "unavailable", "error"};
    return names[result];
}

const char *action_result_name(enum action_result result)
{
    static const char *const names[] = {"done", "failed", "skipped"};
    return names[result];
}

const char *digit_method_name(enum digit_method method)
{
    static const char *const names[DIGIT_METHODS] = {"rtp", "info", "inband"};
    return names[method];
}

const char *failure_name(enum event_failure failure)
{
    static const char *const names[] = {"",
                                        "refused",
                                        "credentials",
                                        "no_answer",
                                        "not_answered",
                                        "unreachable",
                                        "name",
                                        "tls",
                                        "refresh",
                                        "unregister",
                                        "no_invite",
                                        "partner",
                                        "given_up",
                                        "no_ack",
                                        "sdp",
                                        "no_codec",
                                        "security",
                                        "redirected",
                                        "hung_up_early",
                                        "session_expired",
                                        "bye",
                                        "no_media",
                                        "action",
                                        "expectation",
                                        "local",
                                        "cut_off"};
    return names[failure];
}

enum call_result call_result_of(uint16_t status)
{
    if (status >= 200 && status < 300)
        return CALL_ANSWERED;
    switch (status) {
    case 0:
    case 408:
        return CALL_TIMED_OUT;
    case 486:
    case 600:
        return CALL_BUSY;
    case 403:
    case 603:
        return CALL_REJECTED;
    case 487:
        return CALL_CANCELLED;
    case 480:
    case 503:
        return CALL_UNAVAILABLE;
    default:
        return CALL_ERROR;
    }
}

void roster_endpoint_name(const struct roster *roster, uint32_t endpoint, char *out, size_t size)
{
    if (endpoint >= roster->endpoint_count) {
        text_copy(out, size, "-");
        return;
    }
    const struct roster_endpoint *who = &roster->endpoints[endpoint];
    snprintf(out, size, "%s[%u]", roster->groups[who->group].name, who->index);
}

const char *reading_name(enum reading reading)
{
    static const char *const names[] = {
#define READING(id, name, ...) [READING_##id] = name,
#include "cmtest/readings.def"
#undef READING
    };
    return names[reading];
}

/* By the third word of a line. */
enum {
    DIGITS_PACKETS = 0,
    DIGITS_BYTES = 0,
    DIGITS_EVENTS = 0,
    DIGITS_MS = 3,
    DIGITS_PERCENT = 4,
    DIGITS_SCORE = 4,
    DIGITS_PPM = 2,
    DIGITS_DBOV = 2,
    DIGITS_DBM = 2,
    DIGITS_BPS = 0,
    DIGITS_PER_SECOND = 2
};

static const uint8_t digits[] = {
#define READING(id, name, unit, ...) [READING_##id] = DIGITS_##unit,
#include "cmtest/readings.def"
#undef READING
};

unsigned reading_digits(enum reading reading)
{
    return digits[reading];
}

void second_round(struct event_second *second)
{
    static const double powers[] = {1, 10, 100, 1000, 10000};
    for (unsigned word = 0; word < READING_WORDS; word++)
        for (uint64_t bits = second->known[word]; bits; bits &= bits - 1) {
            unsigned reading = word * 64 + (unsigned)__builtin_ctzll(bits);
            double power = powers[digits[reading]], scaled = second->value[reading] * power;
            /* Beyond this there is nothing behind the point; and 0 takes the sign from -0. */
            if (fabs(scaled) < 0x1p51)
                second->value[reading] = nearbyint(scaled) / power + 0.0;
        }
}

const char *machine_resource_name(enum machine_resource resource)
{
    static const char *const names[] = {"", "descriptors", "memory", "threads"};
    return (unsigned)resource <= MACHINE_THREADS ? names[resource] : "";
}

const char *thread_policy_name(enum thread_policy policy)
{
    static const char *const names[] = {"", "plain", "nice", "real-time"};
    return (unsigned)policy < sizeof names / sizeof names[0] ? names[policy] : "";
}
