#include "junit.h"

#include <string.h>
#include "evidence.h"

/* "examples/quickstart.yaml" is examples.quickstart: readers split classnames at dots. */
static const char *dotted(const struct result *result, const char *suite, struct arena *arena)
{
    const char *path = result->roster->spec && result->roster->spec[0] ? result->roster->spec
                                                                       : result->roster->name;
    struct text name = {0};
    path = path ? path : "cmtest";
    const char *end = strrchr(path, '.');
    size_t length = end && end > path && !strchr(end, '/') ? (size_t)(end - path) : strlen(path);
    for (size_t i = 0; i < length; i++) {
        bool between = path[i] == '/' || path[i] == '.';
        if (!between)
            text_add_bytes(&name, &path[i], 1);
        else if (name.length > 0 && name.data[name.length - 1] != '.')
            text_add(&name, ".");
    }
    const char *classname =
        arena_printf(arena, "%s.%s", name.length > 0 ? text_get(&name) : "cmtest", suite);
    text_fini(&name);
    return classname;
}

void junit_begin(const struct result *result, struct junit_suite *suite, const char *name,
                 size_t cases, struct arena *arena)
{
    const char *test = result->roster->name ? result->roster->name : "cmtest";
    *suite = (struct junit_suite){
        .name = arena_printf(arena, "%s.%s", test, name),
        .classname = dotted(result, name, arena),
        .cases = arena_array(arena, cases, sizeof(struct junit_case)),
    };
}

/* GitLab counts only the first of two cases with the same name. */
const char *junit_unique(const struct junit_suite *suite, const char *name, struct arena *arena)
{
    const char *candidate = name;
    for (unsigned number = 2;; number++) {
        size_t i = 0;
        while (i < suite->case_count && strcmp(suite->cases[i].name, candidate) != 0)
            i++;
        if (i == suite->case_count)
            return candidate;
        candidate = arena_printf(arena, "%s (%u)", name, number);
    }
}

static void add_reason(const struct result *result, struct text *out)
{
    if (result->why[0])
        text_printf(out, "Why: %s\n", result->why);
    if (result->try_next[0])
        text_printf(out, "Try: %s\n", result->try_next);
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        if (i != result->diagnosis_told)
            text_printf(out, "Also: %s Try: %s\n", result->diagnoses[i].text,
                        result->diagnoses[i].next);
}

/* ---- thresholds ------------------------------------------------------------------------- */

static const char *figures(const struct judgement *judgement, struct arena *arena)
{
    struct text line = {0};
    char observed[64] = "";
    if (judgement->measured)
        threshold_format(judgement->threshold, judgement->observed, observed, sizeof(observed));
    text_printf(&line, "%s%s ", judgement->measured ? "observed " : "no data", observed);
    words_coverage(&line, judgement);
    if (words_note(judgement)[0])
        text_printf(&line, "; %s", words_note(judgement));
    const char *copy = arena_strdup(arena, text_get(&line));
    text_fini(&line);
    return copy;
}

static void end_threshold(const struct result *result, const struct judgement *judgement,
                          struct junit_case *each)
{
    each->ending = JUNIT_PASSED;
    if (result->verdict == VERDICT_ERROR) {
        each->ending = JUNIT_ERROR;
        each->type = result->interrupted ? "interrupted" : "could-not-run";
    } else if (judgement->threshold->warn) {
        return;
    } else if (judgement->verdict == VERDICT_FAIL) {
        each->ending = JUNIT_FAILED;
        each->type = judgement->measured ? "threshold" : "no-data";
    } else if (judgement->verdict != VERDICT_PASS) {
        each->ending = JUNIT_ERROR;
        each->type = "inconclusive";
    }
}

static void threshold_case(const struct result *result, struct junit_suite *suite,
                           const struct judgement *judgement, struct arena *arena)
{
    struct text body = {0};
    struct junit_case each = {
        .name = junit_unique(suite, judgement->threshold->text, arena),
        .line = judgement->threshold->line,
    };
    const char *figure = figures(judgement, arena);
    bool warning = judgement->threshold->warn && judgement->verdict != VERDICT_PASS;
    end_threshold(result, judgement, &each);
    each.message = arena_printf(arena, "%s: %s", judgement->threshold->text, figure);
    text_printf(&body, "%s\n", each.message);
    add_reason(result, &body);
    each.text = arena_strdup(arena, text_get(&body));
    each.output = arena_printf(arena, "%s%s\n", warning ? "warning: " : "", figure);
    suite->cases[suite->case_count++] = each;
    text_fini(&body);
}

/* When no threshold shows that the verdict is not a pass, a case of its own does. */
static void verdict_case(const struct result *result, struct junit_suite *suite,
                         struct arena *arena)
{
    struct text body = {0};
    bool failed = result->verdict == VERDICT_FAIL;
    struct junit_case each = {
        .name = junit_unique(suite, "verdict", arena),
        .ending = failed ? JUNIT_FAILED : JUNIT_ERROR,
        .type = verdict_name(result->verdict),
        .output = "",
    };
    each.message = arena_printf(arena, "%s: %s", verdict_name(result->verdict), result->why);
    text_printf(&body, "%s\n", each.message);
    if (result->try_next[0])
        text_printf(&body, "Try: %s\n", result->try_next);
    each.text = arena_strdup(arena, text_get(&body));
    suite->cases[suite->case_count++] = each;
    text_fini(&body);
}

void junit_thresholds(const struct result *result, struct junit_suite *suite, struct arena *arena)
{
    bool shown = result->verdict == VERDICT_PASS;
    junit_begin(result, suite, "thresholds", result->threshold_count + 1, arena);
    for (size_t i = 0; i < result->threshold_count; i++) {
        threshold_case(result, suite, &result->judgements[i], arena);
        shown |= suite->cases[i].ending != JUNIT_PASSED;
    }
    if (!shown)
        verdict_case(result, suite, arena);
}

/* ---- groups ----------------------------------------------------------------------------- */

static void add_endpoint(const struct result *result, uint32_t index,
                         const struct evidence_list *evidence, struct text *out)
{
    char name[96];
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct event_outcome *outcome = &endpoint->outcome;
    const char *account = result->roster->endpoints[index].account;
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    text_printf(out, "%s %s", name, outcome_name(outcome->outcome));
    if (outcome->status > 0)
        text_printf(out, outcome->reason[0] ? " %u " : " %u", outcome->status);
    words_clean(out, outcome->reason, CLEAN_TERMINAL);
    text_add(out, outcome->detail[0] ? ": " : "");
    words_clean(out, outcome->detail, CLEAN_TERMINAL);
    if (account)
        text_printf(out, "; account %s", account);
    if (endpoint->call_known && endpoint->call.call_id[0])
        text_printf(out, "; Call-ID %s", endpoint->call.call_id);
    const struct evidence *call = evidence_of(evidence, index);
    struct text path = {0};
    for (size_t i = 0; call && evidence_path(call, i, &path); i++)
        text_printf(out, "%s%s", i == 0 ? "; see " : ", ", text_get(&path));
    text_fini(&path);
    text_add(out, "\n");
}

static uint32_t list_failures(const struct result *result, const struct roster_group *group,
                              struct text *out)
{
    uint32_t failed = 0;
    struct evidence_list evidence;
    evidence_choose(&evidence, result);
    for (uint32_t i = group->first; i < group->first + group->count; i++) {
        if (outcome_severity(result->endpoints[i].outcome.outcome) <= 1)
            continue;
        if (failed++ < JUNIT_ENDPOINTS_MAX)
            add_endpoint(result, i, &evidence, out);
    }
    if (failed > JUNIT_ENDPOINTS_MAX)
        text_printf(out, "%u more\n", failed - JUNIT_ENDPOINTS_MAX);
    return failed;
}

static void group_case(const struct result *result, struct junit_suite *suite,
                       const struct roster_group *group, struct arena *arena)
{
    struct text list = {0};
    uint32_t failed = list_failures(result, group, &list);
    struct junit_case each = {
        .name = junit_unique(suite, group->name, arena),
        .time_ns = suite->time_ns,
        .message =
            arena_printf(arena, "%u of %u endpoints of group %s failed (registrar %s)", failed,
                         group->count, group->name, group->server ? group->server : "unknown"),
    };
    const char *text = arena_printf(arena, "%s\n%s", each.message, text_get(&list));
    each.text = text;
    each.output = "";
    if (failed > 0) {
        /* Failures that the thresholds allow are told, but do not make the gate red. */
        each.ending = result->verdict == VERDICT_PASS   ? JUNIT_PASSED
                      : result->verdict == VERDICT_FAIL ? JUNIT_FAILED
                                                        : JUNIT_ERROR;
        each.type = result->verdict == VERDICT_INCONCLUSIVE ? "inconclusive"
                    : result->verdict == VERDICT_ERROR      ? "could-not-run"
                                                            : "endpoints";
        if (each.ending == JUNIT_PASSED)
            each.output = text;
    } else {
        each.output = arena_printf(arena, "all %u endpoints of group %s ended well\n", group->count,
                                   group->name);
    }
    suite->cases[suite->case_count++] = each;
    text_fini(&list);
}

void junit_groups(const struct result *result, struct junit_suite *suite, struct arena *arena)
{
    junit_begin(result, suite, "groups", result->roster->group_count, arena);
    suite->time_ns = result->ended_ns - result->started_ns;
    for (uint32_t i = 0; i < result->roster->group_count; i++)
        group_case(result, suite, &result->roster->groups[i], arena);
}
