#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "evidence.h"
#include "words.h"

/* Words of the head begin behind its labels. */
#define INDENT 11
/* Stars that stand for a masked value. */
#define MASK_SHOWN 8

struct sheet {
    const struct result *result;
    const struct evidence *call;
    struct evidence_steps steps;
    int64_t zero_ns; /* of the times that are told */
    char names[EVIDENCE_SIDES][96];
    struct text *out;
};

static const struct result_endpoint *side_of(const struct sheet *sheet, unsigned side)
{
    uint32_t endpoint = sheet->call->sides[side];
    return endpoint == ROSTER_NONE ? NULL : &sheet->result->endpoints[endpoint];
}

/* A paragraph behind a label: "Caller     ..." */
static void put_labelled(struct sheet *sheet, const char *label, const struct text *words)
{
    struct text clean = {0};
    words_clean(&clean, text_get(words), CLEAN_TERMINAL);
    text_printf(sheet->out, "%-*s", INDENT, label);
    words_wrap(sheet->out, text_get(&clean), INDENT, INDENT, EVIDENCE_WIDTH);
    text_fini(&clean);
}

/* ---- the head --------------------------------------------------------------------------- */

static void put_ending(struct sheet *sheet, unsigned side)
{
    const struct event_outcome *outcome = &side_of(sheet, side)->outcome;
    struct text words = {0};
    text_printf(&words, "%s: %s", sheet->names[side], outcome_name(outcome->outcome));
    if (outcome->status > 0)
        text_printf(&words, ", %u %s", outcome->status, outcome->reason);
    if (outcome->failure != FAILURE_NONE)
        text_printf(&words, " (%s)", failure_name(outcome->failure));
    put_labelled(sheet, side == EVIDENCE_CALLER ? "Caller" : "Callee", &words);
    text_clear(&words);
    text_add(&words, outcome->detail);
    if (words.length > 0)
        put_labelled(sheet, "", &words);
    text_fini(&words);
}

static void put_who(struct sheet *sheet, unsigned side)
{
    const struct roster *roster = sheet->result->roster;
    const struct roster_endpoint *who = &roster->endpoints[sheet->call->sides[side]];
    const struct roster_group *group = &roster->groups[who->group];
    const struct result_endpoint *endpoint = side_of(sheet, side);
    struct text words = {0};
    text_printf(&words, "account %s, ", who->account ? who->account : "unknown");
    /* Where it was found, else where it was to be. */
    const char *server =
        endpoint->registration.server[0] ? endpoint->registration.server : group->server;
    text_printf(&words, "registrar %s at %s", group->registrar ? group->registrar : "unknown",
                server ? server : "an unknown address");
    put_labelled(sheet, "", &words);
    text_clear(&words);
    if (endpoint->call_known && endpoint->call.call_id[0]) {
        text_printf(&words, "Call-ID %s", endpoint->call.call_id);
        put_labelled(sheet, "", &words);
        text_clear(&words);
    }
    if (endpoint->media_known) {
        const struct event_media *media = &endpoint->media;
        text_printf(&words, "media %s, RTP at %s, the peer's at %s", media->codec, media->local,
                    media->remote);
        if (endpoint->call_known && endpoint->call.media_known)
            text_printf(&words, "; %llu packets sent, %llu received",
                        (unsigned long long)endpoint->call.packets_sent,
                        (unsigned long long)endpoint->call.packets_received);
        put_labelled(sheet, "", &words);
    }
    text_fini(&words);
}

static void put_outside(struct sheet *sheet, unsigned side)
{
    const struct roster *roster = sheet->result->roster;
    uint32_t other =
        sheet->call->sides[side == EVIDENCE_CALLER ? EVIDENCE_CALLEE : EVIDENCE_CALLER];
    const char *own = roster->endpoints[other].target;
    const char *target = own ? own : roster->groups[roster->endpoints[other].group].target;
    struct text words = {0};
    if (side == EVIDENCE_CALLEE && target)
        text_printf(&words, "outside: %s", target);
    else
        text_add(&words, "outside");
    put_labelled(sheet, side == EVIDENCE_CALLER ? "Caller" : "Callee", &words);
    text_fini(&words);
}

static void put_head(struct sheet *sheet)
{
    const struct result *result = sheet->result;
    struct text words = {0};
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        if (side_of(sheet, side)) {
            put_ending(sheet, side);
            put_who(sheet, side);
        } else {
            put_outside(sheet, side);
        }
    }
    text_printf(&words, "%s (%s), seed %llu", result->roster->name ? result->roster->name : "",
                result->roster->spec ? result->roster->spec : "no spec",
                (unsigned long long)result->seed);
    put_labelled(sheet, "Test", &words);
    text_clear(&words);
    text_add(&words, "0.0 ms is ");
    words_time(&words, sheet->zero_ns, 6);
    text_add(&words, "Z");
    put_labelled(sheet, "Times", &words);
    text_clear(&words);
    if (sheet->call->traced) {
        text_printf(&words, "%s.pcap: these messages as packets, for Wireshark and sngrep",
                    sheet->call->name);
        put_labelled(sheet, "Capture", &words);
    }
    text_fini(&words);
}

/* ---- what happened when ----------------------------------------------------------------- */

static void put_left_out(struct sheet *sheet)
{
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        const struct result_endpoint *endpoint = side_of(sheet, side);
        if (endpoint && endpoint->timeline_dropped > 0)
            text_printf(sheet->out,
                        "\nOf %s, %llu moments in the middle are left out: only its first %d and "
                        "its\nlast %d are kept.\n",
                        sheet->names[side], (unsigned long long)endpoint->timeline_dropped,
                        RESULT_TIMELINE_FIRST, RESULT_TIMELINE_MAX - RESULT_TIMELINE_FIRST);
    }
}

static void put_ladder(struct sheet *sheet)
{
    text_add(sheet->out, "\nLADDER\n\n");
    evidence_ladder(sheet->result, sheet->call, &sheet->steps, sheet->out);
    put_left_out(sheet);
}

struct moment {
    const struct result_moment *moment;
    unsigned side;
    size_t order;
};

static int compare(const void *left, const void *right)
{
    const struct moment *a = left, *b = right;
    if (a->moment->at_ns != b->moment->at_ns)
        return a->moment->at_ns < b->moment->at_ns ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void put_phases(struct sheet *sheet)
{
    struct moment list[EVIDENCE_SIDES * (PHASE_CLOSED + 1)];
    size_t count = 0, room = sizeof(list) / sizeof(list[0]);
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        const struct result_endpoint *endpoint = side_of(sheet, side);
        for (size_t i = 0; endpoint && i < endpoint->timeline_count && count < room; i++)
            if (endpoint->timeline[i].kind == EVENT_PHASE)
                list[count++] = (struct moment){&endpoint->timeline[i], side, i};
    }
    if (count == 0)
        return;
    qsort(list, count, sizeof(list[0]), compare);
    text_add(sheet->out, "\nPHASES\n\n");
    for (size_t i = 0; i < count; i++) {
        struct text time = {0}, who = {0};
        words_ms(&time, list[i].moment->at_ns - sheet->zero_ns);
        words_clean(&who, sheet->names[list[i].side], CLEAN_TERMINAL);
        text_printf(sheet->out, "%12s ms  %-20s %s\n", text_get(&time), text_get(&who),
                    phase_name(list[i].moment->phase));
        text_fini(&time);
        text_fini(&who);
    }
}

/* ---- the messages ----------------------------------------------------------------------- */

/* How much of a line is shown: what is masked at its end is as long as what it hides, which nobody
 * has to read. */
static size_t before_mask(const char *line, size_t length)
{
    size_t stars = length;
    while (stars > 0 && (line[stars - 1] == '*' || line[stars - 1] == ' '))
        stars--;
    while (stars < length && line[stars] == ' ')
        stars++;
    return length - stars > MASK_SHOWN ? stars : length;
}

/* Line by line, without their CRs and without empty lines at the end. */
static void put_bytes(struct sheet *sheet, const struct result_message *message)
{
    const char *at = message->bytes, *end = at + message->length;
    while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    while (at < end) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line ? line : end) - at);
        size_t shown = length > 0 && at[length - 1] == '\r' ? length - 1 : length;
        text_add(sheet->out, shown > 0 ? "    " : "");
        size_t plain = before_mask(at, shown);
        words_clean_bytes(sheet->out, at, plain, CLEAN_TERMINAL);
        if (plain < shown)
            text_printf(sheet->out, "%.*s (masked)", MASK_SHOWN, at + plain);
        text_add(sheet->out, "\n");
        at += length + (line != NULL);
    }
    if (message->length < message->total)
        text_printf(sheet->out, "    (%u of %u bytes; the others were not kept)\n", message->length,
                    message->total);
}

static void put_message(struct sheet *sheet, const struct evidence_step *step)
{
    const struct event_message *facts = &step->facts;
    struct text words = {0}, clean = {0};
    if (step->bytes->missing > 0)
        text_printf(sheet->out, "\n(%u message%s of %s not kept: there was no room)\n",
                    step->bytes->missing, step->bytes->missing == 1 ? "" : "s",
                    sheet->names[step->side]);
    text_printf(&words, "%u. ", step->number);
    words_ms(&words, step->at_ns - sheet->zero_ns);
    text_printf(&words, " ms, %s %s %u bytes %s %s by %s", sheet->names[step->side],
                facts->sent ? "sent" : "received", step->bytes->total, facts->sent ? "to" : "from",
                facts->remote, facts->transport);
    if (facts->repeated)
        text_add(&words, ", again");
    words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
    text_add(sheet->out, "\n");
    words_wrap(sheet->out, text_get(&clean), 0, 4, EVIDENCE_WIDTH);
    text_add(sheet->out, "\n");
    put_bytes(sheet, step->bytes);
    text_fini(&words);
    text_fini(&clean);
}

static void put_messages(struct sheet *sheet)
{
    bool any = false;
    text_add(sheet->out, "\nMESSAGES\n");
    for (size_t i = 0; i < sheet->steps.count; i++) {
        const struct evidence_step *step = &sheet->steps.list[i];
        if (!step->bytes || step->elsewhere)
            continue;
        put_message(sheet, step);
        any = true;
    }
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        const struct result_endpoint *endpoint = side_of(sheet, side);
        if (endpoint && endpoint->trace.left_out > 0)
            text_printf(sheet->out, "\n(%u more of %s not kept: there was no room)\n",
                        endpoint->trace.left_out, sheet->names[side]);
    }
    if (!any)
        text_add(sheet->out,
                 "\nThey were not kept: only those of the first calls that fail are.\n");
}

void evidence_text(const struct result *result, const struct evidence *call, struct text *out)
{
    struct sheet sheet = {.result = result, .call = call, .out = out};
    for (unsigned side = 0; side < EVIDENCE_SIDES; side++) {
        struct text clean = {0};
        char name[96];
        if (call->sides[side] == ROSTER_NONE)
            continue;
        roster_endpoint_name(result->roster, call->sides[side], name, sizeof(name));
        words_clean(&clean, name, CLEAN_TERMINAL);
        text_copy(sheet.names[side], sizeof(sheet.names[side]), text_get(&clean));
        text_fini(&clean);
    }
    evidence_collect(&sheet.steps, result, call);
    sheet.zero_ns = sheet.steps.count > 0 ? sheet.steps.list[0].at_ns : result->started_ns;
    put_head(&sheet);
    put_ladder(&sheet);
    put_phases(&sheet);
    evidence_timings(result, call, &sheet.steps, out);
    put_messages(&sheet);
    free(sheet.steps.list);
}
