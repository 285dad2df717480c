/* What must come of a step: in words, and whether it did. */
#include "cmtest/text.h"
#include "player_private.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A digit that comes twice is seen when it comes so soon behind the last one. */
#define TAIL_NS INT64_C(250000000)

/* ---- words ----------------------------------------------------------------------------------- */

static const char *comma(const struct text *text)
{
    return text->length ? ", " : "";
}

void expectation_text(const struct step_expect *expect, char *out, size_t size)
{
    struct text text = {0};
    if (expect->status)
        text_printf(&text, "status %u", expect->status);
    if (expect->direction)
        text_printf(&text, "%s%s", comma(&text), expect->direction);
    if (expect->codec)
        text_printf(&text, "%s%s", comma(&text), expect->codec);
    if (expect->media)
        text_printf(&text, "%smedia %s", comma(&text),
                    expect->media == MEDIA_STOPPED ? "stopped" : "flowing");
    if (expect->dtmf)
        text_printf(&text, "%sdigits %s", comma(&text), expect->dtmf);
    /* Behind the digits. */
    if (expect->tone_ns)
        text_printf(&text, "%sof %g ms", text.length ? " " : "", (double)expect->tone_ns / 1e6);
    for (size_t i = 0; i < expect->assertion_count; i++)
        text_printf(&text, "%s%s %s", comma(&text), expect->assertions[i].sdp ? "SDP" : "header",
                    expect->assertions[i].path);
    if (expect->within_ns)
        text_printf(&text, "%swithin %g s", text.length ? " " : "",
                    (double)expect->within_ns / 1e9);
    text_copy(out, size, text_get(&text));
    text_fini(&text);
}

void expectation_report_text(const struct report *report, char *out, size_t size)
{
    char status[24] = "";
    if (report->status)
        snprintf(status, sizeof status, "status %u", report->status);
    const char *const words[] = {status, report->direction, report->codec, report->seen};
    struct text text = {0};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i] && *words[i])
            text_printf(&text, "%s%s", text.length ? ", " : "", words[i]);
    text_copy(out, size, text_get(&text));
    text_fini(&text);
}

/* ---- what came at once ----------------------------------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
    return b && strcasecmp(a, b) == 0;
}

static void say_refused(const struct report *report, char *room, size_t size)
{
    if (report->why)
        text_copy(room, size, report->why);
    else if (report->status)
        snprintf(room, size, "it was refused with status %u", report->status);
    else
        text_copy(room, size, "no answer came");
}

static const char *assert_all(const struct step_expect *expect, const struct report *report,
                              char *room, size_t size)
{
    const char *why = NULL;
    for (size_t i = 0; i < expect->assertion_count && !why; i++)
        why = assertion_judge(&expect->assertions[i], report->answer, report->answer_length, room,
                              size);
    return why;
}

const char *expectation_judge(const struct step_expect *expect, int64_t took_ns,
                              const struct report *report, char *room, size_t size)
{
    if (expect->status && report->status && report->status != expect->status)
        snprintf(room, size, "expected status %u, got %u", expect->status, report->status);
    else if (expect->status && !report->status)
        snprintf(room, size, "expected status %u, got no answer%s%s", expect->status,
                 report->why ? ": " : "", report->why ? report->why : "");
    else if (!report->ok && (!expect->status || report->status < 300))
        say_refused(report, room, size);
    else if (expect->direction && !same_word(expect->direction, report->direction))
        snprintf(room, size, "expected the media to be %s, it is %s", expect->direction,
                 report->direction ? report->direction : "not known");
    else if (expect->codec && !same_word(expect->codec, report->codec))
        snprintf(room, size, "expected the codec %s, it is %s", expect->codec,
                 report->codec ? report->codec : "not known");
    else if (expect->assertion_count && !report->answer)
        text_copy(room, size, "headers or SDP are expected of an answer, and none came");
    else if (expect->within_ns && took_ns > expect->within_ns)
        snprintf(room, size, "it took %.3f s, expected within %g s", (double)took_ns / 1e9,
                 (double)expect->within_ns / 1e9);
    else
        return assert_all(expect, report, room, size);
    return room;
}

bool expectation_watches(const struct step_expect *expect)
{
    return expect->media || expect->dtmf;
}

/* ---- media ----------------------------------------------------------------------------------- */

/* One of the flows that are expected to stand still, or to flow. */
struct view {
    struct flow flow;
    const char *stopped, *flowing; /* what is seen: a part of a sentence */
};

static size_t views_of(const struct flows *flows, enum media_state media, struct view out[4])
{
    bool stop = media == MEDIA_STOPPED;
    bool both = flows->may_send && flows->may_receive,
         none = !flows->may_send && !flows->may_receive;
    bool in = stop ? !flows->may_receive || both : flows->may_receive || none;
    bool away = stop ? !flows->may_send : flows->may_send;
    size_t count = 0;
    if (in && stop && flows->ours)
        out[count++] = (struct view){flows->partner_sent, "the partner sends no packet",
                                     "the partner still sends packets"};
    if (in)
        out[count++] =
            (struct view){flows->received, "no packet arrives here", "packets arrive here"};
    if (away)
        out[count++] = (struct view){flows->sent, "no packet leaves here", "packets leave here"};
    if (away && flows->ours)
        out[count++] = (struct view){flows->partner_received, "no packet arrives at the partner",
                                     "packets arrive at the partner"};
    return count;
}

static int64_t limit_of(const struct step_expect *expect, const struct watch *watch)
{
    return expect->within_ns ? watch->began_ns + expect->within_ns
                             : watch->done_ns + PLAYER_PATIENCE_NS;
}

static void say_time(const struct step_expect *expect, const struct watch *watch, const char *what,
                     const char *seen, char *why, size_t size)
{
    snprintf(why, size, "expected media %s within %g s: %s", what,
             (double)(limit_of(expect, watch) - watch->began_ns) / 1e9, seen);
}

static enum sight look_stopped(const struct step_expect *expect, struct watch *watch, int64_t now,
                               char *why, size_t size)
{
    struct view views[4];
    size_t count = views_of(&watch->flows, MEDIA_STOPPED, views);
    int64_t limit = limit_of(expect, watch), last = EVENT_NONE;
    bool still = true;
    for (size_t i = 0; i < count; i++) {
        const struct flow *flow = &views[i].flow;
        if (flow->last_ns == EVENT_NONE)
            continue;
        if (flow->last_ns > limit) {
            say_time(expect, watch, "stopped", views[i].flowing, why, size);
            return SIGHT_FAILED;
        }
        still = still && now - flow->last_ns >= FLOW_PAUSE_NS;
        last = last == EVENT_NONE || flow->last_ns > last ? flow->last_ns : last;
    }
    /* What was still before may be about to begin. */
    if (!still || now - watch->done_ns < FLOW_PAUSE_NS)
        return SIGHT_OPEN;
    if (last == EVENT_NONE) {
        text_copy(why, size, "expected media stopped, but no packet ever came that could stop");
        return SIGHT_FAILED;
    }
    /* What had stopped before it took no time. */
    if (last > watch->began_ns - FLOW_PAUSE_NS)
        watch->stopped_ns = last > watch->began_ns ? last - watch->began_ns : 0;
    return SIGHT_MET;
}

static enum sight look_flowing(const struct step_expect *expect, struct watch *watch, int64_t now,
                               char *why, size_t size)
{
    struct view views[4];
    size_t count = views_of(&watch->flows, MEDIA_FLOWING, views);
    int64_t limit = limit_of(expect, watch), first = EVENT_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct flow *flow = &views[i].flow;
        bool flows = flow->last_ns != EVENT_NONE && flow->last_ns >= watch->done_ns &&
                     now - flow->last_ns < FLOW_PAUSE_NS;
        bool late = flows ? flow->since_ns > limit : now > limit;
        if (late) {
            char seen[96];
            if (flows)
                snprintf(seen, sizeof seen, "%s, since %.3f s", views[i].flowing,
                         (double)(flow->since_ns - watch->began_ns) / 1e9);
            else
                text_copy(seen, sizeof seen, views[i].stopped);
            say_time(expect, watch, "flowing", seen, why, size);
            return SIGHT_FAILED;
        }
        if (!flows)
            return SIGHT_OPEN;
        if (flow->since_ns >= watch->began_ns && flow->since_ns > first)
            first = flow->since_ns;
    }
    if (first != EVENT_NONE)
        watch->flowing_ns = first - watch->began_ns;
    return SIGHT_MET;
}

static enum sight look_media(const struct step_expect *expect, struct watch *watch, int64_t now,
                             char *why, size_t size)
{
    if (!watch->flows_known) {
        snprintf(why, size, "expected media %s, but no media runs",
                 expect->media == MEDIA_STOPPED ? "stopped" : "flowing");
        return SIGHT_FAILED;
    }
    return expect->media == MEDIA_STOPPED ? look_stopped(expect, watch, now, why, size)
                                          : look_flowing(expect, watch, now, why, size);
}

/* ---- digits ---------------------------------------------------------------------------------- */

static void list_digits(const struct watch *watch, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < watch->digit_count && used + 1 < size; i++)
        out[used++] = watch->digits[i].digit;
    out[used] = '\0';
}

static void say_digits(const struct step_expect *expect, const struct watch *watch, char *why,
                       size_t size)
{
    char came[ARRIVED_MAX + 1];
    list_digits(watch, came, sizeof came);
    if (*came)
        snprintf(why, size, "expected the partner to receive the digits %s, it received %s",
                 expect->dtmf, came);
    else
        snprintf(why, size, "expected the partner to receive the digits %s, it received none",
                 expect->dtmf);
}

static bool too_short(const struct step_expect *expect, const struct watch *watch, char *why,
                      size_t size)
{
    for (size_t i = 0; expect->tone_ns && expect->dtmf[i]; i++) {
        int64_t length = watch->digits[i].duration_ns;
        if (length == EVENT_NONE) {
            snprintf(why, size, "expected digits of %g ms, how long %c (number %zu) was is unknown",
                     (double)expect->tone_ns / 1e6, watch->digits[i].digit, i + 1);
            return true;
        }
        if (length >= expect->tone_ns)
            continue;
        snprintf(
            why, size, "expected digits of %g ms, the partner received %c (number %zu) of %g ms",
            (double)expect->tone_ns / 1e6, watch->digits[i].digit, i + 1, (double)length / 1e6);
        return true;
    }
    return false;
}

static enum sight look_digits(const struct step_expect *expect, struct watch *watch, int64_t now,
                              char *why, size_t size)
{
    size_t length = strlen(expect->dtmf), same = 0;
    while (same < length && same < watch->digit_count &&
           strncasecmp(&expect->dtmf[same], &watch->digits[same].digit, 1) == 0)
        same++;
    if (same < length) {
        if (now < limit_of(expect, watch))
            return SIGHT_OPEN;
        say_digits(expect, watch, why, size);
        return SIGHT_FAILED;
    }
    if (watch->digit_count > length && !watch->more_digits) {
        say_digits(expect, watch, why, size);
        return SIGHT_FAILED;
    }
    if (too_short(expect, watch, why, size))
        return SIGHT_FAILED;
    if (watch->complete_ns == EVENT_NONE)
        watch->complete_ns = now;
    return now - watch->complete_ns < TAIL_NS ? SIGHT_OPEN : SIGHT_MET;
}

/* ---- both ------------------------------------------------------------------------------------ */

enum sight expectation_look(const struct step_expect *expect, struct watch *watch, int64_t now,
                            char *why, size_t size)
{
    enum sight media = SIGHT_MET, digits = SIGHT_MET;
    watch->stopped_ns = watch->flowing_ns = EVENT_NONE;
    if (expect->media)
        media = look_media(expect, watch, now, why, size);
    if (expect->dtmf && media != SIGHT_FAILED)
        digits = look_digits(expect, watch, now, why, size);
    if (media == SIGHT_FAILED || digits == SIGHT_FAILED)
        return SIGHT_FAILED;
    return media == SIGHT_OPEN || digits == SIGHT_OPEN ? SIGHT_OPEN : SIGHT_MET;
}

static void add_digits(const struct watch *watch, struct text *text)
{
    char came[ARRIVED_MAX + 1];
    int64_t least = EVENT_NONE, most = EVENT_NONE;
    list_digits(watch, came, sizeof came);
    for (size_t i = 0; i < watch->digit_count; i++) {
        int64_t length = watch->digits[i].duration_ns;
        if (length == EVENT_NONE)
            continue;
        least = least == EVENT_NONE || length < least ? length : least;
        most = length > most ? length : most;
    }
    if (!*came) {
        text_printf(text, "%sno digit at the partner", comma(text));
        return;
    }
    text_printf(text, "%sdigits %s", comma(text), came);
    if (least != EVENT_NONE && least == most)
        text_printf(text, " of %g ms", (double)least / 1e6);
    else if (least != EVENT_NONE)
        text_printf(text, " of %g to %g ms", (double)least / 1e6, (double)most / 1e6);
    text_printf(text, " at the partner");
}

void expectation_watch_text(const struct step_expect *expect, const struct watch *watch, char *out,
                            size_t size)
{
    struct text text = {0};
    text_add(&text, out);
    if (watch->stopped_ns != EVENT_NONE)
        text_printf(&text, "%smedia stopped after %.3f s", comma(&text),
                    (double)watch->stopped_ns / 1e9);
    else if (watch->flowing_ns != EVENT_NONE)
        text_printf(&text, "%smedia flowing after %.3f s", comma(&text),
                    (double)watch->flowing_ns / 1e9);
    if (expect->media && watch->flows_known && watch->stopped_ns == EVENT_NONE &&
        watch->flowing_ns == EVENT_NONE) {
        struct view views[4];
        size_t count = views_of(&watch->flows, expect->media, views);
        for (size_t i = 0; i < count; i++) {
            bool recent =
                views[i].flow.last_ns != EVENT_NONE && views[i].flow.last_ns >= watch->done_ns;
            text_printf(&text, "%s%s", comma(&text), recent ? views[i].flowing : views[i].stopped);
            if (views[i].flow.last_ns == EVENT_NONE)
                text_add(&text, " and never did");
        }
    }
    if (expect->dtmf)
        add_digits(watch, &text);
    text_copy(out, size, text_get(&text));
    text_fini(&text);
}
