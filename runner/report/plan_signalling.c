#include "plan_signalling.h"
#include "plan_words.h"

#include <stdio.h>
#include <string.h>

#define UDP_LIMIT_USUAL 1300
#define NS_PER_S INT64_C(1000000000)

/* Begins the next word of the list. */
static struct text *next(struct text *out)
{
    text_add(out, out->length ? "; " : "");
    return out;
}

/* ---- registrars ------------------------------------------------------------------------------ */

const char *plan_server(const struct plan_registrar *registrar, char out[320])
{
    bool ipv6 = strchr(registrar->host, ':') != NULL;
    int length = snprintf(out, 320, ipv6 ? "[%s]" : "%s", registrar->host);
    if (registrar->port)
        length += snprintf(out + length, 320 - (size_t)length, ":%u", registrar->port);
    snprintf(out + length, 320 - (size_t)length, "/%s", plan_transport(registrar->transport));
    return out;
}

static void add_certificates(const struct tls_config *tls, struct text *out)
{
    if (tls->verify == TLS_VERIFY_SKIP)
        text_add(next(out), "its certificate is not verified");
    else
        text_printf(next(out), "certificate of %s verified with %s",
                    tls->server_name ? tls->server_name : "its host",
                    tls->verify == TLS_VERIFY_CUSTOM ? tls->ca : "the authorities of this system");
    if (tls->certificate)
        text_printf(next(out), "ours is %s", tls->certificate);
}

static void add_keepalive(const struct plan_registrar *registrar, struct text *out)
{
    char interval[24];
    if (registrar->crlf_ns)
        text_printf(next(out), "keepalive CRLF every %s", plan_time(registrar->crlf_ns, interval));
    if (registrar->options_ns)
        text_printf(next(out), "keepalive OPTIONS every %s",
                    plan_time(registrar->options_ns, interval));
}

void plan_ways(const struct plan_registrar *registrar, struct text *out)
{
    bool udp = !registrar->transport || !registrar->transport->stream;
    if (registrar->tls)
        add_certificates(registrar->tls, out);
    if (registrar->route)
        text_printf(next(out), "through the proxy, with Route: %s", registrar->route);
    if (udp && !registrar->udp_limit)
        text_add(next(out), "UDP for requests of any size");
    else if (udp && registrar->udp_limit != UDP_LIMIT_USUAL)
        text_printf(next(out), "TCP for requests over %u bytes", registrar->udp_limit);
    if (registrar->transport && registrar->transport->stream && !registrar->per_endpoint)
        text_add(next(out), "one connection for all its endpoints");
    add_keepalive(registrar, out);
}

/* ---- groups ---------------------------------------------------------------------------------- */

void plan_role(const struct plan_group *group, bool waits, struct text *out)
{
    char ring[24];
    int64_t rings_ns = group->delay_ns + group->ring_ns;
    if (group->callers)
        text_printf(out, "call %s", group->calls);
    else if (group->redirect)
        text_printf(out, "redirect to %s", group->redirect);
    else if (group->reject)
        text_printf(out, "refuse with %u", group->reject);
    else if (group->never)
        text_add(out, "ring, and never answer");
    else if (rings_ns)
        text_printf(out, "answer after %s", plan_time(rings_ns, ring));
    else
        text_add(out, waits ? "wait for outside calls" : "answer");
}

static void add_use(const char *what, enum dialog_use use, struct text *out)
{
    if (use != USE_DISABLED)
        text_printf(next(out), "%s %s", what, use == USE_REQUIRED ? "required" : "supported");
}

static void add_timer(const struct dialog_options *dialog, struct text *out)
{
    static const char *const refreshers[] = {[REFRESHER_ANY] = "either side",
                                             [REFRESHER_UAC] = "the caller",
                                             [REFRESHER_UAS] = "the callee"};
    if (dialog->timer == USE_DISABLED)
        return;
    add_use("session timer", dialog->timer, out);
    text_printf(out, " (%u s, at least %u s; refreshed by %s%s)", dialog->timer_expires,
                dialog->timer_min, refreshers[dialog->refresher],
                dialog->soft_expiry ? "; a missing refresh only warns" : "");
}

static void add_security(const struct plan_group *group, struct text *out)
{
    const struct session_security *security = &group->security;
    if (security->sdes || security->dtls) {
        text_printf(next(out), "SRTP by %s, %s",
                    !security->dtls   ? "SDES"
                    : !security->sdes ? "DTLS"
                                      : "SDES or DTLS",
                    security->required ? "required" : "where the peer has it");
        for (size_t i = 0; i < security->suite_count; i++)
            text_printf(out, "%s%s", i ? ", " : " (", security->suites[i]->name);
        text_add(out, ")");
    }
    if (group->rekey_ns)
        text_printf(next(out), "new keys every %g s", (double)group->rekey_ns / NS_PER_S);
    if (group->mux)
        text_add(next(out), "RTP and RTCP on one port");
}

static void add_playout(const struct stream_playout *playout, struct text *out)
{
    if (playout->fixed)
        text_printf(next(out), "playout fixed at %u ms", playout->nominal_ms);
    else if (playout->nominal_ms != 60 || playout->minimum_ms != 20 || playout->maximum_ms != 300)
        text_printf(next(out), "playout from %u ms, between %u and %u ms", playout->nominal_ms,
                    playout->minimum_ms, playout->maximum_ms);
}

/* What is as usual goes without saying. */
static void add_hearing(const struct plan_group *group, struct text *out)
{
    const struct plan_hearing *hearing = &group->hearing;
    char interval[24];
    if (hearing->decode == DECODE_FULL || hearing->decode_one_in == 1)
        text_add(next(out), "all that is received is decoded");
    else if (hearing->decode == DECODE_NONE)
        text_add(next(out), "nothing that is received is decoded");
    else if (hearing->decode_one_in != 10 || hearing->record)
        text_printf(next(out), "one endpoint in %u decodes what it receives",
                    hearing->decode_one_in);
    if (hearing->record)
        text_printf(next(out), "what decoded endpoints hear is recorded in %s", hearing->record);
    add_playout(&hearing->playout, out);
    if (hearing->rtcp_interval_ns != NS_PER_S)
        text_printf(next(out), "RTCP every %s", plan_time(hearing->rtcp_interval_ns, interval));
    if (!hearing->extended_reports)
        text_add(next(out), "RTCP without extended reports");
    if (group->dscp)
        text_printf(next(out), "RTP and RTCP marked with DSCP %u", group->dscp);
    if (group->receive_buffer)
        text_printf(next(out), "receive queues of %u bytes", group->receive_buffer);
}

void plan_manners(const struct plan_group *group, struct text *out)
{
    bool refuses = group->reject || group->redirect;
    if (group->callers && group->late_offer)
        text_add(next(out), "INVITE without SDP: who is called makes the offer");
    if (group->callers && group->dialog.redirects)
        text_printf(next(out), "follows up to %u redirects", group->dialog.redirects);
    if (group->early_media)
        text_add(next(out), "media before the answer, in a 183");
    if (refuses && group->phrase)
        text_printf(next(out), "refuses with the phrase \"%s\"", group->phrase);
    if (refuses && group->reason)
        text_printf(next(out), "Reason: %s", group->reason);
    add_use("100rel", group->dialog.reliable, out);
    add_timer(&group->dialog, out);
    add_security(group, out);
    add_hearing(group, out);
}
