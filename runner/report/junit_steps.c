/* A case for each step of each group, and for how its calls were to end: was it so, and where not.
 */
#include "junit.h"

#include "step_words.h"

static void add_failure(const struct junit_suite *suite, const struct result_step_failure *failure,
                        struct text *out, struct text *attached, unsigned *count)
{
    char name[96];
    const struct result_endpoint *endpoint = &suite->result->endpoints[failure->endpoint];
    roster_endpoint_name(suite->result->roster, failure->endpoint, name, sizeof(name));
    text_printf(out, "%s", name);
    if (failure->action.status)
        text_printf(out, " %u", failure->action.status);
    text_add(out, ": ");
    step_failure(failure, out);
    if (endpoint->call_known && endpoint->call.call_id[0])
        text_printf(out, "; Call-ID %s", endpoint->call.call_id);
    junit_evidence(suite, failure->endpoint, out, attached, count);
    text_add(out, "\n");
}

static void end_case(const struct result *result, const struct result_step *step,
                     const char *attached, struct junit_case *each)
{
    each->ending = JUNIT_PASSED;
    each->output = each->text;
    if (step->failed && result->verdict != VERDICT_PASS) {
        each->ending = result->verdict == VERDICT_FAIL ? JUNIT_FAILED : JUNIT_ERROR;
        each->type = result->verdict == VERDICT_INCONCLUSIVE ? "inconclusive"
                     : result->verdict == VERDICT_ERROR      ? "could-not-run"
                                                             : "step";
        each->output = attached;
    } else if (!step->failed && !step->done) {
        each->ending = JUNIT_SKIPPED;
        each->output = "";
    }
}

static void step_case(struct junit_suite *suite, uint32_t group, uint32_t index)
{
    const struct roster_group *own = &suite->result->roster->groups[group];
    const struct result_step *step = result_step(suite->result, group, index);
    struct text words = {0}, attached = {0};
    unsigned count = 0;
    text_printf(&words, "%s: ", own->name);
    step_title(&own->steps[index], index, &words);
    struct junit_case *each =
        junit_add(suite, "scenario", arena_strdup(suite->arena, text_get(&words)));
    text_clear(&words);
    step_verdict(suite->result, group, index, &words);
    each->message = arena_strdup(suite->arena, text_get(&words));
    each->line = own->steps[index].line;
    text_printf(&words, "\n%llu done, %llu failed, %llu left out\n", (unsigned long long)step->done,
                (unsigned long long)step->failed, (unsigned long long)step->skipped);
    for (uint32_t i = 0; i < step->failure_count; i++)
        add_failure(suite, &step->failures[i], &words, &attached, &count);
    if (step->endpoints > step->failure_count)
        text_printf(&words, "%u more\n", step->endpoints - step->failure_count);
    each->text = arena_strdup(suite->arena, text_get(&words));
    end_case(suite->result, step, arena_strdup(suite->arena, text_get(&attached)), each);
    text_fini(&words);
    text_fini(&attached);
}

/* ---- what was expected of calls --------------------------------------------------------- */

static void add_unexpected(const struct result *result, uint32_t index, struct text *out)
{
    char name[96];
    const struct event_outcome *outcome = &result->endpoints[index].outcome;
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    text_printf(out, "%s", name);
    if (outcome->status)
        text_printf(out, " %u", outcome->status);
    text_add(out, ": ");
    words_clean(out, outcome->detail, CLEAN_TERMINAL);
    text_add(out, "\n");
}

/* An endpoint that failed in another way (no registration, a step) is no case of this. */
static void expected_case(struct junit_suite *suite, const struct roster_group *group)
{
    const struct result *result = suite->result;
    struct arena *arena = suite->arena;
    struct text list = {0};
    struct result_step counts = {0};
    for (uint32_t i = group->first; i < group->first + group->count; i++) {
        const struct event_outcome *outcome = &result->endpoints[i].outcome;
        bool otherwise = outcome->failure == FAILURE_EXPECTATION;
        /* Who had no call, for its partner failed, has shown nothing. */
        counts.done +=
            outcome_severity(outcome->outcome) == 0 && outcome->failure != FAILURE_PARTNER;
        counts.failed += otherwise;
        if (otherwise && counts.failed <= JUNIT_ENDPOINTS_MAX)
            add_unexpected(result, i, &list);
    }
    if (counts.failed > JUNIT_ENDPOINTS_MAX)
        text_printf(&list, "%llu more\n", (unsigned long long)counts.failed - JUNIT_ENDPOINTS_MAX);
    struct junit_case *each = junit_add(
        suite, "scenario", arena_printf(arena, "%s: expected %s", group->name, group->expected));
    each->message =
        counts.failed || counts.done
            ? arena_printf(arena, "%llu of %u endpoints of group %s were not as expected",
                           (unsigned long long)counts.failed, group->count, group->name)
            : arena_printf(arena, "no endpoint of group %s got so far", group->name);
    each->text = arena_printf(arena, "%s\n%s", each->message, text_get(&list));
    end_case(result, &counts, "", each);
    if (each->ending == JUNIT_FAILED)
        each->type = "expectation";
    text_fini(&list);
}

void junit_steps(struct junit_suite *suite)
{
    const struct roster *roster = suite->result->roster;
    for (uint32_t g = 0; g < roster->group_count; g++) {
        if (roster->groups[g].expected)
            expected_case(suite, &roster->groups[g]);
        for (uint32_t i = 0; i < roster->groups[g].step_count; i++)
            step_case(suite, g, i);
    }
}
