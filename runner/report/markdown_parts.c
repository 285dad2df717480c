#include "markdown_parts.h"

#include <inttypes.h>
#include <string.h>
#include "evidence.h"
#include "step_words.h"
#include "words.h"

enum { THRESHOLDS_MAX = 200, STEPS_MAX = 10, ENDPOINTS_MAX = 50 };

/* ---- why -------------------------------------------------------------------------------- */

static void add_line(struct text *out, const char *label, const char *words)
{
    if (!words[0])
        return;
    text_printf(out, "\n**%s:** ", label);
    markdown_text(out, words);
    text_add(out, "\n");
}

static void add_attempts(const struct report_run *run, struct text *out)
{
    struct text words = {0};
    if (run->attempts < 2)
        return;
    run_attempts(run, &words);
    add_line(out, "Attempts", text_get(&words));
    text_add(out, run->tried ? "\n" : "");
    for (unsigned i = 0; run->tried && i + 1 < run->attempts; i++) {
        text_printf(out, "%u. ", i + 1);
        markdown_text(out, run->tried[i]);
        text_add(out, "\n");
    }
    text_fini(&words);
}

void markdown_reasons(const struct report_run *run, struct text *out)
{
    const struct result *result = run->result;
    add_attempts(run, out);
    add_line(out, "Why", result->why);
    add_line(out, "Try", result->try_next);
    struct text remote = {0};
    words_remote(&remote, result);
    add_line(out, "Platform", text_get(&remote));
    text_fini(&remote);
    for (uint32_t i = 0; i < result->limit_count; i++) {
        struct text words = {0};
        if (i == result->limit_told)
            continue;
        words_limit(&words, &result->limits[i]);
        add_line(out, result->limits[i].decisive ? "Limit of this machine" : "Near a limit",
                 text_get(&words));
        text_fini(&words);
    }
}

/* ---- thresholds ------------------------------------------------------------------------- */

static const char *word(const struct result *result, const struct judgement *judgement)
{
    if (judgement->verdict == VERDICT_PASS)
        return "pass";
    if (result->verdict == VERDICT_ERROR)
        return "not judged";
    if (judgement->threshold->warn)
        return "warning";
    return judgement->verdict == VERDICT_FAIL ? "**FAIL**" : "undecided";
}

static void add_limit(struct text *out, const struct threshold *threshold)
{
    static const char *const signs[] = {
        [COMPARE_GE] = ">=", [COMPARE_LE] = "<=", [COMPARE_GT] = ">",
        [COMPARE_LT] = "<",  [COMPARE_EQ] = "==", [COMPARE_NE] = "!="};
    char limit[64];
    struct text words = {0};
    threshold_format(threshold, threshold->limit, limit, sizeof(limit));
    text_printf(&words, "%s %s", signs[threshold->comparison], limit);
    markdown_text(out, text_get(&words));
    text_fini(&words);
}

static void add_judgement(const struct result *result, const struct judgement *judgement,
                          struct text *out)
{
    char observed[64] = "no data";
    struct text coverage = {0};
    if (judgement->measured)
        threshold_format(judgement->threshold, judgement->observed, observed, sizeof(observed));
    words_coverage(&coverage, judgement);
    text_printf(out, "| %s | ", word(result, judgement));
    markdown_code(out, judgement->threshold->text, true);
    text_add(out, " | ");
    markdown_text(out, observed);
    text_add(out, " | ");
    add_limit(out, judgement->threshold);
    text_add(out, " | ");
    /* Without the parentheses. */
    if (coverage.length > 1)
        coverage.data[--coverage.length] = '\0';
    markdown_text(out, coverage.length > 0 ? text_get(&coverage) + 1 : "");
    if (words_note(judgement)[0]) {
        text_add(out, coverage.length > 0 ? "; " : "");
        markdown_text(out, words_note(judgement));
    }
    text_add(out, " |\n");
    text_fini(&coverage);
}

void markdown_thresholds(const struct result *result, struct text *out)
{
    size_t shown = 0;
    if (result->threshold_count == 0)
        return;
    text_add(out, "\n| Verdict | Threshold | Observed | Limit | Samples and coverage |\n"
                  "|---|---|---:|---:|---|\n");
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < result->threshold_count && shown < THRESHOLDS_MAX; i++)
            if ((result->judgements[i].verdict == VERDICT_PASS) == (round == 1)) {
                add_judgement(result, &result->judgements[i], out);
                shown++;
            }
    if (shown < result->threshold_count)
        text_printf(out, "\n%zu more thresholds are in result.json.\n",
                    result->threshold_count - shown);
    text_add(out, "\n");
}

/* ---- steps, diagnoses ------------------------------------------------------------------- */

static void add_step(const struct result *result, uint32_t group, uint32_t index, struct text *out)
{
    char name[96];
    struct text words = {0};
    const struct result_step *step = result_step(result, group, index);
    step_verdict(result, group, index, &words);
    if (step->failure_count > 0) {
        roster_endpoint_name(result->roster, step->failures[0].endpoint, name, sizeof(name));
        text_printf(&words, ". %s: ", name);
        step_failure(&step->failures[0], &words);
    }
    text_add(out, "- ");
    markdown_text(out, text_get(&words));
    text_add(out, "\n");
    text_fini(&words);
}

void markdown_steps(const struct result *result, struct text *out)
{
    struct step_counts counts = step_count_all(result);
    unsigned failed = 0;
    if (counts.done + counts.failed + counts.skipped == 0)
        return;
    text_printf(out, "\nSteps: %" PRIu64 " done, %" PRIu64 " failed, %" PRIu64 " left out\n\n",
                counts.done, counts.failed, counts.skipped);
    for (uint32_t g = 0; g < result->roster->group_count; g++)
        for (uint32_t i = 0; i < result->roster->groups[g].step_count; i++)
            if (result_step(result, g, i)->failed && failed++ < STEPS_MAX)
                add_step(result, g, i, out);
    if (failed > STEPS_MAX)
        text_printf(out, "- and %u more steps\n", failed - STEPS_MAX);
}

void markdown_diagnoses(const struct result *result, struct text *out)
{
    bool any = false;
    for (uint32_t i = 0; i < result->diagnosis_count; i++) {
        const struct result_diagnosis *each = &result->diagnoses[i];
        if (i == result->diagnosis_told)
            continue;
        text_add(out, any ? "- " : "\nAlso:\n\n- ");
        markdown_text(out, each->text);
        if (each->next[0]) {
            text_add(out, " Try: ");
            markdown_text(out, each->next);
        }
        text_add(out, "\n");
        any = true;
    }
    if (result->diagnoses_dropped > 0)
        text_printf(out, "%s and %u more\n", any ? "-" : "\nAlso", result->diagnoses_dropped);
}

/* ---- endpoints -------------------------------------------------------------------------- */

static void add_endpoint(const struct report_run *run, const struct evidence_list *list,
                         uint32_t index, struct text *out)
{
    char name[96];
    struct text answer = {0}, path = {0};
    const struct result_endpoint *endpoint = &run->result->endpoints[index];
    const struct evidence *call = evidence_of(list, index);
    roster_endpoint_name(run->result->roster, index, name, sizeof(name));
    words_answer(&answer, &endpoint->outcome);
    text_add(out, "| ");
    markdown_text(out, name);
    text_printf(out, " | `%s` | ", outcome_name(endpoint->outcome.outcome));
    markdown_text(out, answer.length > 0 ? text_get(&answer) + 1 : "");
    text_add(out, " | ");
    markdown_text(out, endpoint->outcome.detail);
    text_add(out, " | ");
    if (endpoint->call_known && endpoint->call.call_id[0])
        markdown_code(out, endpoint->call.call_id, true);
    text_add(out, " | ");
    if (call && run->folder && run->folder[0])
        text_printf(&path, "%s/", run->folder);
    if (call) {
        struct text file = {0};
        text_add(&path, evidence_path(call, 0, &file));
        markdown_code(out, text_get(&path), true);
        text_fini(&file);
    }
    text_add(out, " |\n");
    text_fini(&answer);
    text_fini(&path);
}

void markdown_endpoints(const struct report_run *run, struct text *out)
{
    const struct result *result = run->result;
    const uint32_t failed = run_count(result).endpoints_failed;
    struct evidence_list list;
    uint32_t shown = 0;
    if (failed == 0)
        return;
    evidence_choose(&list, result);
    text_printf(out,
                "\n<details><summary>%u of %u endpoints did not end well</summary>\n\n"
                "| Endpoint | Outcome | Answer | Detail | Call-ID | Evidence |\n"
                "|---|---|---|---|---|---|\n",
                failed, result->roster->endpoint_count);
    for (uint32_t i = 0; i < result->roster->endpoint_count && shown < ENDPOINTS_MAX; i++)
        if (outcome_severity(result->endpoints[i].outcome.outcome) > 1) {
            add_endpoint(run, &list, i, out);
            shown++;
        }
    if (failed > shown)
        text_printf(out, "\n%u more are in result.json.\n", failed - shown);
    text_add(out, "\n</details>\n\n");
}
