/*
 * JUnit XML. There is no standard, only readers: one root, one level of suites (a run each), unique
 * names, the message repeated at the start of the text (GitLab drops the attribute), `failure` for
 * what was judged, `error` for what could not be, be it that the test could not run or that this
 * machine was the limit. No case is green when the verdict is not, and readers' limits are kept:
 * 30 MB and 250,000 XML objects (GitLab).
 */
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>
#include "junit.h"

/* Once a file is so large, texts are only as long as needed to find the rest elsewhere. */
#define FILE_LARGE (16 * 1024 * 1024)
#define TEXT_SHORT 512
#define ATTRIBUTE_MAX 1024

struct page {
    xmlTextWriterPtr writer;
    xmlBufferPtr buffer;
};

/* At a boundary between characters. */
static void cut(struct text *text, size_t length, const char *mark)
{
    if (text->length <= length)
        return;
    while (length > 0 && ((unsigned char)text->data[length] & 0xc0) == 0x80)
        length--;
    text->length = length;
    text->data[length] = '\0';
    text_add(text, mark);
}

static void attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
    struct text clean = {0};
    words_clean(&clean, value, CLEAN_XML);
    cut(&clean, ATTRIBUTE_MAX, " (cut here)");
    xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST text_get(&clean));
    text_fini(&clean);
}

static void number(xmlTextWriterPtr writer, const char *name, size_t value)
{
    xmlTextWriterWriteFormatAttribute(writer, BAD_CAST name, "%zu", value);
}

static void seconds(xmlTextWriterPtr writer, int64_t ns)
{
    /* By hand: printf of a double would follow the locale. */
    int64_t ms = ns > 0 ? ns / 1000000 : 0;
    xmlTextWriterWriteFormatAttribute(writer, BAD_CAST "time", "%lld.%03lld",
                                      (long long)(ms / 1000), (long long)(ms % 1000));
}

static void timestamp(xmlTextWriterPtr writer, int64_t at_ns)
{
    struct text time = {0};
    words_time(&time, at_ns, 0);
    attribute(writer, "timestamp", text_get(&time));
    text_fini(&time);
}

static void element(const struct page *page, const char *name, const struct junit_case *cause,
                    const char *string)
{
    struct text clean = {0};
    xmlTextWriterPtr writer = page->writer;
    xmlTextWriterFlush(writer);
    words_clean(&clean, string, CLEAN_XML);
    cut(&clean, xmlBufferLength(page->buffer) < FILE_LARGE ? JUNIT_TEXT_MAX : TEXT_SHORT,
        "\n(cut here)\n");
    xmlTextWriterStartElement(writer, BAD_CAST name);
    if (cause) {
        attribute(writer, "message", cause->message);
        attribute(writer, "type", cause->type);
    }
    xmlTextWriterWriteString(writer, BAD_CAST text_get(&clean));
    xmlTextWriterEndElement(writer);
    text_fini(&clean);
}

static void skipped(xmlTextWriterPtr writer, const char *message)
{
    xmlTextWriterStartElement(writer, BAD_CAST "skipped");
    attribute(writer, "message", message);
    xmlTextWriterEndElement(writer);
}

static void write_ending(const struct page *page, const struct junit_suite *suite,
                         const struct junit_case *each)
{
    struct junit_case earlier = {.type = "attempt"};
    if (each->ending == JUNIT_SKIPPED)
        skipped(page->writer, each->message);
    else if (each->ending != JUNIT_PASSED)
        element(page, each->ending == JUNIT_FAILED ? "failure" : "error", each, each->text);
    for (unsigned i = 0; suite->run->tried && i < each->flaky; i++) {
        earlier.message = suite->run->tried[i];
        element(page, "flakyFailure", &earlier, suite->run->tried[i]);
    }
}

static void write_case(const struct page *page, const struct junit_suite *suite,
                       const struct junit_case *each)
{
    xmlTextWriterPtr writer = page->writer;
    xmlTextWriterStartElement(writer, BAD_CAST "testcase");
    attribute(writer, "name", each->name);
    attribute(writer, "classname", each->classname);
    seconds(writer, each->time_ns);
    if (suite->file)
        attribute(writer, "file", suite->file);
    if (each->line > 0)
        number(writer, "line", (size_t)each->line);
    write_ending(page, suite, each);
    if (each->output[0])
        element(page, "system-out", NULL, each->output);
    xmlTextWriterEndElement(writer);
}

static void property(xmlTextWriterPtr writer, const char *name, const char *value)
{
    xmlTextWriterStartElement(writer, BAD_CAST "property");
    attribute(writer, "name", name);
    attribute(writer, "value", value);
    xmlTextWriterEndElement(writer);
}

static void write_properties(xmlTextWriterPtr writer, const struct report_run *run)
{
    const struct result *result = run->result;
    char number[32];
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    property(writer, "verdict", verdict_name(result->verdict));
    property(writer, "spec", result->roster->spec ? result->roster->spec : "");
    if (run->case_name)
        property(writer, "case", run->case_name);
    snprintf(number, sizeof(number), "%llu", (unsigned long long)result->seed);
    property(writer, "seed", number);
    property(writer, "cmtest", CMTEST_VERSION);
    if (result->remote_known) {
        property(writer, "platform_run", result->remote.run);
        property(writer, "platform_link", result->remote.link);
    }
    if (run->attempts > 1) {
        snprintf(number, sizeof(number), "%u", run->attempts);
        property(writer, "attempts", number);
        property(writer, "flaky", report_flaky(run) ? "true" : "false");
    }
    for (uint32_t i = 0; i < result->limit_count; i++)
        property(writer, result->limits[i].decisive ? "limit" : "near-limit",
                 result->limits[i].resource);
    struct text health = {0};
    words_health(&health, result);
    if (health.length > 0)
        property(writer, "machine", text_get(&health));
    text_fini(&health);
    xmlTextWriterEndElement(writer);
}

static void write_suite(const struct page *page, const struct junit_suite *suite, size_t id)
{
    xmlTextWriterPtr writer = page->writer;
    const struct result *result = suite->result;
    xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
    attribute(writer, "name", suite->name);
    number(writer, "id", id);
    attribute(writer, "package", suite->package);
    attribute(writer, "hostname", "localhost");
    number(writer, "tests", suite->case_count);
    number(writer, "failures", junit_count(suite, JUNIT_FAILED));
    number(writer, "errors", junit_count(suite, JUNIT_ERROR));
    number(writer, "skipped", junit_count(suite, JUNIT_SKIPPED));
    seconds(writer, result->ended_ns - result->started_ns);
    timestamp(writer, result->started_ns);
    write_properties(writer, suite->run);
    for (size_t i = 0; i < suite->case_count; i++)
        write_case(page, suite, &suite->cases[i]);
    xmlTextWriterEndElement(writer);
}

/* A case that did not run. */
static void write_skip(const struct page *page, const struct report *report, size_t index,
                       const struct run_title *title, struct arena *arena)
{
    xmlTextWriterPtr writer = page->writer;
    const struct report_skip *skip = &report->skipped[index];
    const char *package = junit_package(skip->spec, skip->name, title->label, arena);
    struct text file = {0};
    place_spec(report, skip->spec, &file);
    xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
    attribute(writer, "name", title->title);
    number(writer, "id", report->run_count + index);
    attribute(writer, "package", package);
    attribute(writer, "hostname", "localhost");
    number(writer, "tests", 1);
    number(writer, "failures", 0);
    number(writer, "errors", 0);
    number(writer, "skipped", 1);
    seconds(writer, 0);
    timestamp(writer, report->run_count > 0 ? report->runs[0].result->started_ns : 0);
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    property(writer, "verdict", "skipped");
    property(writer, "spec", skip->spec ? skip->spec : "");
    if (skip->case_name)
        property(writer, "case", skip->case_name);
    xmlTextWriterEndElement(writer);
    xmlTextWriterStartElement(writer, BAD_CAST "testcase");
    attribute(writer, "name", "did not run");
    attribute(writer, "classname", arena_printf(arena, "%s.run", package));
    seconds(writer, 0);
    if (file.length > 0)
        attribute(writer, "file", text_get(&file));
    skipped(writer, skip->why);
    xmlTextWriterEndElement(writer);
    xmlTextWriterEndElement(writer);
    text_fini(&file);
}

static size_t count_all(const struct junit_suite *suites, size_t count, enum junit_ending ending)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += junit_count(&suites[i], ending);
    return found;
}

static void write_root(const struct page *page, const struct report *report,
                       const struct junit_suite *suites, struct arena *arena)
{
    const struct run_title *titles = run_titles(report, arena);
    xmlTextWriterPtr writer = page->writer;
    size_t count = report->run_count, cases = 0;
    int64_t ran_ns = 0, started_ns = 0;
    for (size_t i = 0; i < count; i++) {
        const struct result *result = suites[i].result;
        cases += suites[i].case_count;
        ran_ns += result->ended_ns - result->started_ns;
        started_ns = i == 0 || result->started_ns < started_ns ? result->started_ns : started_ns;
    }
    xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
    attribute(writer, "name", count == 1 && report->skipped_count == 0 ? suites[0].name : "cmtest");
    number(writer, "tests", cases + report->skipped_count);
    number(writer, "failures", count_all(suites, count, JUNIT_FAILED));
    number(writer, "errors", count_all(suites, count, JUNIT_ERROR));
    number(writer, "skipped", count_all(suites, count, JUNIT_SKIPPED) + report->skipped_count);
    seconds(writer, ran_ns);
    timestamp(writer, started_ns);
    for (size_t i = 0; i < count; i++)
        write_suite(page, &suites[i], i);
    for (size_t i = 0; i < report->skipped_count; i++)
        write_skip(page, report, i, &titles[count + i], arena);
    xmlTextWriterEndElement(writer);
}

/* Each run may have as many cases as are left for it when those behind it take all alike. */
static struct junit_suite *collect(const struct report *report, struct arena *arena)
{
    const struct run_title *titles = run_titles(report, arena);
    struct junit_suite *suites = arena_array(arena, report->run_count + 1, sizeof(*suites));
    size_t left = JUNIT_CASES_MAX;
    for (size_t i = 0; i < report->run_count; i++) {
        size_t limit = left / (report->run_count - i);
        junit_collect(&suites[i], report, i, &titles[i], limit, arena);
        left -= suites[i].case_count < left ? suites[i].case_count : left;
    }
    return suites;
}

static void write_junit(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    const struct junit_suite *suites = collect(report, arena);
    struct page page = {.buffer = xmlBufferCreate()};
    /* Else it grows by a few bytes at a time. */
    if (page.buffer)
        xmlBufferSetAllocationScheme(page.buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    page.writer = page.buffer ? xmlNewTextWriterMemory(page.buffer, 0) : NULL;
    if (page.writer) {
        xmlTextWriterSetIndent(page.writer, 1);
        xmlTextWriterSetIndentString(page.writer, BAD_CAST "  ");
        xmlTextWriterStartDocument(page.writer, NULL, "UTF-8", NULL);
        write_root(&page, report, suites, arena);
        xmlTextWriterEndDocument(page.writer);
        xmlFreeTextWriter(page.writer);
        text_add_bytes(out, (const char *)xmlBufferContent(page.buffer),
                       (size_t)xmlBufferLength(page.buffer));
    }
    if (page.buffer)
        xmlBufferFree(page.buffer);
    arena_free(arena);
}

const struct report_format report_format_junit = {
    .name = "junit",
    .file = "junit.xml",
    .help = "JUnit XML: a suite per run, a case per threshold, group and step, for CI servers",
    .write = write_junit,
};
