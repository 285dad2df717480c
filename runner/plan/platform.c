/* What a test on a platform cannot be. */
#include "cmtest/plan.h"

#include <stdio.h>
#include <string.h>

#define ACTIONS_MAX 30 /* of a group */

/* Keys of a group that have no counterpart there. */
static const struct {
    const char *path; /* below the group */
    const char *what;
} absent[] = {
    {"answer", "how callees behave cannot be set there: they answer at once"},
    {"caller_id", "the caller's identity cannot be set there"},
    {"headers", "headers of our own cannot be sent from there"},
    {"late_offer", "its INVITEs always have an offer"},
    {"redirects", "what is done with redirects cannot be set there"},
    {"expect", "calls that are to fail, and looks into messages, are not known there"},
    {"impair", "it does no harm to packets"},
    {"duration", "there is one duration for all groups there"},
    {"source_address", "addresses are those of its workers"},
    {"rtp_ports", "ports are those of its workers"},
    {"audio.record", "what is heard there cannot be recorded here"},
    {"audio.decode", "it decides itself what is decoded"},
    {"audio.playout", "its playout buffers cannot be set"},
    {"audio.rtcp", "its RTCP cannot be set"},
    {"audio.receive_buffer", "its sockets are its own"},
};

static const struct {
    const char *path; /* of the spec */
    const char *what;
} absent_above[] = {
    {"load.rate", "buildup is the only shape of load there"},
    {"load.repeat", "each endpoint makes one call there"},
    {"load.phases", "buildup is the only shape of load there"},
    {"load.call_length", "all calls are of one length there"},
};

static void refuse(const struct spec *spec, const char *path, const char *what, struct diag *diag)
{
    char key[64];
    const char *last = strrchr(path, '.');
    snprintf(key, sizeof key, "%s", last ? last + 1 : path);
    diag_add(diag, DIAG_ERROR, "not-on-platform", spec_place(spec, "%s", path),
             "take it out for the platform, or run the spec here, with --on local",
             "a platform has no \"%s\": %s", key, what);
}

static bool is_known_there(const char *action)
{
    static const char *const known[] = {"hold", "resume", "update_media", "activate", "send_dtmf"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], action) == 0)
            return true;
    return false;
}

static bool is_heard_there(const char *trigger)
{
    static const char *const known[] = {"hold_received", "resume_received",
                                        "session_timer_refreshed", "info_received",
                                        "dtmf_received"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], trigger) == 0)
            return true;
    return false;
}

static void refuse_step(const struct spec *spec, unsigned group, unsigned index, struct diag *diag)
{
    static const char *const keys[] = {"expect", "else", "within", "after", "from"};
    const struct spec_step *step = &spec->groups[group].scenario[index];
    char path[96];
    if (step->action && !is_known_there(step->action)) {
        snprintf(path, sizeof path, "groups[%u].scenario[%u].do", group, index);
        diag_add(diag, DIAG_ERROR, "not-on-platform", spec_place(spec, "%s", path),
                 "hold, resume, update_media, activate and send_dtmf are known there",
                 "a platform has no action \"%s\"", step->action);
    }
    if (step->on && !is_heard_there(step->on)) {
        snprintf(path, sizeof path, "groups[%u].scenario[%u].on", group, index);
        diag_add(diag, DIAG_ERROR, "not-on-platform", spec_place(spec, "%s", path),
                 "hold_received, resume_received, session_timer_refreshed, info_received and "
                 "dtmf_received are known there, and at: TIME",
                 "a platform has no trigger \"%s\"", step->on);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        snprintf(path, sizeof path, "groups[%u].scenario[%u].%s", group, index, keys[i]);
        if (spec_given(spec, "%s", path))
            refuse(spec, path, "its steps are done, and only counted", diag);
    }
    snprintf(path, sizeof path, "groups[%u].scenario[%u].times", group, index);
    if (step->times && strcmp(step->times, "once") != 0)
        refuse(spec, path, "an event begins a step once in a call there", diag);
}

static void refuse_group(const struct spec *spec, unsigned index, struct diag *diag)
{
    const struct spec_group *group = &spec->groups[index];
    char path[96];
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        snprintf(path, sizeof path, "groups[%u].%s", index, absent[i].path);
        if (spec_given(spec, "%s", path))
            refuse(spec, path, absent[i].what, diag);
    }
    snprintf(path, sizeof path, "groups[%u].audio.codecs", index);
    if (group->audio.codecs_count > 1)
        refuse(spec, path, "a track there has one codec, and this is a list", diag);
    for (unsigned i = 0; i < group->scenario_count; i++)
        refuse_step(spec, index, i, diag);
    if (group->scenario_count > ACTIONS_MAX)
        diag_add(diag, DIAG_ERROR, "not-on-platform",
                 spec_place(spec, "groups[%u].scenario", index), "make the scenario shorter",
                 "a group there has at most %d actions, and %s has %u", ACTIONS_MAX, group->name,
                 group->scenario_count);
}

void plan_refuse_for_platform(const struct spec *spec, bool project, struct diag *diag)
{
    if (!spec)
        return;
    if (!project && !spec->platform.project)
        diag_add(diag, DIAG_ERROR, "needs-project", spec_place(spec, "platform"),
                 "platform: { project: ID, test: ID }, or --project ID; `cmtest list projects` "
                 "lists them",
                 "nothing says which project of the platform it belongs to");
    for (size_t i = 0; i < sizeof absent_above / sizeof *absent_above; i++)
        if (spec_given(spec, "%s", absent_above[i].path))
            refuse(spec, absent_above[i].path, absent_above[i].what, diag);
    for (unsigned i = 0; i < spec->groups_count; i++)
        refuse_group(spec, i, diag);
    for (unsigned i = 0; i < spec->thresholds_count; i++) {
        char path[48];
        snprintf(path, sizeof path, "thresholds[%u].abort", i);
        if (spec->thresholds[i].abort)
            refuse(spec, path, "its figures come when the run has ended", diag);
    }
}
