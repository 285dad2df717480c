/*
 * traced: a call that is refused, with its messages as they were on the wire: callers[12] of a
 * registrar calls agents[12], whose phone is busy.
 */
#ifndef CMTEST_TRACED_H
#define CMTEST_TRACED_H

#include "support/fixture.h"

#define TRACED_SERVER "127.0.0.1:5060"

struct traced {
    struct fixture *f;
    const char *transport, *server;
    const char *locals[2]; /* of the caller, of the callee */
    uint32_t numbers[2];
    uint32_t cseq;
};

static inline void traced_trace(struct traced *t, uint32_t who, bool sent, const char *bytes,
                                size_t length)
{
    int side = t->f->endpoints[who].role == ROLE_CALLEE;
    struct event event = {.endpoint = who, .kind = EVENT_TRACE};
    struct event_trace *piece = &event.trace;
    piece->message = t->numbers[side]++;
    piece->sent = sent;
    piece->total = (uint32_t)length;
    text_copy(piece->transport, sizeof(piece->transport), t->transport);
    text_copy(piece->local, sizeof(piece->local), t->locals[side]);
    text_copy(piece->remote, sizeof(piece->remote), t->server);
    for (; piece->offset < length; piece->offset += piece->length) {
        size_t left = length - piece->offset;
        piece->length = (uint32_t)(left < EVENT_TRACE_BYTES ? left : EVENT_TRACE_BYTES);
        memcpy(piece->bytes, bytes + piece->offset, piece->length);
        fixture_event(t->f, event);
    }
}

static inline void traced_facts(struct traced *t, uint32_t who, bool sent, bool repeated,
                                const char *method, uint16_t status, const char *reason,
                                size_t length)
{
    int side = t->f->endpoints[who].role == ROLE_CALLEE;
    struct event event = {.endpoint = who, .kind = EVENT_MESSAGE};
    struct event_message *facts = &event.message;
    facts->sent = sent;
    facts->repeated = repeated;
    facts->status = status;
    facts->cseq = t->cseq;
    facts->length = (uint32_t)length;
    text_copy(facts->method, sizeof(facts->method), method);
    text_copy(facts->reason, sizeof(facts->reason), reason);
    snprintf(facts->call_id, sizeof(facts->call_id), "7f3c%04x@example.com", (unsigned)who);
    text_copy(facts->transport, sizeof(facts->transport), t->transport);
    text_copy(facts->local, sizeof(facts->local), t->locals[side]);
    text_copy(facts->remote, sizeof(facts->remote), t->server);
    fixture_event(t->f, event);
}

/* A message of the endpoint with this and that behind its own headers; both events. */
static inline void traced_message(struct traced *t, uint32_t who, bool sent, bool repeated,
                                  const char *method, uint16_t status, const char *reason,
                                  const char *more)
{
    struct text bytes = {0};
    char upper[8] = "";
    for (size_t i = 0; t->transport[i]; i++)
        upper[i] = (char)(t->transport[i] - ('a' - 'A'));
    if (status)
        text_printf(&bytes, "SIP/2.0 %u %s\r\n", status, reason);
    else
        text_printf(&bytes, "%s sip:%s SIP/2.0\r\n", method,
                    strcmp(method, "REGISTER") == 0 ? "example.com" : "1001@example.com");
    text_printf(&bytes,
                "Via: SIP/2.0/%s %s;branch=z9hG4bK%u%u;rport\r\n"
                "Max-Forwards: 70\r\n"
                "From: <sip:%u@example.com>;tag=a%u\r\n"
                "To: <sip:1001@example.com>\r\n"
                "Call-ID: 7f3c%04x@example.com\r\n"
                "CSeq: %u %s\r\n%s",
                upper, t->locals[t->f->endpoints[who].role == ROLE_CALLEE], who, t->cseq,
                1001 + who, who, (unsigned)who, t->cseq, method, more);
    if (!strstr(more, "Content-Length"))
        text_add(&bytes, "Content-Length: 0\r\n\r\n");
    traced_facts(t, who, sent, repeated, method, status, reason, bytes.length);
    traced_trace(t, who, sent, text_get(&bytes), bytes.length);
    text_fini(&bytes);
}

#define TRACED_CHALLENGE \
    "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"b7c9036d\", algorithm=SHA-256\r\n"
#define TRACED_ANSWER \
    "Authorization: Digest ***********************************************************\r\n"
#define TRACED_SDP                                                              \
    "Content-Type: application/sdp\r\nContent-Length: 113\r\n\r\n"              \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" \
    "m=audio 20000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"

static inline void traced_register(struct traced *t, uint32_t who)
{
    t->cseq = 1;
    traced_message(t, who, true, false, "REGISTER", 0, "", "Expires: 300\r\n");
    t->f->now_ns += 900000;
    traced_message(t, who, false, false, "REGISTER", 401, "Unauthorized", TRACED_CHALLENGE);
    t->f->now_ns += 250000;
    t->cseq = 2;
    traced_message(t, who, true, false, "REGISTER", 0, "", TRACED_ANSWER "Expires: 300\r\n");
    t->f->now_ns += 1100000;
    traced_message(t, who, false, false, "REGISTER", 200, "OK", "Expires: 300\r\n");
    fixture_registration(t->f, who, 200, "OK");
    fixture_phase(t->f, who, PHASE_REGISTERED);
}

/* The INVITE is lost once; the busy phone's 486 goes to the caller. */
static inline void traced_busy(struct traced *t, uint32_t caller, uint32_t callee)
{
    struct fixture *f = t->f;
    t->cseq = 1;
    fixture_phase(f, caller, PHASE_CALLING);
    traced_message(t, caller, true, false, "INVITE", 0, "", TRACED_SDP);
    f->now_ns += 500 * FIXTURE_MS;
    traced_message(t, caller, true, true, "INVITE", 0, "", TRACED_SDP);
    f->now_ns += 400000;
    traced_message(t, caller, false, false, "INVITE", 100, "Trying", "");
    f->now_ns += 300000;
    traced_message(t, callee, false, false, "INVITE", 0, "", TRACED_SDP);
    f->now_ns += 200000;
    traced_message(t, callee, true, false, "INVITE", 180, "Ringing", "");
    fixture_phase(f, callee, PHASE_RINGING);
    f->now_ns += 500000;
    traced_message(t, caller, false, false, "INVITE", 180, "Ringing", "");
    fixture_phase(f, caller, PHASE_RINGING);
    f->now_ns += 1500 * FIXTURE_MS;
    traced_message(t, callee, true, false, "INVITE", 486, "Busy Here", "");
    f->now_ns += 400000;
    traced_message(t, caller, false, false, "INVITE", 486, "Busy Here", "");
    f->now_ns += 100000;
    traced_message(t, caller, true, false, "ACK", 0, "", "");
    traced_message(t, callee, false, false, "ACK", 0, "", "");
}

static inline void traced_end(struct traced *t, uint32_t caller, uint32_t callee)
{
    struct fixture *f = t->f;
    struct event call = fixture_call_event(caller, 486, "Busy Here");
    call.call.counted = true;
    call.call.repeats_sent = 1;
    call.call.trying_ns = 500400000;
    call.call.ringing_ns = call.call.pdd_ns = 501400000;
    call.call.failed_ns = 2001800000;
    fixture_event(f, call);
    fixture_outcome(f, callee, OUTCOME_SUCCESS, 0, "", "");
    struct event end = {.endpoint = caller, .kind = EVENT_OUTCOME};
    end.outcome.outcome = OUTCOME_CALL_FAILED;
    end.outcome.failure = FAILURE_REFUSED;
    end.outcome.status = 486;
    text_copy(end.outcome.reason, sizeof(end.outcome.reason), "Busy Here");
    text_copy(end.outcome.detail, sizeof(end.outcome.detail),
              "the INVITE was refused with 486 Busy Here");
    fixture_event(f, end);
}

/* One pair of many; the others are well and silent. */
static inline void traced_run(struct traced *t, struct fixture *f, uint32_t pair)
{
    t->f = f;
    if (!t->transport)
        t->transport = "udp";
    if (!t->server)
        t->server = TRACED_SERVER;
    if (!t->locals[0])
        t->locals[0] = "127.0.0.1:43211";
    if (!t->locals[1])
        t->locals[1] = "127.0.0.1:41255";
    fixture_init(f, pair + 1);
    fixture_threshold(f, "calls.asr >= 100%");
    fixture_run(f);
    for (uint32_t i = 0; i < pair; i++)
        fixture_whole_call(f, i, 4.41);
    uint32_t caller = fixture_caller(f, pair), callee = fixture_agent(f, pair);
    traced_register(t, callee);
    traced_register(t, caller);
    f->now_ns += 100 * FIXTURE_MS;
    traced_busy(t, caller, callee);
    traced_end(t, caller, callee);
    fixture_judge(f);
}

#endif
