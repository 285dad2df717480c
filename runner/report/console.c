#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/report.h"
#include "evidence.h"
#include "runs.h"
#include "step_words.h"
#include "words.h"

#define INDENT 2
#define WIDTH_MIN 24

enum paint { PAINT_NONE, PAINT_GREEN, PAINT_RED, PAINT_YELLOW, PAINT_DIM };

struct page {
    struct text *out;
    size_t width;
    bool color, symbols;
};

/* Columns that UTF-8 text takes; wide and combining characters are counted as one. */
static size_t columns_in(const char *bytes, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return columns;
}

static size_t columns_of(const char *string)
{
    return columns_in(string, strlen(string));
}

static void put_bytes(struct page *page, enum paint paint, const char *bytes, size_t length)
{
    static const char *const codes[] = {"", "\033[1;32m", "\033[1;31m", "\033[1;33m", "\033[2m"};
    bool painted = page->color && paint != PAINT_NONE;
    text_add(page->out, painted ? codes[paint] : "");
    text_add_bytes(page->out, bytes, length);
    text_add(page->out, painted ? "\033[0m" : "");
}

static void put(struct page *page, enum paint paint, const char *string)
{
    put_bytes(page, paint, string, strlen(string));
}

static void put_spaces(struct page *page, size_t count)
{
    while (count-- > 0)
        text_add(page->out, " ");
}

/* Words from column `at` on, continued at column `indent`; a word that does not fit alone is not
 * broken, so that addresses and Call-IDs can be copied. */
static void put_wrapped(struct page *page, const char *string, size_t at, size_t indent,
                        enum paint paint)
{
    bool fresh = true;
    while (*string != '\0') {
        size_t length = strcspn(string, " ");
        size_t columns = columns_in(string, length);
        if (!fresh && at + 1 + columns > page->width) {
            text_add(page->out, "\n");
            put_spaces(page, indent);
            at = indent;
        } else if (!fresh) {
            text_add(page->out, " ");
            at++;
        }
        put_bytes(page, paint, string, length);
        at += columns;
        fresh = false;
        string += length;
        string += strspn(string, " ");
    }
    text_add(page->out, "\n");
}

/* ---- the head --------------------------------------------------------------------------- */

static enum paint verdict_paint(enum verdict verdict)
{
    return verdict == VERDICT_PASS           ? PAINT_GREEN
           : verdict == VERDICT_INCONCLUSIVE ? PAINT_YELLOW
                                             : PAINT_RED;
}

static void put_head(struct page *page, const struct report_run *run)
{
    const struct result *result = run->result;
    const char *verdict = run_heading(run);
    struct text name = {0}, summary = {0};
    words_clean(&name, result->roster->name ? result->roster->name : "", CLEAN_TERMINAL);
    if (run->case_name && !run_names_case(text_get(&name), run->case_name)) {
        text_add(&name, " [");
        words_clean(&name, run->case_name, CLEAN_TERMINAL);
        text_add(&name, "]");
    }
    words_totals(&summary, result);
    size_t left = strlen(verdict) + 2, right = columns_of(text_get(&summary));
    size_t middle = columns_of(text_get(&name));
    put(page, report_flaky(run) ? PAINT_YELLOW : verdict_paint(result->verdict), verdict);
    text_add(page->out, "  ");
    if (left + middle + 2 + right <= page->width) {
        text_add(page->out, text_get(&name));
        put_spaces(page, page->width - left - middle - right);
        text_printf(page->out, "%s\n", text_get(&summary));
    } else {
        put_wrapped(page, text_get(&name), left, left, PAINT_NONE);
        put_spaces(page, INDENT);
        put_wrapped(page, text_get(&summary), INDENT, INDENT, PAINT_NONE);
    }
    text_fini(&name);
    text_fini(&summary);
}

/* ---- the thresholds --------------------------------------------------------------------- */

struct line {
    const char *mark;
    enum paint paint;
    struct text text, observed, coverage, note;
};

struct widths {
    size_t mark, text, observed;
};

static void set_mark(const struct page *page, const struct judgement *judgement, struct line *line)
{
    static const struct {
        const char *symbol, *word;
        enum paint paint;
    } marks[] = {{"\xe2\x9c\x93", "pass", PAINT_GREEN},
                 {"\xe2\x9c\x97", "FAIL", PAINT_RED},
                 {"!", "warn", PAINT_YELLOW},
                 {"?", "undecided", PAINT_YELLOW}};
    size_t which = judgement->verdict == VERDICT_PASS   ? 0
                   : judgement->verdict == VERDICT_FAIL ? (judgement->threshold->warn ? 2 : 1)
                                                        : 3;
    line->mark = page->symbols ? marks[which].symbol : marks[which].word;
    line->paint = marks[which].paint;
}

static void line_init(const struct page *page, const struct judgement *judgement, struct line *line)
{
    char observed[64];
    *line = (struct line){0};
    set_mark(page, judgement, line);
    words_clean(&line->text, judgement->threshold->text, CLEAN_TERMINAL);
    if (judgement->measured)
        threshold_format(judgement->threshold, judgement->observed, observed, sizeof(observed));
    text_add(&line->observed, judgement->measured ? observed : "no data");
    words_coverage(&line->coverage, judgement);
    words_clean(&line->note, words_note(judgement), CLEAN_TERMINAL);
}

static void line_fini(struct line *line)
{
    text_fini(&line->text);
    text_fini(&line->observed);
    text_fini(&line->coverage);
    text_fini(&line->note);
}

static void widen(size_t *width, const char *string)
{
    size_t columns = columns_of(string);
    *width = columns > *width ? columns : *width;
}

/* Text and figure in columns, and the coverage beside them or, without room, below. */
static void put_columns(struct page *page, const struct line *line, const struct widths *widths)
{
    size_t indent = INDENT + widths->mark + 1;
    const char *text = text_get(&line->text), *observed = text_get(&line->observed);
    text_add(page->out, text);
    put_spaces(page, widths->text - columns_of(text) + 2 + widths->observed - columns_of(observed));
    text_add(page->out, observed);
    if (line->coverage.length > 0) {
        const char *coverage = text_get(&line->coverage);
        size_t at = indent + widths->text + 2 + widths->observed + 2;
        if (at + columns_of(coverage) > page->width) {
            text_add(page->out, "\n");
            put_spaces(page, indent);
        }
        text_add(page->out, "  ");
        put(page, PAINT_DIM, coverage);
    }
    text_add(page->out, "\n");
}

static void put_stacked(struct page *page, const struct line *line, size_t indent)
{
    struct text figures = {0};
    put_wrapped(page, text_get(&line->text), indent, indent + 2, PAINT_NONE);
    put_spaces(page, indent + 2);
    text_printf(&figures, "%s %s", text_get(&line->observed), text_get(&line->coverage));
    put_wrapped(page, text_get(&figures), indent + 2, indent + 2, PAINT_NONE);
    text_fini(&figures);
}

static void put_line(struct page *page, const struct line *line, const struct widths *widths)
{
    size_t indent = INDENT + widths->mark + 1;
    put_spaces(page, INDENT);
    put(page, line->paint, line->mark);
    put_spaces(page, widths->mark - columns_of(line->mark) + 1);
    if (indent + widths->text + 2 + widths->observed <= page->width)
        put_columns(page, line, widths);
    else
        put_stacked(page, line, indent);
    if (line->note.length > 0) {
        put_spaces(page, indent + 2);
        put_wrapped(page, text_get(&line->note), indent + 2, indent + 2, PAINT_DIM);
    }
}

static void put_thresholds(struct page *page, const struct result *result, struct arena *arena)
{
    size_t count = result->threshold_count;
    struct line *lines = arena_array(arena, count, sizeof(*lines));
    struct widths widths = {0};
    for (size_t i = 0; i < count; i++) {
        line_init(page, &result->judgements[i], &lines[i]);
        widen(&widths.mark, lines[i].mark);
        widen(&widths.text, text_get(&lines[i].text));
        widen(&widths.observed, text_get(&lines[i].observed));
    }
    if (count > 0)
        text_add(page->out, "\n");
    for (size_t i = 0; i < count; i++) {
        put_line(page, &lines[i], &widths);
        line_fini(&lines[i]);
    }
}

/* ---- the tail --------------------------------------------------------------------------- */

static void put_paragraph(struct page *page, const char *label, const char *bytes)
{
    struct text clean = {0};
    if (!bytes[0])
        return;
    words_clean(&clean, bytes, CLEAN_TERMINAL);
    text_printf(page->out, "%s ", label);
    size_t indent = strlen(label) + 1;
    put_wrapped(page, text_get(&clean), indent, indent, PAINT_NONE);
    text_fini(&clean);
}

/* Why the attempts before the last did not pass: a flaky test is to be looked at. */
static void put_attempts(struct page *page, const struct report_run *run)
{
    struct text words = {0};
    if (run->attempts < 2)
        return;
    run_attempts(run, &words);
    put_paragraph(page, "Attempts:", text_get(&words));
    for (unsigned i = 0; run->tried && i + 1 < run->attempts; i++) {
        text_clear(&words);
        text_printf(&words, "  %u:", i + 1);
        char label[24];
        text_copy(label, sizeof(label), text_get(&words));
        put_paragraph(page, label, run->tried[i]);
    }
    text_fini(&words);
}

static void put_limits(struct page *page, const struct result *result)
{
    for (uint32_t i = 0; i < result->limit_count; i++) {
        struct text words = {0};
        if (i == result->limit_told)
            continue;
        words_limit(&words, &result->limits[i]);
        put_paragraph(page,
                      result->limits[i].decisive ? "Limit:" : "Near a limit:", text_get(&words));
        text_fini(&words);
    }
}

/* ---- the steps of scenarios ------------------------------------------------------------- */

static void put_failed_step(struct page *page, const struct result *result, uint32_t group,
                            uint32_t index)
{
    char name[96];
    struct text words = {0}, clean = {0};
    const char *mark = page->symbols ? "\xe2\x9c\x97" : "FAIL";
    const struct result_step *step = result_step(result, group, index);
    size_t indent = INDENT + columns_of(mark) + 1;
    step_verdict(result, group, index, &words);
    words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
    put_spaces(page, INDENT);
    put(page, PAINT_RED, mark);
    text_add(page->out, " ");
    put_wrapped(page, text_get(&clean), indent, indent + 2, PAINT_NONE);
    text_fini(&clean);
    words.length = 0;
    roster_endpoint_name(result->roster, step->failures[0].endpoint, name, sizeof(name));
    text_printf(&words, "%s: ", name);
    step_failure(&step->failures[0], &words);
    words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
    put_spaces(page, indent + 2);
    put_wrapped(page, text_get(&clean), indent + 2, indent + 2, PAINT_DIM);
    text_fini(&clean);
    text_fini(&words);
}

static void put_steps(struct page *page, const struct result *result)
{
    enum { TOLD = 5 };
    struct step_counts counts = step_count_all(result);
    struct text line = {0};
    unsigned failed = 0;
    if (counts.done + counts.failed + counts.skipped == 0)
        return;
    words_thousands(&line, counts.done);
    text_add(&line, " done, ");
    words_thousands(&line, counts.failed);
    text_add(&line, " failed, ");
    words_thousands(&line, counts.skipped);
    text_add(&line, " left out");
    text_add(page->out, "\n");
    put_paragraph(page, "Steps:", text_get(&line));
    text_fini(&line);
    for (uint32_t g = 0; g < result->roster->group_count; g++)
        for (uint32_t i = 0; i < result->roster->groups[g].step_count; i++)
            if (result_step(result, g, i)->failed && failed++ < TOLD)
                put_failed_step(page, result, g, i);
    if (failed > TOLD)
        text_printf(page->out, "  and %u more\n", failed - TOLD);
}

/* What else is diagnosed: a few words each, the paragraphs are in result.json. */
static void put_others(struct page *page, const struct result *result)
{
    enum { TOLD = 3 };
    struct text others = {0};
    uint32_t count = 0;
    for (uint32_t i = 0; result->why[0] && i < result->diagnosis_count; i++) {
        const struct result_diagnosis *each = &result->diagnoses[i];
        if (i != result->diagnosis_told && count++ < TOLD)
            text_printf(&others, "%s%s (%u endpoint%s)", count > 1 ? ", " : "", each->rule->title,
                        each->count, each->count == 1 ? "" : "s");
    }
    count += result->why[0] ? result->diagnoses_dropped : 0;
    if (count > TOLD)
        text_printf(&others, " and %u more", count - TOLD);
    if (count > 0)
        put_paragraph(page, "Also:", text_get(&others));
    text_fini(&others);
}

/* In the folder of one of several runs are only those about one. */
static void put_reports(struct page *page, const struct report_run *run, const char *folder)
{
    const bool all = !run->folder || !run->folder[0];
    struct text paths = {0};
    for (size_t i = 0; report_formats[i]; i++)
        if (report_formats[i]->file && (all || report_formats[i]->single))
            text_printf(&paths, "%s%s", paths.length > 0 ? " " : "", report_formats[i]->file);
    struct text words = {0};
    text_printf(&words, "%s/: %s", folder, text_get(&paths));
    put_paragraph(page, "Reports:", text_get(&words));
    text_fini(&paths);
    text_fini(&words);
}

/* The one of the failure that Why tells of, else the worst. */
static const struct evidence *first_evidence(const struct result *result,
                                             const struct evidence_list *list)
{
    const struct evidence *told = NULL;
    if (result->diagnosis_told < result->diagnosis_count)
        told = evidence_of(list, result->diagnoses[result->diagnosis_told].first[0]);
    return told ? told : &list->calls[0];
}

static void put_evidence(struct page *page, const struct result *result, const char *folder)
{
    struct evidence_list list;
    struct text words = {0};
    evidence_choose(&list, result);
    if (list.count == 1)
        text_printf(&words, "%s/%s/%s.txt", folder, EVIDENCE_FOLDER, list.calls[0].name);
    else if (list.count > 1)
        text_printf(&words, "%s/%s: ", folder, EVIDENCE_FOLDER);
    if (list.left_out > 0)
        text_printf(&words, "the worst %u of %u calls", list.count, list.count + list.left_out);
    else if (list.count > 1)
        text_printf(&words, "%u calls", list.count);
    if (list.count > 1)
        text_printf(&words, ", first %s.txt", first_evidence(result, &list)->name);
    put_paragraph(page, "Evidence:", text_get(&words));
    text_fini(&words);
}

/* Whoever fails is told whether the generator was well. */
static void put_health(struct page *page, const struct result *result)
{
    struct text words = {0};
    if (result->verdict != VERDICT_PASS || result->limit_count)
        words_health(&words, result);
    put_paragraph(page, "Machine:", text_get(&words));
    text_fini(&words);
}

static void put_platform(struct page *page, const struct result *result)
{
    struct text words = {0}, clean = {0};
    words_remote(&words, result);
    words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
    put_paragraph(page, "Platform:", text_get(&clean));
    text_fini(&words);
    text_fini(&clean);
}

static void put_recordings(struct page *page, const struct result *result)
{
    struct text words = {0};
    words_recordings(&words, result);
    put_paragraph(page, "Recordings:", text_get(&words));
    text_fini(&words);
}

void report_console(const struct report_run *run, const char *folder, unsigned width, bool color,
                    bool symbols, struct text *out)
{
    const struct result *result = run->result;
    struct page page = {out, width < WIDTH_MIN ? WIDTH_MIN : width, color, symbols};
    struct arena *arena = arena_new();
    size_t begin = out->length;
    put_head(&page, run);
    put_thresholds(&page, result, arena);
    put_steps(&page, result);
    text_add(out, "\n");
    put_attempts(&page, run);
    put_paragraph(&page, "Why:", result->why);
    put_paragraph(&page, "Try:", result->try_next);
    put_limits(&page, result);
    put_others(&page, result);
    put_health(&page, result);
    put_platform(&page, result);
    if (folder) {
        put_evidence(&page, result, folder);
        put_recordings(&page, result);
        put_reports(&page, run, folder);
    }
    report_guard(out, begin);
    arena_free(arena);
}
