/* A case for each group: how many of its endpoints did not end well, and which. */
#include "junit.h"

static void add_endpoint(const struct junit_suite *suite, uint32_t index, struct text *out,
                         struct text *attached, unsigned *count)
{
    char name[96];
    const struct result *result = suite->result;
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct event_outcome *outcome = &endpoint->outcome;
    const char *account = result->roster->endpoints[index].account;
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    text_printf(out, "%s %s", name, outcome_name(outcome->outcome));
    words_answer(out, outcome);
    text_add(out, outcome->detail[0] ? ": " : "");
    words_clean(out, outcome->detail, CLEAN_TERMINAL);
    if (account)
        text_printf(out, "; account %s", account);
    if (endpoint->call_known && endpoint->call.call_id[0])
        text_printf(out, "; Call-ID %s", endpoint->call.call_id);
    junit_evidence(suite, index, out, attached, count);
    text_add(out, "\n");
}

static uint32_t list_failures(const struct junit_suite *suite, const struct roster_group *group,
                              struct text *out, struct text *attached)
{
    uint32_t failed = 0;
    unsigned count = 0;
    for (uint32_t i = group->first; i < group->first + group->count; i++) {
        if (outcome_severity(suite->result->endpoints[i].outcome.outcome) <= 1)
            continue;
        if (failed++ < JUNIT_ENDPOINTS_MAX)
            add_endpoint(suite, i, out, attached, &count);
    }
    if (failed > JUNIT_ENDPOINTS_MAX)
        text_printf(out, "%u more\n", failed - JUNIT_ENDPOINTS_MAX);
    return failed;
}

static void group_case(struct junit_suite *suite, const struct roster_group *group)
{
    struct text list = {0}, attached = {0};
    const struct result *result = suite->result;
    uint32_t failed = list_failures(suite, group, &list, &attached);
    struct junit_case *each = junit_add(suite, "groups", group->name);
    each->time_ns = result->ended_ns - result->started_ns;
    each->message =
        arena_printf(suite->arena, "%u of %u endpoints of group %s failed (registrar %s)", failed,
                     group->count, group->name, group->server ? group->server : "unknown");
    each->text = arena_printf(suite->arena, "%s\n%s", each->message, text_get(&list));
    if (failed > 0) {
        /* Failures that the thresholds allow are told, but do not make the gate red. */
        each->ending = result->verdict == VERDICT_PASS   ? JUNIT_PASSED
                       : result->verdict == VERDICT_FAIL ? JUNIT_FAILED
                                                         : JUNIT_ERROR;
        each->type = result->verdict == VERDICT_INCONCLUSIVE ? "inconclusive"
                     : result->verdict == VERDICT_ERROR      ? "could-not-run"
                                                             : "endpoints";
        each->output = each->ending == JUNIT_PASSED
                           ? each->text
                           : arena_strdup(suite->arena, text_get(&attached));
    } else {
        each->output = arena_printf(suite->arena, "all %u endpoints of group %s ended well\n",
                                    group->count, group->name);
    }
    text_fini(&list);
    text_fini(&attached);
}

void junit_groups(struct junit_suite *suite)
{
    for (uint32_t i = 0; i < suite->result->roster->group_count; i++)
        group_case(suite, &suite->result->roster->groups[i]);
}
