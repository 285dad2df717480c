#include "problem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "place.h"
#include "runs.h"
#include "step_words.h"
#include "words.h"

const struct problem_rule problem_rules[] = {
    {"could-not-run", "The test could not run",
     "Nothing was judged: the test was interrupted, or what it needs was not there."},
    {"inconclusive", "This machine was the limit",
     "What was measured says nothing about the system under test, for the machine that ran the "
     "test was too slow for it."},
    {"threshold", "A threshold was missed", "The figure that was measured is beyond the limit."},
    {"no-data", "There is nothing to judge a threshold by",
     "No sample, or too few of them: no data never passes."},
    {"step", "A step of a scenario failed", "What was expected of a step was not what was seen."},
    {"verdict", "The test failed", "No threshold tells why: see the report."},
    {"flaky", "A test passed only when it was tried again",
     "One and the same test failed and passed: it is not reliable, or what it tests is not."},
    {"skipped", "A test did not run",
     "It was chosen, but the invocation ended before it, or a failure before it ended it."},
    {0}};

struct collection {
    const struct report *report;
    struct arena *arena;
    struct problems *problems;
    const struct report_run *run; /* the one that is looked at */
    const char *title, *file;
    bool warnings; /* the round: errors, then warnings */
};

static const char *advice(const struct result *result, struct arena *arena)
{
    struct text out = {0};
    words_advice(&out, result);
    const char *copy = arena_strdup(arena, text_get(&out));
    text_fini(&out);
    return copy;
}

/* FNV-1a. The line is no part of it: a test keeps its name when lines are added above it. */
static void set_fingerprint(struct problem *problem, const struct problems *problems)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const char *const parts[] = {problem->file, problem->rule, problem->title};
    for (size_t i = 0; i < 3; i++)
        for (const char *at = parts[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
            if (!*at)
                break;
        }
    for (bool taken = true; taken; hash += taken) {
        taken = false;
        snprintf(problem->fingerprint, sizeof(problem->fingerprint), "%016" PRIx64, hash);
        for (size_t i = 0; i < problems->count && !taken; i++)
            taken = strcmp(problems->list[i].fingerprint, problem->fingerprint) == 0;
    }
}

static void add(struct collection *to, const char *rule, bool warning, int line, const char *what,
                const char *message)
{
    struct problems *problems = to->problems;
    if (warning != to->warnings)
        return;
    if (problems->count == PROBLEMS_MAX) {
        problems->left_out++;
        return;
    }
    struct problem problem = {
        .rule = rule,
        .warning = warning,
        .file = to->file,
        .line = line,
        .title = what[0] ? arena_printf(to->arena, "%s (%s)", what, to->title) : to->title,
        .message = message,
        .advice = warning || !to->run ? "" : advice(to->run->result, to->arena),
    };
    set_fingerprint(&problem, problems);
    problems->list[problems->count++] = problem;
}

static void add_threshold(struct collection *to, const struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    struct text message = {0};
    if (judgement->verdict == VERDICT_PASS)
        return;
    text_printf(&message, "%s: ", threshold->text);
    words_figures(&message, judgement);
    const char *rule = judgement->verdict != VERDICT_FAIL ? "inconclusive"
                       : judgement->measured              ? "threshold"
                                                          : "no-data";
    add(to, rule, threshold->warn, threshold->line, threshold->text,
        arena_strdup(to->arena, text_get(&message)));
    text_fini(&message);
}

static void add_step(struct collection *to, uint32_t group, uint32_t index)
{
    const struct result *result = to->run->result;
    const struct roster_step *step = &result->roster->groups[group].steps[index];
    const struct result_step *seen = result_step(result, group, index);
    struct text what = {0}, message = {0};
    char name[96];
    if (!seen->failed)
        return;
    text_printf(&what, "%s: ", result->roster->groups[group].name);
    step_title(step, index, &what);
    step_verdict(result, group, index, &message);
    if (seen->failure_count > 0) {
        roster_endpoint_name(result->roster, seen->failures[0].endpoint, name, sizeof(name));
        text_printf(&message, "; %s: ", name);
        step_failure(&seen->failures[0], &message);
    }
    /* Failures that the thresholds allow are told, but are not why it is red. */
    add(to, "step", result->verdict == VERDICT_PASS, step->line,
        arena_strdup(to->arena, text_get(&what)), arena_strdup(to->arena, text_get(&message)));
    text_fini(&what);
    text_fini(&message);
}

static void add_flaky(struct collection *to)
{
    struct text message = {0};
    run_attempts(to->run, &message);
    for (unsigned i = 0; to->run->tried && i + 1 < to->run->attempts; i++)
        text_printf(&message, "; attempt %u: %s", i + 1, to->run->tried[i]);
    add(to, "flaky", true, 0, "", arena_strdup(to->arena, text_get(&message)));
    text_fini(&message);
}

static void add_run(struct collection *to)
{
    const struct result *result = to->run->result;
    const char *why = arena_printf(to->arena, "%s: %s", verdict_name(result->verdict), result->why);
    size_t before = to->problems->count + to->problems->left_out;
    if (result->verdict == VERDICT_ERROR) {
        add(to, "could-not-run", false, 0, "", why);
        return;
    }
    for (size_t i = 0; i < result->threshold_count; i++)
        add_threshold(to, &result->judgements[i]);
    for (uint32_t g = 0; g < result->roster->group_count; g++)
        for (uint32_t i = 0; i < result->roster->groups[g].step_count; i++)
            add_step(to, g, i);
    if (report_flaky(to->run))
        add_flaky(to);
    if (result->verdict != VERDICT_PASS && before == to->problems->count + to->problems->left_out)
        add(to, result->verdict == VERDICT_INCONCLUSIVE ? "inconclusive" : "verdict", false, 0, "",
            why);
}

void problems_collect(const struct report *report, struct arena *arena, struct problems *problems)
{
    const struct run_title *titles = run_titles(report, arena);
    struct collection to = {.report = report, .arena = arena, .problems = problems};
    *problems = (struct problems){arena_array(arena, PROBLEMS_MAX, sizeof(struct problem)), 0, 0};
    for (int round = 0; round < 2; round++) {
        to.warnings = round == 1;
        for (size_t i = 0; i < report->run_count + report->skipped_count; i++) {
            bool ran = i < report->run_count;
            const struct report_skip *skip = ran ? NULL : &report->skipped[i - report->run_count];
            struct text file = {0};
            to.run = ran ? &report->runs[i] : NULL;
            to.title = titles[i].title;
            place_spec(report, ran ? to.run->result->roster->spec : skip->spec, &file);
            to.file = arena_strdup(arena, text_get(&file));
            text_fini(&file);
            if (ran)
                add_run(&to);
            else
                add(&to, "skipped", true, 0, "", arena_printf(arena, "did not run: %s", skip->why));
        }
    }
}
