#include "runs.h"

#include <libxml/hash.h>
#include <stdint.h>
#include <string.h>
#include "words.h"

static int rank(enum verdict verdict)
{
    static const int ranks[] = {0, 2, 3, 1}; /* in the order of enum verdict */
    return ranks[verdict];
}

enum verdict report_verdict(const struct report *report)
{
    enum verdict worst = report->run_count > 0 ? VERDICT_PASS : VERDICT_ERROR;
    for (size_t i = 0; i < report->run_count; i++) {
        enum verdict verdict = report->runs[i].result->verdict;
        if (report->fail_on_flaky && report_flaky(&report->runs[i]))
            verdict = VERDICT_FAIL;
        worst = rank(verdict) > rank(worst) ? verdict : worst;
    }
    bool untold = report->skipped_count > 0 && worst == VERDICT_PASS;
    return untold || report->end != REPORT_COMPLETE ? VERDICT_ERROR : worst;
}

int report_exit_code(const struct report *report)
{
    static const int codes[] = {0, 1, 4, 5}; /* in the order of enum verdict */
    for (size_t i = 0; i < report->run_count; i++)
        if (report->runs[i].result->interrupted && report->end != REPORT_TIMED_OUT)
            return 130;
    return report->end == REPORT_INTERRUPTED ? 130 : codes[report_verdict(report)];
}

const char *report_end_name(enum report_end end)
{
    static const char *const names[] = {"complete", "timed-out", "interrupted"};
    return names[end];
}

bool report_flaky(const struct report_run *run)
{
    return run->attempts > 1 && run->result->verdict == VERDICT_PASS;
}

const char *run_word(const struct report_run *run)
{
    return report_flaky(run) ? "flaky" : verdict_name(run->result->verdict);
}

const char *verdict_heading(enum verdict verdict)
{
    static const char *const words[] = {"PASS", "FAIL", "ERROR", "INCONCLUSIVE"};
    return words[verdict];
}

const char *run_heading(const struct report_run *run)
{
    return report_flaky(run) ? "FLAKY" : verdict_heading(run->result->verdict);
}

void run_attempts(const struct report_run *run, struct text *out)
{
    if (report_flaky(run))
        text_printf(out, "flaky: passed at attempt %u of %u", run->attempts, run->attempts);
    else if (run->attempts > 1)
        text_printf(out, "%s at each of %u attempts", verdict_name(run->result->verdict),
                    run->attempts);
}

static const char *clean(const char *string, struct arena *arena)
{
    struct text words = {0};
    words_clean(&words, string, CLEAN_TERMINAL);
    const char *copy = arena_strdup(arena, text_get(&words));
    text_fini(&words);
    return copy;
}

bool run_names_case(const char *name, const char *case_name)
{
    size_t length = strlen(name), tail = strlen(case_name) + 2;
    return length > tail && name[length - 1] == ']' && name[length - tail] == '[' &&
           strncmp(name + length - tail + 1, case_name, tail - 2) == 0;
}

const struct run_title *run_titles(const struct report *report, struct arena *arena)
{
    size_t count = report->run_count + report->skipped_count;
    struct run_title *titles = arena_array(arena, count + 1, sizeof(*titles));
    xmlHashTablePtr seen = xmlHashCreate(64);
    for (size_t i = 0; seen && i < count; i++) {
        bool ran = i < report->run_count;
        const struct report_skip *skip = ran ? NULL : &report->skipped[i - report->run_count];
        const char *name = ran ? report->runs[i].result->roster->name : skip->name;
        const char *label = ran ? report->runs[i].case_name : skip->case_name;
        label = clean(label ? label : "", arena);
        const char *same = label;
        name = clean(name && name[0] ? name : "cmtest", arena);
        const char *title = label[0] && !run_names_case(name, label)
                                ? arena_printf(arena, "%s [%s]", name, label)
                                : name,
                   *first = title;
        uintptr_t number = (uintptr_t)xmlHashLookup(seen, BAD_CAST first);
        for (number = number ? number : 1; xmlHashLookup(seen, BAD_CAST title);) {
            label = arena_printf(arena, "%s%s(%u)", same, same[0] ? " " : "", (unsigned)++number);
            title = arena_printf(arena, "%s (%u)", first, (unsigned)number);
        }
        xmlHashUpdateEntry(seen, BAD_CAST first, (void *)number, NULL);
        xmlHashUpdateEntry(seen, BAD_CAST title, (void *)number, NULL);
        titles[i] = (struct run_title){name, label, title};
    }
    if (seen)
        xmlHashFree(seen, NULL);
    return titles;
}

struct run_counts run_count(const struct result *result)
{
    struct run_counts counts = {.thresholds = result->threshold_count,
                                .endpoints = result->roster->endpoint_count};
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct judgement *judgement = &result->judgements[i];
        if (result->verdict == VERDICT_ERROR || judgement->verdict == VERDICT_PASS)
            continue;
        if (judgement->threshold->warn)
            counts.warned++;
        else if (judgement->verdict == VERDICT_FAIL)
            counts.failed++;
        else
            counts.undecided++;
    }
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        counts.endpoints_failed += outcome_severity(result->endpoints[i].outcome.outcome) > 1;
    return counts;
}
