#include "head.h"

#include <string.h>
#include "cmtest/journal_format.h"

/* So many of each may stand in a file: more than a plan can have. */
#define ITEMS_MAX JOURNAL_ENDPOINTS_MAX

static void put_group(const struct roster_group *group, struct text *out)
{
    put_text(out, group->name);
    put_text(out, group->registrar);
    put_text(out, group->server);
    put_text(out, group->target);
    put_text(out, group->codecs);
    put_text(out, group->expected);
    put_varint(out, group->first);
    put_varint(out, group->count);
    put_varint(out, group->step_count);
    for (uint32_t i = 0; i < group->step_count; i++) {
        const struct roster_step *step = &group->steps[i];
        put_text(out, step->name);
        put_text(out, step->action);
        put_text(out, step->trigger);
        put_text(out, step->expected);
        put_zigzag(out, step->line);
    }
}

static void put_roster(const struct roster *roster, struct text *out)
{
    put_text(out, roster->name);
    put_text(out, roster->spec);
    put_varint(out, roster->planned_calls);
    put_varint(out, roster->group_count);
    for (uint32_t i = 0; i < roster->group_count; i++)
        put_group(&roster->groups[i], out);
    put_varint(out, roster->endpoint_count);
    for (uint32_t i = 0; i < roster->endpoint_count; i++) {
        const struct roster_endpoint *endpoint = &roster->endpoints[i];
        put_varint(out, endpoint->group);
        put_varint(out, endpoint->index);
        put_varint(out, (uint32_t)(endpoint->partner + 1));
        put_varint(out, endpoint->role);
        put_text(out, endpoint->account);
        put_text(out, endpoint->target);
    }
}

void head_put(const struct journal_head *head, struct text *out)
{
    put_text(out, head->version);
    put_text(out, head->case_name);
    put_varint(out, head->seed);
    put_zigzag(out, head->started_ns);
    put_roster(head->roster, out);
    put_varint(out, head->threshold_count);
    for (size_t i = 0; i < head->threshold_count; i++) {
        const struct journal_threshold *threshold = &head->thresholds[i];
        put_text(out, threshold->text);
        put_text(out, threshold->group);
        put_varint(out, threshold->min_samples);
        put_real(out, threshold->min_coverage);
        put_varint(out, (threshold->warn ? 1u : 0u) | (threshold->implicit ? 2u : 0u));
        put_zigzag(out, threshold->line);
    }
    vocabulary_put(out);
}

/* A count of things that take at least a byte each. */
static uint32_t get_items(struct bytes *in)
{
    size_t left = (size_t)(in->end - in->at);
    return (uint32_t)get_count(in, left < ITEMS_MAX ? left : ITEMS_MAX);
}

static const char *get_name(struct bytes *in, struct arena *arena)
{
    char *name = get_string(in, arena);
    if (!name)
        in->failed = true;
    return name ? name : "";
}

/* What every reader takes for granted; a plan always has it. */
static const char *get_word(struct bytes *in, struct arena *arena)
{
    char *word = get_string(in, arena);
    return word ? word : "";
}

static int get_line(struct bytes *in)
{
    int64_t line = get_zigzag(in);
    if (line >= 0 && line <= INT32_MAX)
        return (int)line;
    in->failed = true;
    return 0;
}

static void get_steps(struct bytes *in, struct arena *arena, struct roster_group *group)
{
    group->step_count = get_items(in);
    struct roster_step *steps = arena_array(arena, group->step_count, sizeof(*steps));
    for (uint32_t i = 0; i < group->step_count && !in->failed; i++) {
        steps[i].name = get_string(in, arena);
        steps[i].action = get_word(in, arena);
        steps[i].trigger = get_word(in, arena);
        steps[i].expected = get_word(in, arena);
        steps[i].line = get_line(in);
    }
    group->steps = steps;
}

static void get_group(struct bytes *in, struct arena *arena, struct roster_group *group)
{
    group->name = get_name(in, arena);
    group->registrar = get_word(in, arena);
    group->server = get_word(in, arena);
    group->target = get_string(in, arena);
    group->codecs = get_word(in, arena);
    group->expected = get_string(in, arena);
    group->first = (uint32_t)get_count(in, ITEMS_MAX);
    group->count = (uint32_t)get_count(in, ITEMS_MAX);
    get_steps(in, arena, group);
}

static void get_endpoint(struct bytes *in, struct arena *arena, struct roster_endpoint *endpoint)
{
    endpoint->group = (uint32_t)get_count(in, ITEMS_MAX);
    endpoint->index = (uint32_t)get_count(in, UINT32_MAX);
    endpoint->partner = (uint32_t)get_count(in, ITEMS_MAX) - 1;
    endpoint->role = (enum roster_role)get_count(in, ROLE_CALLER);
    endpoint->account = get_word(in, arena);
    endpoint->target = get_string(in, arena);
}

/* Who belongs to whom holds together: everyone who reads a roster relies on it. */
static bool is_sound(const struct roster *roster)
{
    for (uint32_t i = 0; i < roster->group_count; i++) {
        const struct roster_group *group = &roster->groups[i];
        if (group->first > roster->endpoint_count ||
            group->count > roster->endpoint_count - group->first)
            return false;
    }
    for (uint32_t i = 0; i < roster->endpoint_count; i++) {
        const struct roster_endpoint *endpoint = &roster->endpoints[i];
        if (endpoint->group >= roster->group_count ||
            (endpoint->partner != ROSTER_NONE && endpoint->partner >= roster->endpoint_count))
            return false;
        const struct roster_group *group = &roster->groups[endpoint->group];
        if (i < group->first || i - group->first >= group->count ||
            endpoint->index != i - group->first)
            return false;
    }
    return true;
}

static bool get_roster(struct bytes *in, struct arena *arena, struct journal_head *head)
{
    struct roster *roster = arena_alloc(arena, sizeof(*roster));
    roster->name = get_name(in, arena);
    roster->spec = get_name(in, arena);
    roster->planned_calls = (uint32_t)get_count(in, UINT32_MAX);
    roster->group_count = get_items(in);
    struct roster_group *groups = arena_array(arena, roster->group_count, sizeof(*groups));
    for (uint32_t i = 0; i < roster->group_count && !in->failed; i++)
        get_group(in, arena, &groups[i]);
    roster->groups = groups;
    roster->endpoint_count = get_items(in);
    struct roster_endpoint *endpoints =
        arena_array(arena, roster->endpoint_count, sizeof(*endpoints));
    for (uint32_t i = 0; i < roster->endpoint_count && !in->failed; i++)
        get_endpoint(in, arena, &endpoints[i]);
    roster->endpoints = endpoints;
    head->roster = roster;
    return !in->failed && is_sound(roster);
}

static void get_thresholds(struct bytes *in, struct arena *arena, struct journal_head *head)
{
    head->threshold_count = get_items(in);
    struct journal_threshold *thresholds =
        arena_array(arena, head->threshold_count, sizeof(*thresholds));
    for (size_t i = 0; i < head->threshold_count && !in->failed; i++) {
        thresholds[i].text = get_name(in, arena);
        thresholds[i].group = get_string(in, arena);
        thresholds[i].min_samples = get_varint(in);
        thresholds[i].min_coverage = get_real(in);
        uint64_t flags = get_count(in, 3);
        thresholds[i].warn = flags & 1;
        thresholds[i].implicit = flags & 2;
        thresholds[i].line = get_line(in);
    }
    head->thresholds = thresholds;
}

bool head_get(struct bytes *in, struct arena *arena, struct journal_head *head,
              struct vocabulary *vocabulary, const char **why)
{
    head->version = get_name(in, arena);
    head->case_name = get_string(in, arena);
    head->seed = get_varint(in);
    head->started_ns = get_zigzag(in);
    if (in->failed || !get_roster(in, arena, head)) {
        *why = "its list of who took part is broken";
        return false;
    }
    get_thresholds(in, arena, head);
    if (in->failed) {
        *why = "its thresholds are broken";
        return false;
    }
    if (vocabulary_get(in, arena, vocabulary))
        return true;
    *why = "its list of readings and events is broken";
    return false;
}

void end_put(const struct journal_end *end, struct text *out)
{
    put_zigzag(out, end->ended_ns);
    put_varint(out, end->interrupted);
    put_text(out, end->error ? end->error : "");
}

bool end_get(struct bytes *in, struct arena *arena, struct journal_end *end)
{
    end->ended_ns = get_zigzag(in);
    end->interrupted = get_count(in, 1);
    end->error = get_name(in, arena);
    return !in->failed;
}
