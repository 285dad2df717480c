#include "build.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *server_of(struct build *build, const struct plan_registrar *registrar)
{
    const char *transport = registrar->transport ? registrar->transport->name : "auto";
    if (registrar->embedded)
        return arena_printf(build->arena, "embedded/%s", transport);
    bool ipv6 = strchr(registrar->host, ':') != NULL;
    char port[8] = "";
    if (registrar->port)
        snprintf(port, sizeof port, ":%u", registrar->port);
    return arena_printf(build->arena, "%s%s%s%s/%s", ipv6 ? "[" : "", registrar->host,
                        ipv6 ? "]" : "", port, transport);
}

static const char *codecs_of(struct build *build, const struct plan_group *group)
{
    struct text list = {0};
    for (size_t i = 0; i < group->codec_count; i++)
        text_printf(&list, "%s%s", i ? ", " : "", group->codecs[i]->name);
    const char *copy = arena_strdup(build->arena, text_get(&list));
    text_fini(&list);
    return copy;
}

static const char *keep(struct build *build, struct text *words)
{
    const char *copy = arena_strdup(build->arena, text_get(words));
    text_fini(words);
    return copy;
}

static const struct roster_step *steps_of(struct build *build, uint32_t group)
{
    const struct script *script = &build->plan->groups[group].script;
    struct roster_step *steps = arena_array(build->arena, script->count + 1, sizeof *steps);
    for (uint32_t i = 0; i < script->count; i++) {
        const struct step *step = &script->steps[i];
        struct place place = spec_place(build->spec, "groups[%u].scenario[%u]", group, i);
        bool here = place.file && strcmp(place.file, build->plan->spec) == 0;
        struct text trigger = {0}, expected = {0};
        step_describe_trigger(script, i, &trigger);
        step_describe_expected(step, &expected);
        steps[i] = (struct roster_step){.name = step->name,
                                        .action = step->action->choice.word,
                                        .trigger = keep(build, &trigger),
                                        .expected = keep(build, &expected),
                                        .line = here ? place.line : 0};
    }
    return steps;
}

static const char *expected_of(struct build *build, const struct call_expect *expect)
{
    struct text words = {0};
    if (expect->ends)
        text_add(&words, outcome_name(expect->outcome));
    for (size_t i = 0; i < words.length; i++)
        words.data[i] = (char)tolower((unsigned char)words.data[i]);
    if (expect->status)
        text_printf(&words, "%sstatus %u", words.length ? " with " : "", expect->status);
    for (size_t i = 0; i < expect->message_count; i++) {
        const struct message_expect *message = &expect->messages[i];
        text_add(&words, words.length ? "; " : "");
        if (message->sent != message->received)
            text_add(&words, message->sent ? "sent " : "received ");
        if (message->status)
            text_printf(&words, "%u to ", message->status);
        text_add(&words, message->method);
    }
    return words.length ? keep(build, &words) : NULL;
}

void build_roster(struct build *build)
{
    struct plan *plan = build->plan;
    struct roster_group *groups = arena_array(build->arena, plan->group_count, sizeof *groups);
    struct roster_endpoint *endpoints =
        arena_array(build->arena, plan->endpoint_count, sizeof *endpoints);
    struct roster *roster = &plan->roster;
    *roster = (struct roster){
        .name = plan->name,
        .spec = plan->spec,
        .groups = groups,
        .group_count = (uint32_t)plan->group_count,
        .endpoints = endpoints,
        .endpoint_count = (uint32_t)plan->endpoint_count,
    };
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        const struct plan_registrar *registrar = &plan->registrars[group->registrar];
        groups[g] = (struct roster_group){
            .name = group->name,
            .registrar = registrar->name,
            .server = server_of(build, registrar),
            .target = group->calls,
            .codecs = codecs_of(build, group),
            .first = group->first,
            .count = group->count,
            .steps = steps_of(build, g),
            .step_count = (uint32_t)group->script.count,
            .expected = expected_of(build, &group->expect),
        };
        roster->planned_calls += group->callers;
        for (uint32_t i = 0; i < group->count; i++) {
            const struct plan_endpoint *endpoint = &plan->endpoints[group->first + i];
            endpoints[group->first + i] = (struct roster_endpoint){
                .group = g,
                .index = i,
                .partner = endpoint->partner,
                .role = endpoint->caller ? ROLE_CALLER : ROLE_CALLEE,
                .target = endpoint->uri,
                .account = arena_printf(build->arena, "sip:%s@%s", endpoint->account->username,
                                        registrar->domain),
            };
        }
    }
}
