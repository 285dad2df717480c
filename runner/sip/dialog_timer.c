/* Session timers (RFC 4028). */
#include "dialog_private.h"

#include <stdlib.h>
#include <strings.h>

/* A peer that wants a refresh every moment does not get it. */
#define EXPIRES_FLOOR 2
#define EXPIRES_CEILING (30 * 24 * 3600)
#define TOO_SMALL_MAX 4

static uint32_t seconds(unsigned long delta)
{
    return delta < EXPIRES_FLOOR     ? EXPIRES_FLOOR
           : delta > EXPIRES_CEILING ? EXPIRES_CEILING
                                     : (uint32_t)delta;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static const char *refresher_name(enum dialog_refresher refresher)
{
    return refresher == REFRESHER_UAC   ? ";refresher=uac"
           : refresher == REFRESHER_UAS ? ";refresher=uas"
                                        : "";
}

void session_ask(const struct dialog *dialog, bool initial, struct text *lines)
{
    const struct dialog_options *options = &dialog->options;
    const struct session_timer *session = &dialog->session;
    if (options->timer == USE_DISABLED)
        return;
    uint32_t min = larger(options->timer_min, session->min);
    uint32_t expires = initial ? options->timer_expires : session->expires;
    if (expires) {
        const char *refresher = initial         ? refresher_name(options->refresher)
                                : session->ours ? ";refresher=uac"
                                                : ";refresher=uas";
        text_printf(lines, "Session-Expires: %u%s\r\n", larger(expires, min), refresher);
    }
    if (min)
        text_printf(lines, "Min-SE: %u\r\n", min);
    if (initial && options->timer == USE_REQUIRED)
        text_add(lines, "Require: timer\r\n");
}

bool session_judge(struct dialog *dialog, const sip_t *sip, struct text *lines)
{
    const struct dialog_options *options = &dialog->options;
    const sip_session_expires_t *asked = sip->sip_session_expires;
    struct session_timer *session = &dialog->session;
    if (options->timer == USE_DISABLED)
        return true;
    if (asked && asked->x_delta < options->timer_min && dialog->peer_timer) {
        text_printf(lines, "Min-SE: %u\r\n", options->timer_min);
        return false;
    }
    /* 90 where nothing is said (RFC 4028 5). */
    uint32_t floor = sip->sip_min_se ? seconds(sip->sip_min_se->min_delta) : 90;
    uint32_t expires = options->timer_expires;
    if (session->expires)
        expires = session->expires;
    if (asked && (!expires || expires > asked->x_delta || expires < floor))
        expires = seconds(asked->x_delta);
    else if (expires && expires < floor)
        expires = floor;
    session->expires = expires;
    if (!expires)
        return true;
    const char *given = asked ? asked->x_refresher : NULL;
    bool uac = given ? strcasecmp(given, "uac") == 0
                     : dialog->peer_timer && options->refresher != REFRESHER_UAS;
    if (!dialog->peer_timer)
        uac = false;
    session->ours = !uac;
    text_printf(lines, "Session-Expires: %u;refresher=%s\r\n", expires, uac ? "uac" : "uas");
    if (uac)
        text_add(lines, "Require: timer\r\n");
    return true;
}

void session_accepted(struct dialog *dialog, const sip_t *sip)
{
    struct session_timer *session = &dialog->session;
    const sip_session_expires_t *given = sip->sip_session_expires;
    if (dialog->options.timer == USE_DISABLED)
        return;
    session->expires = given ? seconds(given->x_delta) : 0;
    session->ours = given && (!given->x_refresher || strcasecmp(given->x_refresher, "uas") != 0);
    session_start(dialog);
}

bool session_too_small(struct dialog *dialog, const sip_t *sip, unsigned *tries)
{
    struct session_timer *session = &dialog->session;
    if (dialog->options.timer == USE_DISABLED || !sip->sip_min_se || ++*tries > TOO_SMALL_MAX)
        return false;
    uint32_t min = seconds(sip->sip_min_se->min_delta);
    if (min <= session->min)
        return false;
    session->min = min;
    return true;
}

void session_stop(struct dialog *dialog)
{
    loop_timer_cancel(&dialog->session.refresh);
    loop_timer_cancel(&dialog->session.expiry);
}

static void expire(void *arg)
{
    struct dialog *dialog = arg;
    bool by_peer = !dialog->session.ours;
    session_stop(dialog);
    if (dialog->state != DIALOG_CONFIRMED)
        return;
    if (dialog->options.soft_expiry) {
        tell_refreshed(dialog, by_peer, false);
        return;
    }
    dialog->end.expired = true;
    dialog_give_up(dialog, 408, "Session timer expired");
}

static void set_timer(struct dialog *dialog, struct loop_timer *timer, int64_t ns,
                      void (*run)(void *))
{
    loop_timer_set(dialog->agent->loop, timer, clock_now() + ns, run, dialog);
}

static void refresh(void *arg)
{
    struct dialog *dialog = arg;
    if (dialog->state != DIALOG_CONFIRMED && dialog->state != DIALOG_ANSWERED)
        return;
    if (!dialog_refresh(dialog, NULL, dialog->description))
        set_timer(dialog, &dialog->session.refresh, dialog->second_ns, refresh);
}

void session_start(struct dialog *dialog)
{
    struct session_timer *session = &dialog->session;
    session_stop(dialog);
    if (!session->expires)
        return;
    int64_t expires = session->expires * dialog->second_ns;
    int64_t margin = expires / 3;
    if (margin > 32 * dialog->second_ns)
        margin = 32 * dialog->second_ns;
    set_timer(dialog, &session->expiry, expires - margin, expire);
    if (session->ours)
        set_timer(dialog, &session->refresh, expires / 2, refresh);
}

void session_refresh_failed(struct dialog *dialog)
{
    struct session_timer *session = &dialog->session;
    if (!loop_timer_is_set(&session->expiry))
        return;
    int64_t left = session->expiry.due_ns - clock_now();
    if (session->ours && left > dialog->second_ns)
        set_timer(dialog, &session->refresh, left / 2, refresh);
}
