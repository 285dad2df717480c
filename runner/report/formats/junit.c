/*
 * JUnit XML. There is no standard, only readers: one root, one level of suites, unique names, the
 * message repeated at the start of the text (GitLab drops the attribute), `failure` for what was
 * judged, `error` for what could not be. No case is green when the verdict is not.
 */
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>
#include "junit.h"

/* Thresholds, groups, and where there is one, the scenario. */
enum { SUITES = 3, SUITES_ALWAYS = 2 };

static void attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
    struct text clean = {0};
    words_clean(&clean, value, CLEAN_XML);
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

/* An element that holds text, at most JUNIT_TEXT_MAX bytes of it. */
static void element(xmlTextWriterPtr writer, const char *name, const struct junit_case *cause,
                    const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_XML);
    if (clean.length > JUNIT_TEXT_MAX) {
        size_t cut = JUNIT_TEXT_MAX;
        while (cut > 0 && ((unsigned char)clean.data[cut] & 0xc0) == 0x80)
            cut--;
        clean.length = cut;
        clean.data[cut] = '\0';
        text_add(&clean, "\n(cut here)\n");
    }
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

static void write_case(xmlTextWriterPtr writer, const struct junit_suite *suite,
                       const struct junit_case *each, const char *file)
{
    xmlTextWriterStartElement(writer, BAD_CAST "testcase");
    attribute(writer, "name", each->name);
    attribute(writer, "classname", suite->classname);
    seconds(writer, each->time_ns);
    if (file)
        attribute(writer, "file", file);
    if (each->line > 0)
        number(writer, "line", (size_t)each->line);
    if (each->ending == JUNIT_SKIPPED)
        skipped(writer, each->message);
    else if (each->ending != JUNIT_PASSED)
        element(writer, each->ending == JUNIT_FAILED ? "failure" : "error", each, each->text);
    if (each->output[0])
        element(writer, "system-out", NULL, each->output);
    xmlTextWriterEndElement(writer);
}

static size_t count(const struct junit_suite *suite, enum junit_ending ending)
{
    size_t found = 0;
    for (size_t i = 0; i < suite->case_count; i++)
        found += suite->cases[i].ending == ending;
    return found;
}

static void write_properties(xmlTextWriterPtr writer, const struct result *result)
{
    char seed[32];
    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)result->seed);
    const char *const pairs[][2] = {{"verdict", verdict_name(result->verdict)},
                                    {"spec", result->roster->spec ? result->roster->spec : ""},
                                    {"seed", seed},
                                    {"cmtest", CMTEST_VERSION}};
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        xmlTextWriterStartElement(writer, BAD_CAST "property");
        attribute(writer, "name", pairs[i][0]);
        attribute(writer, "value", pairs[i][1]);
        xmlTextWriterEndElement(writer);
    }
    xmlTextWriterEndElement(writer);
}

static size_t count_all(const struct junit_suite *suites, enum junit_ending ending)
{
    size_t found = 0;
    for (size_t i = 0; i < SUITES; i++)
        found += count(&suites[i], ending);
    return found;
}

static void write_suite(xmlTextWriterPtr writer, const struct result *result,
                        const struct junit_suite *suite, size_t id)
{
    xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
    attribute(writer, "name", suite->name);
    number(writer, "id", id);
    attribute(writer, "package", suite->classname);
    attribute(writer, "hostname", "localhost");
    number(writer, "tests", suite->case_count);
    number(writer, "failures", count(suite, JUNIT_FAILED));
    number(writer, "errors", count(suite, JUNIT_ERROR));
    number(writer, "skipped", count(suite, JUNIT_SKIPPED));
    seconds(writer, suite->time_ns);
    timestamp(writer, result->started_ns);
    write_properties(writer, result);
    for (size_t i = 0; i < suite->case_count; i++)
        write_case(writer, suite, &suite->cases[i], result->roster->spec);
    xmlTextWriterEndElement(writer);
}

static void write_root(xmlTextWriterPtr writer, const struct result *result,
                       const struct junit_suite suites[SUITES])
{
    size_t cases = 0;
    for (size_t i = 0; i < SUITES; i++)
        cases += suites[i].case_count;
    xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
    attribute(writer, "name", result->roster->name ? result->roster->name : "cmtest");
    number(writer, "tests", cases);
    number(writer, "failures", count_all(suites, JUNIT_FAILED));
    number(writer, "errors", count_all(suites, JUNIT_ERROR));
    number(writer, "skipped", count_all(suites, JUNIT_SKIPPED));
    seconds(writer, result->ended_ns - result->started_ns);
    timestamp(writer, result->started_ns);
    for (size_t i = 0; i < SUITES; i++)
        if (i < SUITES_ALWAYS || suites[i].case_count)
            write_suite(writer, result, &suites[i], i);
    xmlTextWriterEndElement(writer);
}

static void write_junit(const struct report *report, struct text *out)
{
    const struct result *result = report->runs[0].result;
    struct arena *arena = arena_new();
    struct junit_suite suites[SUITES];
    junit_thresholds(result, &suites[0], arena);
    junit_groups(result, &suites[1], arena);
    junit_steps(result, &suites[2], arena);

    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (writer) {
        xmlTextWriterSetIndent(writer, 1);
        xmlTextWriterSetIndentString(writer, BAD_CAST "  ");
        xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
        write_root(writer, result, suites);
        xmlTextWriterEndDocument(writer);
        xmlFreeTextWriter(writer);
        text_add_bytes(out, (const char *)xmlBufferContent(buffer),
                       (size_t)xmlBufferLength(buffer));
    }
    if (buffer)
        xmlBufferFree(buffer);
    arena_free(arena);
}

const struct report_format report_format_junit = {
    .name = "junit",
    .file = "junit.xml",
    .help = "JUnit XML: a case per threshold, group and step of a scenario, for CI servers",
    .write = write_junit,
};
