#include "build.h"

#include "cmtest/emodel.h"

#include <stdlib.h>
#include <string.h>

static void check_group(struct build *build, unsigned index, const char *text,
                        const struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    if (!threshold->group || build_find_group(build, threshold->group) != ROSTER_NONE)
        return;
    /* The name is the last but "warn": its last occurrence is the one that is meant. */
    size_t offset = 0, length = strlen(threshold->group);
    for (const char *at = text; (at = strstr(at, threshold->group)); at++)
        offset = (size_t)(at - text);
    const char **names = mem_array(spec->groups_count + 1, sizeof *names);
    struct text hint = {0};
    for (unsigned i = 0; i < spec->groups_count; i++)
        names[i] = spec->groups[i].name;
    build_suggest(threshold->group, names, spec->groups_count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-group",
             spec_place_part(spec, text, offset, length, "thresholds[%u].check", index),
             text_get(&hint), "\"%s\" is not a group", threshold->group);
    text_fini(&hint);
    free(names);
}

static bool is_about_success(const struct threshold *threshold)
{
    return threshold->key.metric->kind == METRIC_RATE;
}

/* The same of the key group, which stands for "in group". */
static void take_group(struct build *build, unsigned index, struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    const char *group = spec->thresholds[index].group;
    if (!group || spec_faulty(spec, "thresholds[%u].group", index))
        return;
    struct place place = spec_place(spec, "thresholds[%u].group", index);
    if (threshold->group) {
        diag_add(build->diag, DIAG_ERROR, "said-twice", place, "remove one of them",
                 "the check says \"in %s\" already", threshold->group);
        return;
    }
    if (build_find_group(build, group) != ROSTER_NONE)
        return;
    const char **names = mem_array(spec->groups_count + 1, sizeof *names);
    struct text hint = {0};
    for (unsigned i = 0; i < spec->groups_count; i++)
        names[i] = spec->groups[i].name;
    build_suggest(group, names, spec->groups_count, &hint);
    diag_add(build->diag, DIAG_ERROR, "unknown-group", place, text_get(&hint),
             "\"%s\" is not a group", group);
    text_fini(&hint);
    free(names);
}

/* Whether a key says again what the check says; then it is told. */
static bool is_twice(struct build *build, unsigned index, const char *key, bool said)
{
    struct place place = spec_place(build->spec, "thresholds[%u].%s", index, key);
    if (said)
        diag_add(build->diag, DIAG_ERROR, "said-twice", place, "remove one of them",
                 "the check says its %s already", key);
    return said;
}

/* What the keys say as the clauses that they stand for: one text is the whole threshold. */
static void add_clauses(struct build *build, unsigned index, struct text *text,
                        const struct threshold *threshold)
{
    const struct spec_threshold *row = &build->spec->thresholds[index];
    const char *phase = row->phase && strcmp(row->phase, "all") != 0 ? row->phase : NULL;
    if (row->group && !threshold->group)
        text_printf(text, " in %s", row->group);
    if (row->window_ns && !is_twice(build, index, "window", threshold->window_ns > 0))
        text_printf(text, " during worst %llds", (long long)(row->window_ns / INT64_C(1000000000)));
    if (phase && !is_twice(build, index, "phase", threshold->during != DURING_ALL))
        text_printf(text, " %s %s", row->window_ns ? "of" : "during", phase);
    if (row->endpoints && !is_twice(build, index, "endpoints", threshold->endpoint_share > 0)) {
        if (row->endpoints == 100000)
            text_add(text, " of worst endpoint");
        else
            text_printf(text, " of %g%% of endpoints", (double)row->endpoints / 1000);
    }
    if (row->abort && !is_twice(build, index, "abort", threshold->abort))
        text_add(text, " abort");
    if (row->abort && row->grace_ns)
        text_printf(text, " after %llds", (long long)(row->grace_ns / INT64_C(1000000000)));
}

/* false: they do not go together, which is told. */
static bool take_clauses(struct build *build, unsigned index, struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    struct threshold_error error;
    struct text text = {0};
    size_t before = diag_errors(build->diag);
    text_add(&text, threshold->text);
    add_clauses(build, index, &text, threshold);
    const char *whole = build_keep(build, text_get(&text));
    text_fini(&text);
    if (diag_errors(build->diag) > before)
        return false;
    if (threshold_parse(whole, build->arena, threshold, &error))
        return true;
    diag_add(build->diag, DIAG_ERROR, error.code, spec_place(spec, "thresholds[%u].check", index),
             *error.hint ? error.hint : NULL, "%s", error.message);
    return false;
}

static void take_settings(struct build *build, unsigned index, struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    const struct spec_threshold *row = &spec->thresholds[index];
    bool warn = row->severity && strcmp(row->severity, "warn") == 0;
    if (row->severity && threshold->warn && !warn)
        diag_add(build->diag, DIAG_ERROR, "said-twice",
                 spec_place(spec, "thresholds[%u].severity", index), "remove one of them",
                 "the check says \"warn\" already");
    threshold->warn = threshold->warn || warn;
    if (threshold->warn && threshold->abort)
        diag_add(build->diag, DIAG_ERROR, "bad-scope",
                 spec_place(spec, "thresholds[%u].severity", index), "remove abort, or warn",
                 "what only warns cannot end the run");
    threshold->min_samples = row->min_samples;
    if (spec_given(spec, "thresholds[%u].min_coverage", index))
        threshold->min_coverage = (double)row->min_coverage / 100000;
    threshold->line = spec_place(spec, "thresholds[%u].check", index).line;
}

/* Whether the endpoints of a group have what the metric needs. */
static bool has_needed(const struct plan_group *group, const struct metric_key *key)
{
    switch (key->metric->needs) {
    case NEEDS_DECODING:
        return key->direction == METRIC_SEND || group->hearing.decode != DECODE_NONE;
    case NEEDS_SRTP:
        return group->security.sdes || group->security.dtls;
    case NEEDS_DTLS:
        return group->security.dtls;
    case NEEDS_NOTHING:
        break;
    }
    return true;
}

static const char *needed(const struct threshold *threshold)
{
    static const char *const lacks[][2] = {
        [NEEDS_NOTHING] = {NULL, NULL},
        [NEEDS_DECODING] = {"nothing that is received is decoded (audio.decode)",
                            "this group has audio.decode: none"},
        [NEEDS_SRTP] = {"no group encrypts its media (audio.security)",
                        "this group does not encrypt its media (audio.security)"},
        [NEEDS_DTLS] = {"no group has its keys by DTLS (audio.security)",
                        "this group does not have its keys by DTLS (audio.security)"}};
    return lacks[threshold->key.metric->needs][threshold->group != NULL];
}

/* Why no endpoint of the group, or of all, can give a sample; NULL: one can. */
static const char *cannot_produce(const struct build *build, const struct threshold *threshold)
{
    const struct plan *plan = build->plan;
    uint32_t group = threshold->group ? build_find_group(build, threshold->group) : ROSTER_NONE;
    bool calls = false, media = false, steps = false, has = false;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        const struct plan_group *one = &plan->groups[i];
        if (group != ROSTER_NONE && group != i)
            continue;
        bool refused = one->call == CALL_GROUP && !plan_answers(&plan->groups[one->target]) &&
                       !(plan->groups[one->target].redirect && one->dialog.redirects);
        calls = calls || one->callers;
        steps = steps || one->script.count;
        has = has || has_needed(one, &threshold->key);
        media =
            media || (one->callers && !refused) || (one->callers < one->count && plan_answers(one));
    }
    enum metric_due due = threshold->key.metric->due;
    if ((due == DUE_CALL || due == DUE_FAILED) && !calls)
        return group == ROSTER_NONE ? "no group calls" : "this group makes no call";
    if (due == DUE_STEPS && !steps)
        return group == ROSTER_NONE ? "no group has a scenario" : "this group has no scenario";
    if (threshold->during >= DURING_REGISTERED && threshold->key.direction == METRIC_PLAIN &&
        strncmp(threshold->key.metric->name, "registration.", 13) != 0)
        return "it is told when a call is over, and not in a part of the run";
    if (due == DUE_SIDE && !media)
        return "all its calls are refused";
    return has ? NULL : needed(threshold);
}

static void check_produced(struct build *build, unsigned index, const struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    const char *text = spec->thresholds[index].check;
    bool outside = false;
    for (size_t i = 0; i < build->plan->group_count; i++)
        outside = outside || (!build->plan->groups[i].callers && !build->plan->groups[i].called);
    if (spec_faulty(spec, "groups") ||
        (outside && strncmp(threshold->key.metric->name, "calls.", 6) == 0))
        return;
    const char *why = cannot_produce(build, threshold);
    if (why)
        diag_add(
            build->diag, DIAG_ERROR, "metric-not-produced",
            spec_place_part(spec, text, 0, strcspn(text, " <>=!"), "thresholds[%u].check", index),
            "without data a threshold fails", "nothing here can give %.*s: %s",
            (int)strcspn(text, " <>=!"), text, why);
}

static double best_of(const struct codec *codec, bool mos)
{
    const struct codec_quality *quality = &codec->quality;
    double ie = quality->ie < codec->concealed.ie ? quality->ie : codec->concealed.ie;
    double r = emodel_r_max(quality->scale) - ie;
    return mos ? emodel_mos(quality->scale, r) : r;
}

/* The best score that is left when nothing is lost or late, and the codec that has it; NULL: the
 * metric is no score. */
static const struct codec *best_codec(const struct build *build, const struct threshold *threshold,
                                      double *best)
{
    const struct plan *plan = build->plan;
    const char *name = threshold->key.metric->name;
    bool mos = strncmp(name, "mos", 3) == 0;
    uint32_t group = threshold->group ? build_find_group(build, threshold->group) : ROSTER_NONE;
    const struct codec *found = NULL;
    if (!threshold->key.metric->scaled || (!mos && strncmp(name, "r_factor", 8) != 0))
        return NULL;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        for (size_t j = 0; j < plan->groups[i].codec_count; j++) {
            const struct codec *codec = plan->groups[i].codecs[j];
            if ((group != ROSTER_NONE && group != i) || codec->kind != CODEC_AUDIO ||
                (found && best_of(codec, mos) <= *best))
                continue;
            found = codec;
            *best = best_of(codec, mos);
        }
    }
    return found;
}

/* The scale ends higher than the codecs do: 4.5 is no MOS of any call. */
static void check_reachable(struct build *build, unsigned index, const struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    const char *text = spec->thresholds[index].check;
    double best = 0, limit = threshold->limit;
    enum comparison comparison = threshold->comparison;
    const struct codec *codec = best_codec(build, threshold, &best);
    if (!codec || threshold_is_plain(threshold) || threshold->statistic == STAT_SUM ||
        threshold->statistic == STAT_STDDEV || spec_faulty(spec, "groups"))
        return;
    bool never = comparison == COMPARE_GE || comparison == COMPARE_EQ
                     ? limit > best
                     : comparison == COMPARE_GT && limit >= best;
    size_t offset = strcspn(text, "<>=!");
    offset += strspn(text + offset, "<>=! ");
    if (never)
        diag_add(build->diag, DIAG_ERROR, "bad-number",
                 spec_place_part(spec, text, offset, strcspn(text + offset, " "),
                                 "thresholds[%u].check", index),
                 "by the E-model; cmtest help quality",
                 "%s cannot be above %.4g with %s, though nothing be lost or late",
                 threshold->key.metric->name, best, codec->name);
}

static bool take_threshold(struct build *build, unsigned index, struct threshold *threshold)
{
    const struct spec *spec = build->spec;
    const char *text = spec->thresholds[index].check;
    struct threshold_error error;
    if (!text || spec_faulty(spec, "thresholds[%u].check", index))
        return false;
    if (!threshold_parse(text, build->arena, threshold, &error)) {
        diag_add(
            build->diag, DIAG_ERROR, error.code,
            spec_place_part(spec, text, error.offset, error.length, "thresholds[%u].check", index),
            *error.hint ? error.hint : NULL, "%s", error.message);
        return false;
    }
    size_t before = diag_errors(build->diag);
    check_group(build, index, text, threshold);
    take_group(build, index, threshold);
    if (diag_errors(build->diag) > before || !take_clauses(build, index, threshold))
        return diag_errors(build->diag) == before;
    take_settings(build, index, threshold);
    if (diag_errors(build->diag) == before)
        check_produced(build, index, threshold);
    if (diag_errors(build->diag) == before)
        check_reachable(build, index, threshold);
    return true;
}

static void add_implicit(struct build *build, const char *text)
{
    struct plan *plan = build->plan;
    struct threshold *implicit = &plan->thresholds[plan->threshold_count];
    struct threshold_error error;
    if (!threshold_parse(text, build->arena, implicit, &error)) {
        diag_add(build->diag, DIAG_ERROR, "internal", spec_place(build->spec, "thresholds"),
                 "this is a defect of cmtest; please report it",
                 "the implicit threshold is not understood: %s", error.message);
        return;
    }
    implicit->implicit = true;
    plan->threshold_count++;
}

/* Whether there is a call that is not to fail. */
static bool owes_media(const struct plan *plan)
{
    for (size_t i = 0; i < plan->group_count; i++)
        if ((plan->groups[i].callers || !plan->groups[i].called) &&
            !plan_expects_failure(&plan->groups[i]))
            return true;
    return false;
}

void build_thresholds(struct build *build)
{
    const struct spec *spec = build->spec;
    struct plan *plan = build->plan;
    bool success = false;
    plan->thresholds =
        arena_array(build->arena, spec->thresholds_count + 2, sizeof *plan->thresholds);
    for (unsigned i = 0; i < spec->thresholds_count; i++) {
        struct threshold *threshold = &plan->thresholds[plan->threshold_count];
        if (!take_threshold(build, i, threshold))
            continue;
        success = success || is_about_success(threshold);
        plan->threshold_count++;
    }
    if (!success)
        add_implicit(build, "endpoints.success_rate >= 100%");
    /* Who asks for nothing must not be told that a call of dead air is fine. */
    if (!spec->thresholds_count && owes_media(plan))
        add_implicit(build, "call.packets_received.min >= 1");
}
