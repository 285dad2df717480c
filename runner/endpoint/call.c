#include "endpoint_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

/* How much earlier than planned a call may end by the peer's BYE and still be whole: the way of the
 * answer and of the BYE. */
#define EARLY_NS (100 * NS_PER_MS)
/* What a dialog's reason says when nobody answered. */
#define NO_ANSWER "no answer"
/* How long a callee leaves an outside caller the last word. */
#define PEER_GRACE_NS (2 * NS_PER_S)

static int64_t since(int64_t from_ns, int64_t to_ns)
{
    return from_ns && to_ns ? to_ns - from_ns : EVENT_NONE;
}

/* ---- media ------------------------------------------------------------------------------- */

static bool open_port(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    struct session_local *local = &call->local;
    int failed = endpoint->media->open(endpoint->service, endpoint->config.id, &local->rtp_port,
                                       &local->rtcp_port);
    if (failed) {
        endpoint_worsen(endpoint, OUTCOME_OSERROR, 0, NULL, "no RTP port could be opened: %s",
                        strerror(failed));
        return false;
    }
    call->port_open = true;
    local->address = agent_address(endpoint->agent);
    local->id = endpoint->config.seed >> 1; /* o= wants it to fit 63 bits */
    local->version = 1;
    local->codec_count = endpoint->config.codec_count;
    memcpy(local->codecs, endpoint->config.codecs, local->codec_count * sizeof local->codecs[0]);
    if (endpoint->config.ptimes)
        memcpy(local->ptimes, endpoint->config.ptimes,
               local->codec_count * sizeof local->ptimes[0]);
    return true;
}

static void address_format(const struct sockaddr_storage *address, socklen_t length, char *out,
                           size_t size)
{
    char host[INET6_ADDRSTRLEN] = "", port[8] = "";
    getnameinfo((const struct sockaddr *)address, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

static void start_media(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    const struct session_media *media = &call->media;
    call->media_started = true;
    struct event event = {.kind = EVENT_MEDIA};
    text_copy(event.media.codec, sizeof event.media.codec, media->codec->name);
    event.media.payload_type = media->payload_type;
    event.media.ptime_ms = (uint16_t)media->ptime_ms;
    snprintf(event.media.local, sizeof event.media.local,
             strchr(call->local.address, ':') ? "[%s]:%u" : "%s:%u", call->local.address,
             call->local.rtp_port);
    address_format(&media->rtp, media->address_length, event.media.remote,
                   sizeof event.media.remote);
    endpoint_emit(endpoint, &event);
    endpoint->media->start(endpoint->service, endpoint->config.id, media);
}

/* ---- the end ------------------------------------------------------------------------------- */

static void judge_refusal(struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    bool caller = endpoint->config.role == ROLE_CALLER;
    uint16_t status = call->end.status;
    if (call->refused) /* as it should */
        return;
    if (!caller && call->end.by_peer)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, status, call->end.reason,
                        "the caller gave up before the call was answered");
    else if (call->trouble[0])
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, status, call->end.reason, "%s",
                        call->trouble);
    else if (status == 488 || status == 606)
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, status, call->end.reason,
                        "the INVITE was refused with %u %s", status, call->end.reason);
    else if (status)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, status, call->end.reason,
                        "the INVITE was refused with %u %s", status, call->end.reason);
    else if (strcmp(call->end.reason, NO_ANSWER) == 0)
        endpoint_worsen(endpoint, OUTCOME_TIMEOUT, 0, call->end.reason,
                        call->gave_up ? "not answered within %.0f s; cancelled"
                                      : "no response to the INVITE within %.0f s",
                        call->gave_up ? (double)endpoint->config.patience_ns / NS_PER_S : 32.0);
    else
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, 0, call->end.reason, "the INVITE failed: %s",
                        call->end.reason);
}

/* The side that hangs up first decides. */
static int64_t planned_length(const struct endpoint *endpoint)
{
    const struct endpoint_config *config = &endpoint->config;
    int64_t peer = config->peer_hangup_ns;
    return peer && peer < config->duration_ns ? peer : config->duration_ns;
}

/* Whether the call lasted as long as it should have. */
static bool completed(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    if (!call->confirmed || call->trouble[0] || call->end.no_ack)
        return false;
    if (call->hung_up || endpoint->config.peer_decides)
        return true;
    return call->end.by_peer &&
           call->bye_ns - call->answer_ns >= planned_length(endpoint) - EARLY_NS;
}

static void judge(struct endpoint *endpoint, bool whole)
{
    const struct call *call = &endpoint->call;
    if (endpoint->interrupted)
        return; /* how it ended, refused or cancelled, is our own doing */
    if (!call->answered) {
        judge_refusal(endpoint);
        return;
    }
    if (call->trouble[0])
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, call->end.status, call->end.reason,
                        "%s", call->trouble);
    else if (call->end.no_ack)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, 200, NULL,
                        "our 200 was never acknowledged (no ACK within 32 s)");
    else if (!whole)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, 200, NULL,
                        "the peer hung up after %.1f s of %.1f s",
                        (double)(call->bye_ns - call->answer_ns) / NS_PER_S,
                        (double)planned_length(endpoint) / NS_PER_S);
    else if (call->media_started && call->media.may_receive && !call->totals.packets_received)
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, 0, NULL,
                        "no RTP arrived in the whole call");
    if (call->end.bye_failed)
        endpoint_worsen(endpoint, OUTCOME_TEARDOWN_ERROR, 0, NULL, "BYE was not confirmed");
}

/* How long it took until a caller knew that there will be no call; a redirection is no failure. */
static int64_t failed_after(const struct call *call, bool caller)
{
    bool redirected = call->end.status >= 300 && call->end.status < 400;
    if (!caller || call->answered || redirected)
        return EVENT_NONE;
    return since(call->invite_ns, call->end_ns);
}

static void tell_call(struct endpoint *endpoint, bool whole)
{
    struct call *call = &endpoint->call;
    bool caller = endpoint->config.role == ROLE_CALLER;
    if (call->told)
        return;
    call->told = true;
    int64_t pdd = call->progress_ns ? call->progress_ns : call->answer_ns;
    struct event event = {.kind = EVENT_CALL};
    struct event_call *told = &event.call;
    *told = (struct event_call){
        .result = call_result_of(call->end.status),
        .counted = endpoint->config.counted,
        .established = call->confirmed,
        .completed = whole,
        .status = call->end.status,
        .trying_ns = caller ? since(call->invite_ns, call->trying_ns) : EVENT_NONE,
        .ringing_ns = caller ? since(call->invite_ns, call->ringing_ns) : EVENT_NONE,
        .pdd_ns = caller ? since(call->invite_ns, pdd) : EVENT_NONE,
        .setup_ns = caller ? since(call->invite_ns, call->answer_ns) : EVENT_NONE,
        .first_media_ns = EVENT_NONE,
        .duration_ns = call->confirmed ? since(call->answer_ns, call->bye_ns) : EVENT_NONE,
        .teardown_ns = call->end.teardown_ns,
        .early_media_ns = EVENT_NONE,
        .failed_ns = failed_after(call, caller),
        .retry_after = call->end.retry_after,
        .media_known = call->media_started,
        .packets_sent = call->totals.packets_sent,
        .packets_received = call->totals.packets_received,
        .packets_lost = call->totals.packets_lost,
        .packets_expected = call->totals.packets_expected,
    };
    if (!call->end.status && strcmp(call->end.reason, NO_ANSWER) != 0)
        told->result = CALL_ERROR;
    if (call->media_started && call->totals.first_packet_ns != EVENT_NONE) {
        int64_t wait = call->totals.first_packet_ns - call->answer_ns;
        told->first_media_ns = wait > 0 ? wait : 0;
    }
    text_copy(told->reason, sizeof told->reason, call->end.reason);
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
    if (!call->over && call->answered)
        call->end.status = 200;
    tell_call(endpoint, false);
}

static void wind_up(struct endpoint *endpoint)
{
    bool whole = completed(endpoint);
    judge(endpoint, whole);
    tell_call(endpoint, whole);
    endpoint_leave(endpoint);
}

void endpoint_media_closed(struct endpoint *endpoint, bool started,
                           const struct stream_totals *totals)
{
    struct call *call = &endpoint->call;
    call->port_open = false;
    if (started)
        call->totals = *totals;
    if (endpoint->phase != PHASE_CLOSED && call->over)
        wind_up(endpoint);
}

static void take_end(void *owner, const struct dialog_end *end)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    call->end = *end;
    call->end_ns = clock_now();
    call->over = true;
    if (call->gave_up && end->status == 487) {
        /* The 487 is the echo of our CANCEL, and not what happened. */
        call->end.status = 0;
        text_copy(call->end.reason, sizeof call->end.reason, NO_ANSWER);
    }
    loop_timer_cancel(&endpoint->timer);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    if (call->port_open && !call->closing) {
        call->closing = true;
        endpoint->media->close(endpoint->service, endpoint->config.id);
    } else if (!call->port_open) {
        wind_up(endpoint);
    }
}

void call_hang_up(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    if (!call->dialog)
        return;
    if (call->media_started)
        endpoint->media->quiet(endpoint->service, endpoint->config.id);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    dialog_hangup(call->dialog, NULL);
}

static void duration_over(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint->call.hung_up = true;
    if (endpoint->config.role == ROLE_CALLEE && !endpoint->config.peer_decides &&
        !endpoint->config.hangup_ns)
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, 0, NULL,
                        "the caller's BYE did not come; we hung up");
    call_hang_up(endpoint);
}

static void set_duration(struct endpoint *endpoint)
{
    const struct endpoint_config *config = &endpoint->config;
    int64_t grace = config->peer_decides ? PEER_GRACE_NS : 0;
    /* The callee of one of our own callers only hangs up when its caller is gone. */
    if (config->role == ROLE_CALLEE && !config->peer_decides)
        grace = PEER_GRACE_NS * 2;
    int64_t length = config->duration_ns + grace;
    if (config->hangup_ns && config->hangup_ns < length)
        length = config->hangup_ns;
    loop_timer_set(endpoint->loop, &endpoint->timer, endpoint->call.answer_ns + length,
                   duration_over, endpoint);
}

/* Notes the times that only messages tell. */
static void take_message(void *owner, const struct message *message)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    if (strcmp(message->facts.method, "BYE") == 0 && !message->facts.status && !call->bye_ns)
        call->bye_ns = message->at_ns;
    endpoint_message(owner, message);
}

/* ---- caller -------------------------------------------------------------------------------- */

static void take_progress(void *owner, int status, const char *body, size_t length)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    int64_t now = clock_now();
    (void)body;
    (void)length;
    if (!call->trying_ns)
        call->trying_ns = now;
    if (status == 180 && !call->ringing_ns)
        call->ringing_ns = now;
    if (status > 100 && !call->progress_ns)
        call->progress_ns = now;
    if (status > 100)
        endpoint_move(endpoint, PHASE_RINGING);
}

static void take_answer(void *owner, const char *body, size_t length)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    call->answer_ns = clock_now();
    call->answered = call->confirmed = true;
    endpoint_move(endpoint, PHASE_NEGOTIATING);
    const char *why = session_accept(&call->local, body, length, &call->media);
    if (why) {
        snprintf(call->trouble, sizeof call->trouble, "the answer in the 200 is unusable: %s", why);
        call_hang_up(endpoint);
        return;
    }
    endpoint_move(endpoint, PHASE_INCALL);
    set_duration(endpoint);
    start_media(endpoint);
}

static const struct dialog_handler caller_handler = {
    .message = take_message, .progress = take_progress, .answered = take_answer, .ended = take_end};

static void give_up(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint->call.gave_up = true;
    call_hang_up(endpoint);
}

void call_dial(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    call->invited = true;
    endpoint_move(endpoint, PHASE_CALLING);
    if (!open_port(endpoint)) {
        call->over = true;
        wind_up(endpoint);
        return;
    }
    struct text offer = {0};
    session_offer(&call->local, &offer);
    call->invite_ns = clock_now();
    struct dialog_request request = {.target = endpoint->config.target,
                                     .offer = text_get(&offer),
                                     .from = endpoint->config.from,
                                     .headers = endpoint->config.headers};
    call->dialog =
        dialog_invite(endpoint->agent, endpoint->user, &request, &caller_handler, endpoint);
    text_copy(call->call_id, sizeof call->call_id, dialog_call_id(call->dialog));
    text_fini(&offer);
    loop_timer_set(endpoint->loop, &endpoint->timer, call->invite_ns + endpoint->config.patience_ns,
                   give_up, endpoint);
}

/* ---- callee -------------------------------------------------------------------------------- */

static void take_ack(void *owner, const char *body, size_t length)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    call->confirmed = true;
    if (call->offered) {
        const char *why = session_accept(&call->local, body, length, &call->media);
        if (why) {
            snprintf(call->trouble, sizeof call->trouble, "the answer in the ACK is unusable: %s",
                     why);
            call_hang_up(endpoint);
            return;
        }
        start_media(endpoint);
    }
    endpoint_move(endpoint, PHASE_INCALL);
}

static const struct dialog_handler callee_handler = {
    .message = take_message, .confirmed = take_ack, .ended = take_end};

static void answer(void *arg)
{
    struct endpoint *endpoint = arg;
    struct call *call = &endpoint->call;
    size_t length;
    const char *offer = dialog_offer(call->dialog, &length);
    struct text sdp = {0};
    endpoint_move(endpoint, PHASE_NEGOTIATING);
    const char *why = NULL;
    call->offered = !length;
    if (call->offered) /* late offer: ours goes in the 2xx (RFC 3261 13.3.1) */
        session_offer(&call->local, &sdp);
    else
        why = session_answer(&call->local, offer, length, &sdp, &call->media);
    if (why) {
        snprintf(call->trouble, sizeof call->trouble, "the offer is unusable: %s", why);
        dialog_reject(call->dialog, 488, "Not Acceptable Here", NULL);
    } else {
        call->answered = true;
        call->answer_ns = clock_now();
        dialog_answer(call->dialog, text_get(&sdp));
        set_duration(endpoint);
        if (!call->offered)
            start_media(endpoint);
    }
    text_fini(&sdp);
}

static void refuse(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint->call.refused = true;
    dialog_reject(endpoint->call.dialog, endpoint->config.reject, NULL, NULL);
}

static void after(struct endpoint *endpoint, int64_t wait_ns, void (*step)(void *arg))
{
    if (wait_ns > 0)
        loop_timer_set(endpoint->loop, &endpoint->timer, clock_now() + wait_ns, step, endpoint);
    else
        step(endpoint);
}

static void ring(void *arg)
{
    struct endpoint *endpoint = arg;
    dialog_progress(endpoint->call.dialog, 180, NULL);
    endpoint_move(endpoint, PHASE_RINGING);
    after(endpoint, endpoint->config.ring_ns, endpoint->config.reject ? refuse : answer);
}

bool call_invited(void *owner, struct dialog *dialog)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    if (endpoint->config.role != ROLE_CALLEE || call->invited || endpoint->closing ||
        endpoint->phase == PHASE_CLOSED)
        return false;
    call->invited = true;
    call->dialog = dialog;
    text_copy(call->call_id, sizeof call->call_id, dialog_call_id(dialog));
    endpoint_move(endpoint, PHASE_CALLING);
    dialog_adopt(dialog, NULL, &callee_handler, endpoint);
    if (!open_port(endpoint))
        dialog_reject(dialog, 500, "No Media Port", NULL);
    else
        after(endpoint, endpoint->config.delay_ns, ring);
    return true;
}

void call_free(struct endpoint *endpoint)
{
    dialog_free(endpoint->call.dialog);
    endpoint->call.dialog = NULL;
}
