/* The steps of a group, with every name resolved, as they are played (player.h). */
#include "build.h"
#include "cmtest/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum field_kind kind_of(const struct choice *choice, const char *key)
{
    for (const struct field *field = choice ? choice->fields : NULL; field && field->key; field++)
        if (strcmp(field->key, key) == 0)
            return field->kind;
    return FIELD_ANY;
}

static void take_arguments(struct build *build, struct step *step,
                           const struct field_argument *arguments, unsigned count)
{
    struct step_argument *kept = arena_array(build->arena, count + 1, sizeof *kept);
    const struct choice *action = step->action ? &step->action->choice : NULL;
    const struct choice *trigger = step->on ? &step->on->choice : NULL;
    for (unsigned i = 0; i < count; i++) {
        const char *key = arguments[i].key, *value = arguments[i].value;
        int64_t ns = 0;
        kept[i].key = build_keep(build, key);
        kept[i].value = build_keep(build, value);
        if ((kind_of(action, key) == FIELD_DURATION || kind_of(trigger, key) == FIELD_DURATION) &&
            spec_duration(value, &ns))
            kept[i].value = arena_printf(build->arena, "%lld", (long long)ns);
    }
    step->arguments = kept;
    step->argument_count = count;
}

static enum media_state media_of(const char *word)
{
    return !word ? MEDIA_ANY : strcmp(word, "stopped") == 0 ? MEDIA_STOPPED : MEDIA_FLOWING;
}

static void take_expect(struct build *build, unsigned group, unsigned number, struct step *step,
                        const struct spec_expect *row)
{
    const struct spec_assertion *const rows[] = {row->header, row->sdp};
    const unsigned counts[] = {row->header_count, row->sdp_count};
    char path[64];
    step->expect = (struct step_expect){.within_ns = row->within_ns,
                                        .status = row->status,
                                        .direction = build_keep(build, row->direction),
                                        .codec = build_keep(build, row->codec),
                                        .media = media_of(row->media),
                                        .dtmf = build_keep(build, row->dtmf),
                                        .tone_ns = row->tone_ns};
    snprintf(path, sizeof path, "groups[%u].scenario[%u].expect", group, number);
    step->expect.assertion_count =
        build_assertions(build, rows, counts, path, &step->expect.assertions);
}

static uint32_t times_of(const char *times)
{
    if (!times || strcmp(times, "once") == 0)
        return 1;
    return strcmp(times, "always") == 0 ? 0 : (uint32_t)strtoul(times, NULL, 10);
}

static enum occurrence_kind start_of(const char *from)
{
    if (from && strcmp(from, "ringing") == 0)
        return OCCURRED_RINGING;
    if (from && strcmp(from, "registration") == 0)
        return OCCURRED_REGISTERING;
    return OCCURRED_ANSWERED;
}

static uint32_t index_of(const struct spec_group *group, const char *name)
{
    for (unsigned i = 0; i < group->scenario_count; i++)
        if (group->scenario[i].name && strcmp(group->scenario[i].name, name) == 0)
            return i;
    return 0; /* told already (build_scenarios) */
}

/* Codecs that are offered later must be prepared before the run: they are those of the group. */
static void check_codecs(struct build *build, unsigned group, unsigned number,
                         const struct step *step)
{
    const struct plan_group *planned = &build->plan->groups[group];
    const char *name;
    for (size_t i = 0; (name = step_text_at(step, "codecs", i)); i++) {
        bool found = false;
        for (size_t j = 0; j < planned->codec_count; j++)
            found = found || planned->codecs[j] == codec_find(name);
        if (!found && !spec_faulty(build->spec, "groups[%u].audio", group))
            diag_add(build->diag, DIAG_ERROR, "unknown-codec",
                     spec_place(build->spec, "groups[%u].scenario[%u].codecs", group, number),
                     "name it under audio.codecs of the group too",
                     "\"%s\" is not one of the codecs of %s", name, planned->name);
    }
}

static void take_step(struct build *build, unsigned group, unsigned number, struct step *step)
{
    const struct spec_group *row_group = &build->spec->groups[group];
    const struct spec_step *row = &row_group->scenario[number];
    step->name = build_keep(build, row->name);
    step->action = row->action ? action_find(row->action) : NULL;
    step->on = row->on ? trigger_find(row->on) : NULL;
    step->when = row->on ? STEP_ON : row->after ? STEP_AFTER : STEP_AT;
    step->from = start_of(row->from);
    step->at_ns = row->at_ns;
    step->after = row->after ? index_of(row_group, row->after) : 0;
    step->times = times_of(row->times);
    step->within_ns = row->within_ns;
    take_arguments(build, step, row->arguments, row->arguments_count);
    take_expect(build, group, number, step, &row->expect);
    char path[64];
    snprintf(path, sizeof path, "groups[%u].scenario[%u]", group, number);
    if (step->action && strcmp(step->action->choice.word, "update_media") == 0)
        check_codecs(build, group, number, step);
    build_step_media(build, group, path, step);
    if (!row->otherwise.action)
        return;
    struct step *otherwise = arena_alloc(build->arena, sizeof *otherwise);
    otherwise->action = action_find(row->otherwise.action);
    take_arguments(build, otherwise, row->otherwise.arguments, row->otherwise.arguments_count);
    step->otherwise = otherwise->action ? otherwise : NULL;
    snprintf(path, sizeof path, "groups[%u].scenario[%u].else", group, number);
    if (otherwise->action)
        build_step_media(build, group, path, otherwise);
}

void build_scripts(struct build *build)
{
    for (unsigned i = 0; i < build->spec->groups_count; i++) {
        const struct spec_group *row = &build->spec->groups[i];
        struct step *steps = arena_array(build->arena, row->scenario_count + 1, sizeof *steps);
        for (unsigned j = 0; j < row->scenario_count; j++)
            if (!spec_faulty(build->spec, "groups[%u].scenario[%u]", i, j))
                take_step(build, i, j, &steps[j]);
        build->plan->groups[i].script = (struct script){steps, row->scenario_count};
        build_deferred(build, i);
    }
}

static bool leaves(const struct step *step)
{
    return step && step->action &&
           (strcmp(step->action->choice.word, "hangup") == 0 ||
            strcmp(step->action->choice.word, "transfer") == 0);
}

bool plan_may_leave(const struct plan_group *group)
{
    for (size_t i = 0; i < group->script.count; i++)
        if (leaves(&group->script.steps[i]) || leaves(group->script.steps[i].otherwise))
            return true;
    return false;
}
