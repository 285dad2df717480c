#include "junit.h"

#include <stdint.h>
#include <string.h>

/* "examples/quickstart.yaml" is examples.quickstart: readers split classnames at dots, of which a
 * case ("loss=0.5%") brings none. */
const char *junit_package(const char *spec, const char *test, const char *label,
                          struct arena *arena)
{
    const char *path = spec && spec[0] ? spec : test;
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
    if (name.length == 0)
        text_add(&name, "cmtest");
    text_add(&name, label[0] ? "." : "");
    for (; *label; label++)
        text_add_bytes(&name, strchr("./", *label) ? "_" : label, 1);
    const char *package = arena_strdup(arena, text_get(&name));
    text_fini(&name);
    return package;
}

/* GitLab counts only the first of two cases with the same name. */
static const char *unique(const struct junit_suite *suite, const char *of, const char *name)
{
    const char *candidate = name;
    uintptr_t number = (uintptr_t)xmlHashLookup2(suite->names, BAD_CAST of, BAD_CAST name);
    for (number = number ? number : 1;
         xmlHashLookup2(suite->names, BAD_CAST of, BAD_CAST candidate);)
        candidate = arena_printf(suite->arena, "%s (%u)", name, (unsigned)++number);
    xmlHashUpdateEntry2(suite->names, BAD_CAST of, BAD_CAST name, (void *)number, NULL);
    if (candidate != name)
        xmlHashAddEntry2(suite->names, BAD_CAST of, BAD_CAST candidate, (void *)(uintptr_t)1);
    return candidate;
}

struct junit_case *junit_add(struct junit_suite *suite, const char *of, const char *name)
{
    struct junit_case *each = &suite->cases[suite->case_count++];
    *each = (struct junit_case){
        .name = unique(suite, of, name),
        .classname = arena_printf(suite->arena, "%s.%s", suite->package, of),
        .message = "",
        .text = "",
        .output = "",
    };
    return each;
}

void junit_evidence(const struct junit_suite *suite, uint32_t endpoint, struct text *out,
                    struct text *attached, unsigned *count)
{
    const struct evidence *call = evidence_of(&suite->evidence, endpoint);
    struct text path = {0};
    for (size_t i = 0; call && evidence_path(call, i, &path); i++) {
        text_printf(out, "%s%s", i == 0 ? "; see " : ", ", text_get(&path));
        if ((*count)++ < JUNIT_ATTACHMENTS_MAX)
            place_attach(suite->report, suite->run, text_get(&path), attached);
    }
    text_fini(&path);
}

/* ---- thresholds ------------------------------------------------------------------------- */

static void end_threshold(const struct result *result, const struct judgement *judgement,
                          struct junit_case *each)
{
    each->ending = JUNIT_PASSED;
    if (result->verdict == VERDICT_ERROR) {
        each->ending = JUNIT_ERROR;
        each->type = result->interrupted ? "interrupted" : "could-not-run";
    } else if (judgement->threshold->warn) {
        each->warning = judgement->verdict != VERDICT_PASS;
    } else if (judgement->verdict == VERDICT_FAIL) {
        each->ending = JUNIT_FAILED;
        each->type = judgement->measured ? "threshold" : "no-data";
    } else if (judgement->verdict != VERDICT_PASS) {
        each->ending = JUNIT_ERROR;
        each->type = "inconclusive";
    }
}

static void threshold_case(struct junit_suite *suite, const struct judgement *judgement)
{
    struct text figures = {0}, body = {0};
    struct junit_case *each = junit_add(suite, "thresholds", judgement->threshold->text);
    words_figures(&figures, judgement);
    each->line = judgement->threshold->line;
    end_threshold(suite->result, judgement, each);
    each->message =
        arena_printf(suite->arena, "%s: %s", judgement->threshold->text, text_get(&figures));
    text_printf(&body, "%s\n", each->message);
    if (each->ending != JUNIT_PASSED)
        words_advice(&body, suite->result);
    each->text = arena_strdup(suite->arena, text_get(&body));
    each->output =
        arena_printf(suite->arena, "%s%s\n", each->warning ? "warning: " : "", text_get(&figures));
    text_fini(&figures);
    text_fini(&body);
}

/* When no threshold shows that the verdict is not a pass, a case of its own does. */
static void verdict_case(struct junit_suite *suite)
{
    struct text body = {0};
    const struct result *result = suite->result;
    bool failed = result->verdict == VERDICT_FAIL;
    struct junit_case *each = junit_add(suite, "thresholds", "verdict");
    each->ending = failed ? JUNIT_FAILED : JUNIT_ERROR;
    each->type = verdict_name(result->verdict);
    each->message =
        arena_printf(suite->arena, "%s: %s", verdict_name(result->verdict), result->why);
    text_printf(&body, "%s\n", each->message);
    words_advice(&body, result);
    each->text = arena_strdup(suite->arena, text_get(&body));
    text_fini(&body);
}

static void thresholds(struct junit_suite *suite)
{
    bool shown = suite->result->verdict == VERDICT_PASS;
    for (size_t i = 0; i < suite->result->threshold_count; i++) {
        threshold_case(suite, &suite->result->judgements[i]);
        shown |= suite->cases[suite->case_count - 1].ending != JUNIT_PASSED;
    }
    if (!shown)
        verdict_case(suite);
}

/* ---- the run ---------------------------------------------------------------------------- */

/* A pass that took several attempts is never a plain one: the attempts are a case, in which Jenkins
 * sees the failures before it. */
static void attempts_case(struct junit_suite *suite)
{
    const struct report_run *run = suite->run;
    struct text message = {0}, body = {0};
    if (run->attempts < 2)
        return;
    struct junit_case *each = junit_add(suite, "run", "attempts");
    run_attempts(run, &message);
    each->message = arena_strdup(suite->arena, text_get(&message));
    text_printf(&body, "%s\n", each->message);
    for (unsigned i = 0; run->tried && i + 1 < run->attempts; i++)
        text_printf(&body, "attempt %u: %s\n", i + 1, run->tried[i]);
    each->text = arena_strdup(suite->arena, text_get(&body));
    each->type = "attempts";
    if (report_flaky(run)) {
        each->flaky = run->attempts - 1;
        each->output = each->text;
    } else {
        each->ending = suite->result->verdict == VERDICT_FAIL ? JUNIT_FAILED : JUNIT_ERROR;
    }
    text_fini(&message);
    text_fini(&body);
}

size_t junit_count(const struct junit_suite *suite, enum junit_ending ending)
{
    size_t found = 0;
    for (size_t i = 0; i < suite->case_count; i++)
        found += suite->cases[i].ending == ending;
    return found;
}

/* Moves the cases that are no pass before those that are, and leaves out what is too much. */
static void limit_cases(struct junit_suite *suite, size_t limit)
{
    size_t count = suite->case_count, kept = 0;
    limit = limit > 0 ? limit : 1;
    if (count <= limit)
        return;
    enum junit_ending rest = JUNIT_PASSED;
    struct junit_case *all = suite->cases;
    suite->cases = arena_array(suite->arena, limit, sizeof(*all));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < count; i++) {
            if ((all[i].ending == JUNIT_PASSED) != (round == 1))
                continue;
            if (kept + 1 < limit)
                suite->cases[kept++] = all[i];
            else if (rest != JUNIT_FAILED && all[i].ending != JUNIT_SKIPPED)
                rest = all[i].ending == JUNIT_PASSED ? rest : all[i].ending;
        }
    suite->case_count = kept;
    struct junit_case *last = junit_add(suite, "run", "cases that are left out");
    last->ending = rest;
    last->type = "left-out";
    last->message = arena_printf(suite->arena, "%zu more cases are in result.json", count - kept);
    last->text = arena_printf(suite->arena, "%s\n", last->message);
    last->output = rest == JUNIT_PASSED ? last->text : "";
}

void junit_collect(struct junit_suite *suite, const struct report *report, size_t index,
                   const struct run_title *title, size_t limit, struct arena *arena)
{
    const struct report_run *run = &report->runs[index];
    const struct roster *roster = run->result->roster;
    size_t capacity = run->result->threshold_count + roster->group_count + 4;
    struct text file = {0};
    for (uint32_t g = 0; g < roster->group_count; g++)
        capacity += roster->groups[g].step_count + (roster->groups[g].expected != NULL);
    place_spec(report, roster->spec, &file);
    *suite = (struct junit_suite){
        .report = report,
        .run = run,
        .result = run->result,
        .name = title->title,
        .package = junit_package(roster->spec, roster->name, title->label, arena),
        .file = roster->spec ? arena_strdup(arena, text_get(&file)) : NULL,
        .arena = arena,
        .names = xmlHashCreate((int)(capacity < 100000 ? capacity : 100000)),
        .cases = arena_array(arena, capacity, sizeof(struct junit_case)),
    };
    text_fini(&file);
    evidence_choose(&suite->evidence, run->result);
    thresholds(suite);
    junit_groups(suite);
    junit_steps(suite);
    attempts_case(suite);
    limit_cases(suite, limit);
    xmlHashFree(suite->names, NULL);
    suite->names = NULL;
}
