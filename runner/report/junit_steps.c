/* A case for each step of each group, and for how its calls were to end: was it so, and where not.
 */
#include "junit.h"

#include "evidence.h"
#include "step_words.h"

static void add_failure(const struct result *result, const struct result_step_failure *failure,
                        const struct evidence_list *evidence, struct text *out)
{
    char name[96];
    const struct result_endpoint *endpoint = &result->endpoints[failure->endpoint];
    roster_endpoint_name(result->roster, failure->endpoint, name, sizeof(name));
    text_printf(out, "%s", name);
    if (failure->action.status)
        text_printf(out, " %u", failure->action.status);
    text_add(out, ": ");
    step_failure(failure, out);
    if (endpoint->call_known && endpoint->call.call_id[0])
        text_printf(out, "; Call-ID %s", endpoint->call.call_id);
    const struct evidence *call = evidence_of(evidence, failure->endpoint);
    struct text path = {0};
    for (size_t i = 0; call && evidence_path(call, i, &path); i++)
        text_printf(out, "%s%s", i == 0 ? "; see " : ", ", text_get(&path));
    text_fini(&path);
    text_add(out, "\n");
}

static void end_case(const struct result *result, const struct result_step *step,
                     struct junit_case *each)
{
    each->ending = JUNIT_PASSED;
    each->output = each->text;
    if (step->failed && result->verdict != VERDICT_PASS) {
        each->ending = result->verdict == VERDICT_FAIL ? JUNIT_FAILED : JUNIT_ERROR;
        each->type = result->verdict == VERDICT_INCONCLUSIVE ? "inconclusive"
                     : result->verdict == VERDICT_ERROR      ? "could-not-run"
                                                             : "step";
        each->output = "";
    } else if (!step->failed && !step->done) {
        each->ending = JUNIT_SKIPPED;
        each->output = "";
    }
}

static void step_case(const struct result *result, struct junit_suite *suite, uint32_t group,
                      uint32_t index, const struct evidence_list *evidence, struct arena *arena)
{
    const struct roster_group *own = &result->roster->groups[group];
    const struct result_step *step = result_step(result, group, index);
    struct text name = {0}, words = {0};
    text_printf(&name, "%s: ", own->name);
    step_title(&own->steps[index], index, &name);
    step_verdict(result, group, index, &words);
    struct junit_case each = {
        .name = junit_unique(suite, arena_strdup(arena, text_get(&name)), arena),
        .message = arena_strdup(arena, text_get(&words)),
        .line = own->steps[index].line,
    };
    text_printf(&words, "\n%llu done, %llu failed, %llu left out\n", (unsigned long long)step->done,
                (unsigned long long)step->failed, (unsigned long long)step->skipped);
    for (uint32_t i = 0; i < step->failure_count; i++)
        add_failure(result, &step->failures[i], evidence, &words);
    if (step->endpoints > step->failure_count)
        text_printf(&words, "%u more\n", step->endpoints - step->failure_count);
    each.text = arena_strdup(arena, text_get(&words));
    end_case(result, step, &each);
    suite->cases[suite->case_count++] = each;
    text_fini(&name);
    text_fini(&words);
}

/* ---- what was expected of calls
 * ------------------------------------------------------------------- */

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
static void expected_case(const struct result *result, struct junit_suite *suite,
                          const struct roster_group *group, struct arena *arena)
{
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
    struct junit_case each = {
        .name = junit_unique(
            suite, arena_printf(arena, "%s: expected %s", group->name, group->expected), arena),
        .message =
            counts.failed || counts.done
                ? arena_printf(arena, "%llu of %u endpoints of group %s were not as expected",
                               (unsigned long long)counts.failed, group->count, group->name)
                : arena_printf(arena, "no endpoint of group %s got so far", group->name),
    };
    each.text = arena_printf(arena, "%s\n%s", each.message, text_get(&list));
    end_case(result, &counts, &each);
    if (each.ending == JUNIT_FAILED)
        each.type = "expectation";
    suite->cases[suite->case_count++] = each;
    text_fini(&list);
}

void junit_steps(const struct result *result, struct junit_suite *suite, struct arena *arena)
{
    const struct roster *roster = result->roster;
    struct evidence_list evidence;
    size_t count = 0;
    for (uint32_t g = 0; g < roster->group_count; g++)
        count += roster->groups[g].step_count + (roster->groups[g].expected != NULL);
    junit_begin(result, suite, "scenario", count, arena);
    evidence_choose(&evidence, result);
    for (uint32_t g = 0; g < roster->group_count; g++) {
        if (roster->groups[g].expected)
            expected_case(result, suite, &roster->groups[g], arena);
        for (uint32_t i = 0; i < roster->groups[g].step_count; i++)
            step_case(result, suite, g, i, &evidence, arena);
    }
}
