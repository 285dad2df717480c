/* What several writers say of a result in the same words. */
#include "words.h"

#include <string.h>

void words_figures(struct text *out, const struct judgement *judgement)
{
    char observed[64] = "";
    if (judgement->measured)
        threshold_format(judgement->threshold, judgement->observed, observed, sizeof(observed));
    text_printf(out, "%s%s", judgement->measured ? "observed " : "no data", observed);
    struct text coverage = {0};
    words_coverage(&coverage, judgement);
    text_printf(out, "%s%s", coverage.length > 0 ? " " : "", text_get(&coverage));
    text_fini(&coverage);
    if (words_note(judgement)[0])
        text_printf(out, "; %s", words_note(judgement));
}

void words_advice(struct text *out, const struct result *result)
{
    if (result->why[0])
        text_printf(out, "Why: %s\n", result->why);
    if (result->try_next[0])
        text_printf(out, "Try: %s\n", result->try_next);
    for (uint32_t i = 0; i < result->limit_count; i++) {
        if (i == result->limit_told)
            continue;
        text_add(out, result->limits[i].decisive ? "Limit: " : "Near a limit: ");
        words_limit(out, &result->limits[i]);
        text_add(out, "\n");
    }
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        if (i != result->diagnosis_told)
            text_printf(out, "Also: %s Try: %s\n", result->diagnoses[i].text,
                        result->diagnoses[i].next);
}

void words_github(struct text *out, const char *string, bool property)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_XML);
    for (const char *bytes = text_get(&clean); *bytes; bytes++)
        if (strchr("%\r\n", *bytes) || (property && strchr(":,", *bytes)))
            text_printf(out, "%%%02X", (unsigned char)*bytes);
        else if ((unsigned char)*bytes < 0x20 || *bytes == 0x7f)
            text_add(out, "?");
        else
            text_add_bytes(out, bytes, 1);
    text_fini(&clean);
}

void words_answer(struct text *out, const struct event_outcome *outcome)
{
    if (outcome->status > 0)
        text_printf(out, outcome->reason[0] ? " %u " : " %u", outcome->status);
    words_clean(out, outcome->reason, CLEAN_TERMINAL);
}

/* They are written without a full stop by some, and end in a command by others. */
static void add_sentence(struct text *out, const char *words)
{
    size_t length = strlen(words);
    text_printf(out, "%s%s", words, length > 0 && words[length - 1] != '.' ? "." : "");
}

void words_limit(struct text *out, const struct result_limit *limit)
{
    text_printf(out, "%s: ", limit->resource);
    add_sentence(out, limit->text);
    if (limit->fits > 0) {
        text_add(out, " This machine carries about ");
        words_thousands(out, limit->fits);
        text_printf(out, " endpoint%s of this test.", limit->fits == 1 ? "" : "s");
    }
    text_add(out, limit->next[0] ? " Try: " : "");
    add_sentence(out, limit->next);
}

static void add_judged(struct text *out, const struct result *result)
{
    size_t missed = 0, open = 0, warned = 0, total = result->threshold_count;
    for (size_t i = 0; i < total; i++) {
        const struct judgement *judgement = &result->judgements[i];
        if (judgement->verdict == VERDICT_PASS)
            continue;
        if (judgement->threshold->warn)
            warned++;
        else if (judgement->verdict == VERDICT_FAIL)
            missed++;
        else
            open++;
    }
    /* An error is no judgement: its misses are a consequence. */
    bool judged = result->verdict != VERDICT_ERROR;
    if (judged && missed > 0)
        text_printf(out, "%zu of %zu threshold%s failed", missed, total, total == 1 ? "" : "s");
    else if (judged && open > 0)
        text_printf(out, "%zu of %zu threshold%s undecided", open, total, total == 1 ? "" : "s");
    else
        text_printf(out, "%zu threshold%s", total, total == 1 ? "" : "s");
    if (warned > 0)
        text_printf(out, ", %zu warning%s", warned, warned == 1 ? "" : "s");
}

void words_totals(struct text *out, const struct result *result)
{
    add_judged(out, result);
    text_printf(out, ", %u endpoint%s, ", result->roster->endpoint_count,
                result->roster->endpoint_count == 1 ? "" : "s");
    int64_t tenths = (result->ended_ns - result->started_ns) / 100000000;
    tenths = tenths < 0 ? 0 : tenths;
    if (tenths < 100)
        text_printf(out, "%lld.%lld s", (long long)(tenths / 10), (long long)(tenths % 10));
    else
        text_printf(out, "%lld s", (long long)((tenths + 5) / 10));
}
