/* What the media thread does of what it is told: lines begin, change, and end. */
#include "pacer_private.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "ports.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

static const struct plan_hearing usual_hearing = {
    .decode = DECODE_SAMPLED, .decode_one_in = 10, .rtcp_interval_ns = NS_PER_S};

static struct stream_config stream_config_of(const struct habit *habit,
                                             const struct session_media *media,
                                             const struct frames *frames, uint64_t seed,
                                             const char *cname)
{
    const struct plan_hearing *hearing = habit->hearing ? habit->hearing : &usual_hearing;
    struct stream_config config = {
        .codec = media->codec,
        .frames = frames,
        .payload_type = media->payload_type,
        .receive_payload_type = media->receive_payload_type,
        .events_payload_type = media->receive_events_payload_type,
        .noise_payload_type = media->receive_noise_payload_type,
        .send_events_payload_type = media->events_payload_type,
        .extended_reports = hearing->extended_reports,
        .ipv6 = media->rtp.ss_family == AF_INET6,
        .playout = hearing->playout,
        .decode = hearing->decode,
        .decode_one_in = hearing->decode_one_in,
        .number = habit->index,
        .ptime_ms = media->ptime_ms,
        .cname = cname,
        .rtcp_interval_ns = hearing->rtcp_interval_ns,
        .seed = seed,
    };
    config.other_count = media->other_count;
    memcpy(config.others, media->others, sizeof config.others);
    return config;
}

static void open_line(struct pacer *pacer, const struct command *command)
{
    if (command->places)
        pool_add(pacer->places, command->places);
    struct line *line = pool_take(pacer->places);
    const struct session_media *media = &command->media;
    /* A name without personal data, short, and the same for the whole call (RFC 7022). */
    char cname[32];
    snprintf(cname, sizeof cname, "%016llx", (unsigned long long)command->seed);
    const struct habit *habit = &pacer->habits[command->endpoint];
    struct stream_config config =
        stream_config_of(habit, media, command->frames, command->seed, cname);
    int64_t now = command->at_ns;
    line->endpoint = command->endpoint;
    line->meters = pacer->meters ? pacer->meters[line->endpoint] : NULL;
    line->rtp_fd = command->rtp_fd;
    line->rtcp_fd = command->rtcp_fd;
    line->may_send = media->may_send;
    line->may_receive = media->may_receive;
    line->early = command->early;
    line_aim(line, media);
    line_secure(line, media, now);
    line->period_ns = media->ptime_ms * NS_PER_MS;
    pacer_begin(pacer, line, now, command->seed);
    /* Its seconds end with its turns. */
    int64_t began = line->due_ns;
    if (command->began_ns)
        began -= (began - command->began_ns) / line->period_ns * line->period_ns;
    line->second_ns = began + NS_PER_S;
    if (habit->hearing && habit->hearing->record && stream_decodes(&config))
        line_record(line, habit->hearing->record, habit->group, habit->index, &pacer->budget,
                    &config);
    line->stream = stream_begin((char *)line + PLACE_BYTES, &config, began);
    const struct fate *fate = &pacer->fates[line->endpoint];
    line_impair(line, fate->configs, fate->seed);
    pacer->lines[line->endpoint] = line;
    pacer->running++;
    pacer_watch(pacer, line);
    pacer_enter(pacer, line);
}

void pacer_nothing(const struct plan_hearing *hearing, uint32_t index,
                   const struct session_media *media, const struct frames *frames, int64_t began_ns,
                   int64_t now_ns, struct event_second seconds[2], struct stream_totals *totals)
{
    const struct habit habit = {.hearing = hearing, .index = index};
    struct stream_config config = stream_config_of(&habit, media, frames, 0, "");
    struct line line = {.stream = stream_new(&config, began_ns)};
    line_second(&line, now_ns, seconds);
    seconds[DIRECTION_SEND].agreed = seconds[DIRECTION_RECEIVE].agreed = false;
    stream_totals(line.stream, totals);
    line_truth(&line, totals->impaired);
    line_add_totals(&line, totals);
    stream_free(line.stream);
}

/* Packets that were due before sending was to end, and that this thread had no time to send. */
static void count_missed(struct pacer *pacer, struct line *line, int64_t end_ns)
{
    if (!line->may_send || line->quiet || !line_ready(line) || line->due_ns >= end_ns)
        return;
    uint64_t missed = (uint64_t)((end_ns - line->due_ns) / line->period_ns);
    pacer->pacing.packets += missed;
    pacer->pacing.skipped += missed;
    pacer->health.now.asked += missed;
}

static void change_line(struct pacer *pacer, struct line *line, const struct command *command)
{
    const struct session_media *media = &command->media;
    pacer_hurry(pacer, line, clock_now());
    if (!media->may_send)
        count_missed(pacer, line, command->at_ns);
    line->changed[DIRECTION_SEND] |= line->may_send != media->may_send || line->early;
    line->changed[DIRECTION_RECEIVE] |= line->may_receive != media->may_receive || line->early;
    line->may_send = media->may_send;
    line->may_receive = media->may_receive;
    line->early = command->early;
    line_aim(line, media);
    line_secure(line, media, clock_now());
    if (!line->mux && line->rtcp_fd < 0) {
        line->rtcp_fd = ports_reopen(line->rtp_fd);
        line->dropped[1] = 0;
        pacer_watch(pacer, line);
    }
    if (!media->codec) {
        line->reachable = false;
        return;
    }
    struct stream_config config = stream_config_of(&pacer->habits[command->endpoint], media,
                                                   command->frames, command->seed, NULL);
    stream_update(line->stream, &config);
    line->period_ns = media->ptime_ms * NS_PER_MS;
}

static void end_sending(struct pacer *pacer, struct line *line, const struct command *command)
{
    count_missed(pacer, line, command->at_ns);
    line->quiet = true;
    if (command->kind != COMMAND_CLOSE)
        return;
    pacer_hurry(pacer, line, clock_now());
    line->closing = true; /* at its next turn, at most one packet time away */
}

static void impair(struct pacer *pacer, const struct command *command)
{
    struct line *line = pacer->lines[command->endpoint];
    pacer->fates[command->endpoint] = command->fate;
    if (line)
        line_impair(line, command->fate.configs, command->fate.seed);
}

static void send_digits(struct line *line, const struct command *command)
{
    const struct digit_order *order = &command->digits;
    if (command->frames) {
        stream_tones(line->stream, command->frames, order->text, &order->timing);
        return;
    }
    for (const char *at = order->text; *at; at++)
        stream_dtmf(line->stream, *at, order->timing.tone_ms, order->timing.gap_ms);
}

/* Refused or not, it works on: what else runs on that CPU is told as waiting. */
static void place(struct pacer *pacer, const struct command *command)
{
    cpu_set_t set;
    pacer->health.now.worker = command->worker;
    if (command->cpu < 0 || command->cpu >= CPU_SETSIZE)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)command->cpu, &set);
    (void)!sched_setaffinity(0, sizeof set, &set);
}

void pacer_obey(struct pacer *pacer)
{
    const void *items;
    size_t count = mailbox_take(pacer->commands, &items);
    pacer->obeyed = count > pacer->obeyed ? (uint32_t)count : pacer->obeyed;
    for (size_t i = 0; i < count; i++) {
        const struct command *command = (const struct command *)items + i;
        struct line *line = pacer->lines[command->endpoint];
        if (command->kind == COMMAND_IMPAIR)
            impair(pacer, command);
        else if (command->kind == COMMAND_HEAR)
            pacer->habits[command->endpoint] = command->habit;
        else if (command->kind == COMMAND_PLACE)
            place(pacer, command);
        else if (command->kind == COMMAND_RESERVE)
            pool_add(pacer->places, command->places);
        else if (command->kind == COMMAND_PRECISE)
            pacer->precise = true;
        else if (command->kind == COMMAND_START)
            open_line(pacer, command);
        else if (line && command->kind == COMMAND_UPDATE)
            change_line(pacer, line, command);
        else if (line && command->kind == COMMAND_DIGITS)
            send_digits(line, command);
        else if (line && command->kind == COMMAND_PLAY)
            stream_play(line->stream, command->frames, command->play.skip, command->play.end,
                        command->play.then);
        else if (line)
            end_sending(pacer, line, command);
    }
}
