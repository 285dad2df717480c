/* How a call went: its outcome and its figures. */
#include "endpoint_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much earlier than planned a call may end by the peer's BYE and still be whole: the way of the
 * answer and of the BYE. */
#define EARLY_NS (100 * NS_PER_MS)

static int64_t since(int64_t from_ns, int64_t to_ns)
{
    return from_ns && to_ns ? to_ns - from_ns : EVENT_NONE;
}

/* ---- refusals -------------------------------------------------------------------------------- */

/* What went wrong in TLS has words of its own; a connection that never came has those of TCP. */
static bool is_of_tls(const struct endpoint *endpoint, const char *trouble)
{
    const struct agent_server *server = agent_user_server(endpoint->user);
    return server && server->transport->secure &&
           (strstr(trouble, "TLS") || strstr(trouble, "certificate"));
}

/* No final response came. */
static void judge_silence(struct endpoint *endpoint, const struct dialog_end *end, const char *who)
{
    const struct call *call = &endpoint->call;
    bool tls = is_of_tls(endpoint, end->trouble);
    if (end->unreachable)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, tls ? FAILURE_TLS : FAILURE_UNREACHABLE, 0,
                        NULL,
                        end->trouble[0] ? "%s could not be sent: %s" : "%s could not be sent%s",
                        who, end->trouble);
    else if (call->gave_up && call->trying_ns)
        endpoint_worsen(endpoint, OUTCOME_TIMEOUT, FAILURE_NOT_ANSWERED, 0, NULL,
                        "not answered within %.0f s; cancelled",
                        (double)endpoint->config.patience_ns / NS_PER_S);
    else
        endpoint_worsen(endpoint, OUTCOME_TIMEOUT, FAILURE_NO_ANSWER, 0, NULL,
                        "no response to %s within %.0f s", who,
                        call->gave_up ? (double)endpoint->config.patience_ns / NS_PER_S : 32.0);
}

static void judge_redirect(struct endpoint *endpoint, const struct dialog_end *end, const char *who)
{
    if (end->redirects)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_REDIRECTED, end->status, end->reason,
                        "%s was redirected again with %u %s after %u redirects were followed", who,
                        end->status, end->reason, end->redirects);
    else
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_REDIRECTED, end->status, end->reason,
                        endpoint->config.dialog.redirects
                            ? "%s was redirected with %u %s to nowhere that could be followed"
                            : "%s was redirected with %u %s, which is not to be followed",
                        who, end->status, end->reason);
}

/* A 488 does not say what of an offer was refused, unless by a warning (RFC 3261 20.43). Of an
 * offer of encrypted media only, that is what most peers mean. */
static enum event_failure of_offer(const struct endpoint *endpoint, const struct dialog_end *end)
{
    const struct endpoint_config *config = &endpoint->config;
    switch (atoi(end->warning)) {
    case 302: /* incompatible transport protocol, such as RTP/SAVP */
        return FAILURE_SECURITY;
    case 304: /* media type not available */
    case 305: /* incompatible media format */
        return FAILURE_NO_CODEC;
    default:
        return config->security.required && !config->late_offer ? FAILURE_SECURITY
                                                                : FAILURE_NO_CODEC;
    }
}

void judge_refusal(struct endpoint *endpoint, const struct dialog_end *end, const char *who)
{
    uint16_t status = end->status;
    char more[256] = "";
    size_t length = 0;
    if (end->warning[0])
        length = (size_t)snprintf(more, sizeof more, " (Warning: %s)", end->warning);
    if (end->cause[0])
        length +=
            (size_t)snprintf(more + length, sizeof more - length, " (Reason: %s)", end->cause);
    if (end->retry_after >= 0 && length < sizeof more)
        snprintf(more + length, sizeof more - length, "; it may be tried again after %d s",
                 (int)end->retry_after);
    if (!status)
        judge_silence(endpoint, end, who);
    else if (end->refused_again)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_CREDENTIALS, status, end->reason,
                        "%s was challenged again with %u %s although the challenge was answered",
                        who, status, end->reason);
    else if (status == 488 || status == 606)
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, of_offer(endpoint, end), status,
                        end->reason, "%s was refused with %u %s%s", who, status, end->reason, more);
    else if (status >= 300 && status < 400)
        judge_redirect(endpoint, end, who);
    else if (status == 408)
        endpoint_worsen(endpoint, OUTCOME_TIMEOUT, FAILURE_REFUSED, status, end->reason,
                        "%s was refused with %u %s%s", who, status, end->reason, more);
    else
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_REFUSED, status, end->reason,
                        "%s was refused with %u %s%s", who, status, end->reason, more);
}

static void judge_unanswered(struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    const struct dialog_end *end = call_ended(call);
    bool caller = endpoint->config.role == ROLE_CALLER;
    if (call->refused) /* as it should */
        return;
    if (!caller && endpoint->config.never && end->by_peer)
        return;
    if (!caller && end->by_peer)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_GIVEN_UP, end->status, end->reason,
                        end->cause[0]
                            ? "the caller gave up before the call was answered (Reason: %s)"
                            : "the caller gave up before the call was answered%s",
                        end->cause);
    else if (call->trouble[0])
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, call->trouble_failure, end->status,
                        end->reason, "%s", call->trouble);
    else if (caller && end->status >= 200 && end->status < 300)
        judge_silence(endpoint, end, "the INVITE"); /* it crossed our CANCEL */
    else
        judge_refusal(endpoint, end, caller ? "the INVITE" : "the caller's INVITE");
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* The side that hangs up first decides. */
static int64_t planned_length(const struct endpoint *endpoint)
{
    const struct endpoint_config *config = &endpoint->config;
    int64_t peer = config->peer_hangup_ns;
    if (config->peer_may_leave)
        return 0;
    return peer && peer < config->duration_ns ? peer : config->duration_ns;
}

/* Whether the call lasted as long as it should have. */
static bool completed(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    if (!call->confirmed || call->trouble[0] || call_ended(call)->no_ack ||
        call_ended(call)->expired)
        return false;
    if (call->hung_up || endpoint->config.peer_decides)
        return true;
    return call_ended(call)->by_peer &&
           call->bye_ns - call->answer_ns >= planned_length(endpoint) - EARLY_NS;
}

static void judge_early_end(struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    double after = (double)(call->bye_ns - call->answer_ns) / NS_PER_S;
    double planned = (double)planned_length(endpoint) / NS_PER_S;
    if (call_ended(call)->expired)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_SESSION_EXPIRED, 200, NULL,
                        "no session refresh came in time, and we hung up after %.1f s of %.1f s",
                        after, planned);
    else if (call_ended(call)->by_peer)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_HUNG_UP_EARLY, 200, NULL,
                        call_ended(call)->cause[0]
                            ? "the peer hung up after %.1f s of %.1f s (Reason: %s)"
                            : "the peer hung up after %.1f s of %.1f s%s",
                        after, planned, call_ended(call)->cause);
    else
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_HUNG_UP_EARLY, 200, NULL,
                        "the peer no longer knew the call after %.1f s of %.1f s", after, planned);
}

static void judge_bye(struct endpoint *endpoint, const struct dialog_end *end)
{
    if (end->bye_status)
        endpoint_worsen(endpoint, OUTCOME_TEARDOWN_ERROR, FAILURE_BYE, end->bye_status, NULL,
                        "our BYE was refused with %u", end->bye_status);
    else if (end->bye_unsent)
        endpoint_worsen(endpoint, OUTCOME_TEARDOWN_ERROR, FAILURE_BYE, 0, NULL,
                        end->trouble[0] ? "our BYE could not be sent: %s"
                                        : "our BYE could not be sent%s",
                        end->trouble);
    else
        endpoint_worsen(endpoint, OUTCOME_TEARDOWN_ERROR, FAILURE_BYE, 0, NULL,
                        "no response to our BYE within 32 s");
}

static void judge_answered(struct endpoint *endpoint, bool whole)
{
    const struct call *call = &endpoint->call;
    if (call->trouble[0])
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, call->trouble_failure,
                        call_ended(call)->status, call_ended(call)->reason, "%s", call->trouble);
    else if (call_ended(call)->no_ack)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_NO_ACK, 200, NULL,
                        "our 200 was never acknowledged: no ACK came");
    else if (!whole)
        judge_early_end(endpoint);
    else if (call->receives && !call_totals(call)->packets_received)
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_MEDIA, 0, NULL,
                        "no RTP arrived in the whole call");
    if (call_ended(call)->bye_failed)
        judge_bye(endpoint, call_ended(call));
}

static enum call_result result_of(const struct call *call)
{
    if (!call_ended(call)->status && call_ended(call)->unreachable)
        return CALL_ERROR;
    return call_result_of(call_ended(call)->status);
}

static void add_security(const struct call *call, struct event_call *told)
{
    const struct keying_totals *security = &call_totals(call)->security;
    told->secured =
        call->flowing && call->flowing->keying.row && call->flowing->keying.row->secured;
    if (security->suite)
        text_copy(told->suite, sizeof told->suite, security->suite->name);
    told->auth_failures = security->auth_failed;
    told->replays = security->replayed;
    told->srtp_malformed = security->malformed;
    told->handshakes = (uint32_t)security->handshakes;
    told->rekeyings = (uint32_t)security->rekeyings;
    told->handshake_ns = call_totals(call)->handshake_ns;
}

static void add_media(const struct call *call, bool caller, struct event_call *told)
{
    const struct stream_totals *totals = call_totals(call);
    int64_t first = totals->first_packet_ns;
    if (!call->media_started)
        return;
    told->media_known = true;
    told->packets_sent = totals->packets_sent;
    told->packets_received = totals->packets_received;
    told->packets_lost = totals->packets_lost;
    told->packets_missing = totals->packets_missing;
    told->packets_expected = totals->packets_expected;
    told->impaired[DIRECTION_SEND] = totals->impaired[DIRECTION_SEND];
    told->impaired[DIRECTION_RECEIVE] = totals->impaired[DIRECTION_RECEIVE];
    add_security(call, told);
    if (first == EVENT_NONE || !totals->packets_received)
        return;
    if (call->answer_ns)
        told->first_media_ns = first > call->answer_ns ? first - call->answer_ns : 0;
    /* RTP that overtakes the 2xx is no early media: nobody agreed on any. */
    if (caller && call->early_agreed && (!call->answer_ns || first < call->answer_ns))
        told->early_media_ns = since(call->invite_ns, first);
}

/* How long it took until a caller knew that there will be no call; a redirection is no failure. */
static int64_t failed_after(const struct call *call)
{
    bool redirected = call_ended(call)->status >= 300 && call_ended(call)->status < 400;
    return call->answered || redirected ? EVENT_NONE : since(call->invite_ns, call->end_ns);
}

static void tell_call(struct endpoint *endpoint, bool whole)
{
    struct call *call = &endpoint->call;
    bool caller = endpoint->config.role == ROLE_CALLER;
    if (call->told)
        return;
    call->told = true;
    int64_t invite = caller ? call->invite_ns : 0;
    struct event event = {.kind = EVENT_CALL};
    struct event_call *told = &event.call;
    *told = (struct event_call){
        .result = result_of(call),
        .counted = endpoint->config.counted,
        .established = call->confirmed,
        .completed = whole,
        .status = call_ended(call)->status,
        .trying_ns = since(invite, call->trying_ns),
        .ringing_ns = since(invite, call->ringing_ns),
        .pdd_ns = since(invite, call->progress_ns ? call->progress_ns : call->answer_ns),
        .setup_ns = since(invite, call->answer_ns),
        .first_media_ns = EVENT_NONE,
        .duration_ns = call->confirmed ? since(call->answer_ns, call->bye_ns) : EVENT_NONE,
        .teardown_ns = call->teardown_ns ? call->teardown_ns : EVENT_NONE,
        .early_media_ns = EVENT_NONE,
        .failed_ns = caller && !endpoint->interrupted ? failed_after(call) : EVENT_NONE,
        .repeats_sent = call->repeats_sent,
        .repeats_received = call->repeats_received,
        .refreshes = call->refreshes,
        .redirects = call->redirects,
        .offers = call->offers,
        .retry_after = call_ended(call)->retry_after,
    };
    add_media(call, caller, told);
    text_copy(told->cause, sizeof told->cause, call_ended(call)->cause);
    text_copy(told->reason, sizeof told->reason, call_ended(call)->reason);
    text_copy(told->call_id, sizeof told->call_id, call->call_id);
    endpoint_emit(endpoint, &event);
}

void call_tell_not_attempted(struct endpoint *endpoint)
{
    if (endpoint->call.told)
        return;
    endpoint->call.told = true;
    struct event event = {
        .kind = EVENT_CALL,
        .call = {.result = CALL_NOT_ATTEMPTED,
                 .counted = endpoint->config.counted && endpoint->config.role == ROLE_CALLER,
                 .trying_ns = EVENT_NONE,
                 .ringing_ns = EVENT_NONE,
                 .pdd_ns = EVENT_NONE,
                 .setup_ns = EVENT_NONE,
                 .first_media_ns = EVENT_NONE,
                 .duration_ns = EVENT_NONE,
                 .teardown_ns = EVENT_NONE,
                 .early_media_ns = EVENT_NONE,
                 .failed_ns = EVENT_NONE,
                 .retry_after = -1}};
    endpoint_emit(endpoint, &event);
}

void call_tell_aborted(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    if (!call->invited) {
        call_tell_not_attempted(endpoint);
        return;
    }
    if (!call->over) {
        call_end(call)->retry_after = -1;
        call_end(call)->status = call->answered ? 200 : 0;
        call->bye_ns = call->leg ? call->leg->bye_ns : 0;
    }
    tell_call(endpoint, call->over && completed(endpoint));
}

void call_wind_up(struct endpoint *endpoint)
{
    bool whole = completed(endpoint);
    if (endpoint->interrupted)
        ; /* how it ended, refused or cancelled, is our own doing */
    else if (endpoint->call.answered)
        judge_answered(endpoint, whole);
    else
        judge_unanswered(endpoint);
    tell_call(endpoint, whole);
    endpoint_leave(endpoint);
}
