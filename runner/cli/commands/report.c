#include "cmtest/command.h"
#include "cmtest/journal.h"
#include "cmtest/report.h"
#include "found.h"
#include "load.h"
#include "outputs.h"
#include "say.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONSOLE "console"

static void print_console(const struct report *report, const struct options *options)
{
    unsigned width = terminal_width(STDOUT_FILENO);
    bool color = terminal_color(STDOUT_FILENO, options), symbols = terminal_symbols();
    struct text out = {0};
    for (size_t i = 0; i < report->run_count; i++) {
        report_console(&report->runs[i], NULL, width, color, symbols, &out);
        text_add(&out, report->run_count + report->skipped_count > 1 ? "\n" : "");
    }
    if (report->run_count + report->skipped_count > 1)
        report_console_runs(report, width, color, symbols, &out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
}

static int end_stdout(bool written)
{
    int error = errno;
    if (fflush(stdout) == 0 && !ferror(stdout) && written)
        return EXIT_PASS;
    errno = written ? errno : error;
    fprintf(stderr, "cmtest: the report cannot be written to stdout: %s\n", strerror(errno));
    return EXIT_ENVIRONMENT;
}

static bool write_file(const struct report_format *format, const struct report *report,
                       const char *folder)
{
    struct text path = {0}, failed = {0};
    if (format->file)
        text_printf(&path, "%s/%s", folder, format->file);
    else
        text_printf(&path, "%s/series.%s", folder, format->name);
    FILE *file = report_make_folder(folder, &failed) ? fopen(text_get(&path), "we") : NULL;
    bool ok = file != NULL;
    if (file) {
        ok = output_write_runs(format, report, file);
        int error = errno;
        ok = fclose(file) == 0 && ok;
        errno = ok ? 0 : error ? error : errno;
    }
    if (!ok)
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", text_get(&path), strerror(errno));
    text_fini(&path);
    text_fini(&failed);
    return ok;
}

/* What is about one run goes into the folder of each. */
static int write_files(const struct report_format *format, const struct report *report,
                       const char *folder)
{
    bool ok = true;
    for (size_t i = 0; format->single && i < report->run_count; i++) {
        struct report one = *report;
        struct text path = {0};
        const char *below = report->runs[i].folder;
        one.runs = &report->runs[i];
        one.run_count = 1;
        text_printf(&path, "%s%s%s", folder, below ? "/" : "", below ? below : "");
        ok = write_file(format, &one, text_get(&path)) && ok;
        text_fini(&path);
    }
    if (!format->single)
        ok = write_file(format, report, folder);
    return ok ? EXIT_PASS : EXIT_ENVIRONMENT;
}

static int write_all(const struct report *report, const char *folder)
{
    struct text failed = {0};
    bool ok = report_write_all(report, folder, &failed);
    if (!ok)
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", text_get(&failed), strerror(errno));
    text_fini(&failed);
    return ok ? EXIT_PASS : EXIT_ENVIRONMENT;
}

static int write_format(const char *text, const struct report *report,
                        const struct options *options)
{
    struct output output = output_read(text);
    bool to_folder = options->out && strcmp(options->out, "-") != 0;
    struct report of = *report;
    /* The console's own "Reports:" is about files that are there. */
    of.folder = to_folder ? options->out : report->folder;
    if (output.path && strcmp(output.path, "-") != 0 && output.format->single && of.run_count > 1) {
        fprintf(stderr,
                "cmtest: --format %s is about one run, and there are %zu: with --out DIR each has "
                "it in its folder\n",
                output.name, of.run_count);
        return EXIT_USAGE;
    }
    if (output.path && strcmp(output.path, "-") != 0)
        return output_write(&output, &of) ? EXIT_PASS : EXIT_ENVIRONMENT;
    if (strcmp(output.name, CONSOLE) == 0) {
        print_console(report, options);
        return end_stdout(true);
    }
    if (to_folder && !output.path_given)
        return write_files(output.format, &of, options->out);
    return end_stdout(output_write_runs(output.format, &of, stdout));
}

static int write_report(const struct found *found, const struct options *options)
{
    bool to_folder = options->out && strcmp(options->out, "-") != 0;
    struct report report = found->report;
    char directory[PATH_MAX];
    int code = EXIT_PASS;
    report_locate(&report, getcwd(directory, sizeof(directory)), getenv);
    if (options->formats.count == 0 && to_folder) {
        report.folder = options->out;
        return write_all(&report, options->out);
    }
    if (options->formats.count == 0) {
        print_console(&report, options);
        return end_stdout(true);
    }
    for (size_t i = 0; i < options->formats.count; i++) {
        int wrote = write_format(options->formats.items[i], &report, options);
        code = code ? code : wrote;
    }
    return code;
}

/* What could not be read to its end was reported as far as it goes, but that is no success. */
static int broken(const struct found *found)
{
    int code = EXIT_PASS;
    for (size_t i = 0; i < found->report.run_count; i++) {
        struct journal *journal = found->report.runs[i].journal;
        if (journal_trouble(journal)[0]) {
            say(stderr, "cmtest: %s\n", journal_trouble(journal));
            code = EXIT_ENVIRONMENT;
        }
    }
    return code;
}

/* Before anything is read, as far as that can be known then. */
static bool formats_valid(const struct options *options)
{
    bool to_folder = options->out && strcmp(options->out, "-") != 0;
    unsigned on_stdout = 0;
    for (size_t i = 0; i < options->formats.count; i++) {
        struct output output = output_read(options->formats.items[i]);
        bool console = strcmp(output.name, CONSOLE) == 0 && !output.path_given;
        if (!output.format && !console)
            return output_unknown(output.name, CONSOLE);
        if (output.path_given && !output.path[0]) {
            fprintf(stderr, "cmtest: --format %s= wants a path, or - for stdout\n", output.name);
            return false;
        }
        bool file = output.path_given ? strcmp(output.path, "-") != 0 : to_folder && !console;
        on_stdout += !file;
    }
    if (on_stdout > 1)
        fprintf(stderr, "cmtest: only one --format can have stdout; give the others a path, as in "
                        "--format junit=junit.xml\n");
    return on_stdout < 2;
}

/* 0, or the exit code after a sentence. */
static int load_other(const struct options *options, struct loaded *other)
{
    int code = load(options, options->thresholds, false, other);
    if (code || other->case_count == 1)
        return code;
    fprintf(stderr,
            "cmtest: %s has a matrix of %zu cases, each with thresholds of its own; --thresholds "
            "takes a spec without one.\n",
            options->thresholds, other->case_count);
    return EXIT_SPEC;
}

static int report_found(const struct options *options, const struct loaded *other)
{
    struct found *found = found_read(options->spec, other);
    int code = EXIT_ENVIRONMENT;
    if (found) {
        int trouble = broken(found);
        code = write_report(found, options);
        code = code ? code : trouble;
    }
    found_free(found);
    return code;
}

static int run(const struct options *options)
{
    struct loaded other;
    if (!formats_valid(options))
        return EXIT_USAGE;
    if (!options->thresholds)
        return report_found(options, NULL);
    int code = load_other(options, &other);
    if (!code)
        code = report_found(options, &other);
    load_free(&other);
    return code;
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "NAME[=PATH]") != 0)
        return;
    text_add(out, CONSOLE "\n");
    for (size_t i = 0; report_formats[i]; i++)
        text_printf(out, "%s\n", report_formats[i]->name);
}

static void more(FILE *to)
{
    fprintf(to, "\nFormats:\n  %-22s %s\n", CONSOLE, "the verdict as a run prints it");
    for (size_t i = 0; report_formats[i]; i++)
        fprintf(to, "  %-22s %s\n", report_formats[i]->name, report_formats[i]->help);
}

static const struct option_row option_rows[] = {
    {"format", 'f', OPTION_LIST, "NAME[=PATH]", "console when not given; - is stdout",
     offsetof(struct options, formats)},
    {"out", 'o', OPTION_TEXT, "DIR",
     "write into this folder: the formats, or all of a run; - is stdout",
     offsetof(struct options, out)},
    {"thresholds", 0, OPTION_TEXT, "SPEC", "judge by the thresholds of this spec instead",
     offsetof(struct options, thresholds)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_report = {
    .name = "report",
    .arguments = "DIR",
    .help = "report an earlier run again, in any format",
    .details =
        "DIR is the output folder of a run or of several, or the series.cmts of one. They are\n"
        "judged again from there, with the same thresholds and so with the same end, attempts\n"
        "and cases that did not run included; or with the thresholds of another spec, whose\n"
        "groups are found by their names. The exit code tells whether the report was made,\n"
        "not the verdict: 4 when a file is damaged or ends early; what stands before is\n"
        "reported all the same, as an error.\n",
    .options = option_rows,
    .more = more,
    .words = words,
    .run = run,
};
