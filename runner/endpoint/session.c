/* Descriptions of the call's sessions, and the media that follows from them. */
#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <netdb.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool session_open_port(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    if (call->port_open)
        return true;
    int failed = endpoint->media->open(endpoint->service, endpoint->config.id, &call->rtp_port,
                                       &call->rtcp_port);
    if (failed)
        endpoint_worsen(endpoint, OUTCOME_OSERROR, FAILURE_LOCAL, 0, NULL,
                        "no RTP port could be opened: %s", strerror(failed));
    call->port_open = !failed;
    return !failed;
}

void session_new_keys(struct leg *leg)
{
    const struct session_security *security = &leg->endpoint->config.security;
    if (security->sdes && !leg->local.secrets)
        leg->local.secrets = mem_array(KEYING_SUITES_MAX, sizeof *leg->local.secrets);
    for (size_t i = 0; security->sdes && i < security->suite_count; i++)
        keying_secret_new(&leg->local.secrets[i], security->suites[i]);
}

void session_keep(const struct leg *leg, struct session_kept *kept)
{
    kept->local = leg->local;
    if (leg->local.secrets)
        memcpy(kept->secrets, leg->local.secrets, sizeof kept->secrets);
}

void session_old_keys(struct leg *leg, const struct session_kept *kept)
{
    if (leg->local.secrets)
        memcpy(leg->local.secrets, kept->secrets, sizeof kept->secrets);
}

void session_prepare(struct leg *leg)
{
    const struct endpoint *endpoint = leg->endpoint;
    const struct endpoint_config *config = &endpoint->config;
    /* o= wants the id to fit 63 bits; each leg is a session of its own. */
    leg->local =
        (struct session_local){.address = agent_address(endpoint->agent),
                               .rtp_port = endpoint->call.rtp_port,
                               .rtcp_port = endpoint->call.rtcp_port,
                               .id = (config->seed >> 1) ^ (leg != endpoint->call.legs[0]),
                               .version = 1,
                               .codec_count = config->codec_count,
                               .security = config->security,
                               .secrets = leg->local.secrets,
                               .feedback = config->feedback,
                               .mux = config->mux,
                               .direction = config->deferred ? SESSION_INACTIVE : SESSION_SENDRECV,
                               .extended_reports = config->extended_reports};
    session_new_keys(leg);
    memcpy(leg->local.codecs, config->codecs, config->codec_count * sizeof leg->local.codecs[0]);
    if (config->params)
        memcpy(leg->local.params, config->params,
               config->codec_count * sizeof leg->local.params[0]);
}

/* ---- what was agreed on ---------------------------------------------------------------------- */

static void let_go(const struct call *call, struct session_media *media)
{
    bool needed = media == call->flowing;
    for (size_t i = 0; i < LEGS && !needed; i++)
        needed = call->legs[i] && call->legs[i]->media == media;
    if (!needed)
        free(media);
}

const struct session_media *session_media_of(const struct leg *leg)
{
    static const struct session_media nothing;
    return leg->media ? leg->media : &nothing;
}

void session_agree(struct leg *leg, const struct session_media *media)
{
    struct session_media *before = leg->media;
    leg->media = media ? mem_alloc(sizeof *media) : NULL;
    if (media)
        *leg->media = *media;
    if (leg->local.agreed)
        leg->local.agreed = leg->media;
    let_go(&leg->endpoint->call, before);
}

/* ---- descriptions ---------------------------------------------------------------------------- */

static const char *say(struct leg *leg, struct text *description)
{
    session_revise(&leg->local, description);
    text_fini(&leg->said);
    leg->said = *description;
    leg->local.said = text_get(&leg->said);
    if (leg->dialog)
        dialog_describe(leg->dialog, leg->local.said);
    return leg->local.said;
}

const char *session_make_offer(struct leg *leg)
{
    struct text out = {0};
    /* Answers are judged by what was agreed on before the offer, not by one another. */
    leg->local.agreed = leg->agreed ? leg->media : NULL;
    session_offer(&leg->local, &out);
    leg->offering = true;
    return say(leg, &out);
}

bool session_reoffer(struct leg *leg, const char *method)
{
    struct text before = leg->said;
    uint64_t version = leg->local.version;
    bool offering = leg->offering;
    /* The new description takes over from the one before, which must last until then. */
    leg->said = (struct text){0};
    const char *offer = session_make_offer(leg);
    bool sent = dialog_renegotiate(leg->dialog, method, offer);
    if (sent) {
        text_fini(&before);
        return true;
    }
    text_fini(&leg->said);
    leg->said = before;
    leg->local.said = text_get(&leg->said);
    leg->local.version = version;
    leg->offering = offering;
    dialog_describe(leg->dialog, leg->local.said);
    return false;
}

void session_restate(struct leg *leg)
{
    struct text out = {0};
    leg->local.agreed = leg->agreed ? leg->media : NULL;
    session_offer(&leg->local, &out);
    leg->offering = false;
    say(leg, &out);
}

/* FNV-1a. */
static uint64_t hash(const char *bytes, size_t length)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return value;
}

/* Whether a further exchange of descriptions says something new; a repeated one is a refresh. */
static void count_exchange(struct leg *leg, const char *heard, size_t length)
{
    uint64_t now = hash(heard, length), own = hash(text_get(&leg->said), leg->said.length);
    if (leg->agreed && leg->answered && (now != leg->heard || own != leg->spoken))
        leg->endpoint->call.offers++;
    leg->heard = now;
    leg->spoken = own;
}

const char *session_make_answer(struct leg *leg, const char *offer, size_t length)
{
    struct text out = {0};
    struct session_media media;
    leg->local.agreed = leg->agreed ? leg->media : NULL;
    const char *why = session_answer(&leg->local, offer, length, &out, &media);
    if (why) {
        text_fini(&out);
        return why;
    }
    say(leg, &out);
    count_exchange(leg, offer, length);
    session_agree(leg, &media);
    leg->agreed = true;
    leg->offering = false;
    return NULL;
}

const char *session_take_answer(struct leg *leg, const char *answer, size_t length)
{
    struct session_media media;
    const char *why = session_accept(&leg->local, answer, length, &media);
    if (why)
        return why;
    count_exchange(leg, answer, length);
    session_agree(leg, &media);
    leg->agreed = true;
    leg->offering = false;
    return NULL;
}

enum event_failure session_failure(const char *why)
{
    return session_no_codec(why)      ? FAILURE_NO_CODEC
           : session_no_security(why) ? FAILURE_SECURITY
                                      : FAILURE_SDP;
}

void session_refuse(struct dialog *dialog, const char *why)
{
    unsigned code = session_no_codec(why) ? 305 : session_no_security(why) ? 302 : 399;
    struct text headers = {0};
    text_printf(&headers, "Warning: %u cmtest \"%s\"\r\n", code, why);
    dialog_reject(dialog, 488, "Not Acceptable Here", text_get(&headers));
    text_fini(&headers);
}

/* ---- media ----------------------------------------------------------------------------------- */

static void address_format(const struct sockaddr_storage *address, socklen_t length, char *out,
                           size_t size)
{
    char host[INET6_ADDRSTRLEN] = "", port[8] = "";
    getnameinfo((const struct sockaddr *)address, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

/* The suite of a handshake is not known yet. */
static void name_security(const struct keying_config *keying, char *out, size_t size)
{
    if (!keying->row || !keying->row->secured)
        text_copy(out, size, "");
    else if (keying->local.suite)
        snprintf(out, size, "%s %s", keying->row->name, keying->local.suite->name);
    else
        text_copy(out, size, keying->row->name);
}

static void tell_media(struct endpoint *endpoint, const struct session_media *media)
{
    const struct call *call = &endpoint->call;
    const char *address = agent_address(endpoint->agent);
    struct event event = {.kind = EVENT_MEDIA};
    text_copy(event.media.codec, sizeof event.media.codec, media->codec->name);
    name_security(&media->keying, event.media.security, sizeof event.media.security);
    event.media.payload_type = media->payload_type;
    event.media.ptime_ms = (uint16_t)media->ptime_ms;
    snprintf(event.media.local, sizeof event.media.local,
             strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, call->rtp_port);
    address_format(&media->rtp, media->address_length, event.media.remote,
                   sizeof event.media.remote);
    endpoint_emit(endpoint, &event);
}

/* Whether people would say that the media is another one; a hold is none. */
static bool is_other(const struct session_media *a, const struct session_media *b)
{
    return a->codec != b->codec || a->payload_type != b->payload_type ||
           a->ptime_ms != b->ptime_ms || a->keying.row != b->keying.row ||
           (!session_is_unspecified(&b->rtp) && memcmp(&a->rtp, &b->rtp, sizeof a->rtp) != 0);
}

static bool same_media(const struct session_media *a, const struct session_media *b)
{
    return !is_other(a, b) && session_same_keying(a, b) &&
           memcmp(&a->rtp, &b->rtp, sizeof a->rtp) == 0 &&
           memcmp(&a->rtcp, &b->rtcp, sizeof a->rtcp) == 0 && a->may_send == b->may_send &&
           a->may_receive == b->may_receive && codec_same(&a->send, &b->send) &&
           a->receive_payload_type == b->receive_payload_type &&
           a->events_payload_type == b->events_payload_type && a->events == b->events &&
           a->receive_events_payload_type == b->receive_events_payload_type &&
           a->noise_payload_type == b->noise_payload_type &&
           a->receive_noise_payload_type == b->receive_noise_payload_type;
}

void session_flow(struct leg *leg)
{
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    const struct session_media *media = session_media_of(leg);
    bool early = !call->answered;
    if (leg != call->leg || !leg->agreed || call->closing)
        return;
    call->receives |= media->may_receive && !early;
    if (!call->media_started) {
        if (!media->codec)
            return;
        call->media_started = true;
        call->early_agreed = early;
        tell_media(endpoint, media);
        endpoint->media->start(endpoint->service, endpoint->config.id, media, early);
        if (early)
            steps_occurred(endpoint, OCCURRED_EARLY_MEDIA);
    } else {
        if (same_media(call->flowing, media) && call->flowing_early == early)
            return;
        if (media->codec && is_other(call->flowing, media))
            tell_media(endpoint, media);
        endpoint->media->update(endpoint->service, endpoint->config.id, media, early);
    }
    struct session_media *before = call->flowing;
    call->flowing = leg->media;
    let_go(call, before);
    call->flowing_early = early;
}

/* ---- what the peer offers and answers -------------------------------------------------------- */

static void tell_offered(struct leg *leg, bool talked)
{
    struct endpoint *endpoint = leg->endpoint;
    if (leg != endpoint->call.leg)
        return;
    if (talked && !leg->media->may_send)
        steps_occurred(endpoint, OCCURRED_HELD);
    if (!talked && leg->media->may_send)
        steps_occurred(endpoint, OCCURRED_RESUMED);
    steps_occurred(endpoint, OCCURRED_OFFERED);
}

bool session_offered(void *owner, const char *offer, size_t length, struct text *answer)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    if (!length) {
        /* It asks for ours: everything that we can (RFC 3261 14.1). */
        text_add(answer, session_make_offer(leg));
        return true;
    }
    bool talked = leg->agreed && leg->media->may_send, further = leg->agreed;
    const char *why = session_make_answer(leg, offer, length);
    if (why) {
        if (leg->agreed)
            endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, session_failure(why), 488,
                            "Not Acceptable Here",
                            "a further offer of the peer was refused with 488: %s", why);
        else
            call_trouble(endpoint, session_failure(why), "the peer's offer is unusable", why);
        return false;
    }
    text_add(answer, leg->local.said);
    session_flow(leg);
    if (further)
        tell_offered(leg, talked);
    return true;
}

void session_agreed(void *owner, int status, const char *answer, size_t length)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    leg->offering = false;
    if (status < 200 || status >= 300) {
        steps_agreed(leg, status); /* the session stays as it was */
        return;
    }
    const char *why = session_take_answer(leg, answer, length);
    if (!why) {
        session_flow(leg);
        steps_agreed(leg, status);
        return;
    }
    /* An answer cannot be refused any more, only the call can be ended. */
    if (leg == endpoint->call.leg)
        call_trouble(endpoint, session_failure(why), "the peer's answer is unusable", why);
    leg_hang_up(leg);
}
