#include "cmtest/command.h"
#include "cmtest/rebuild.h"
#include "cmtest/report.h"
#include "load.h"
#include "word.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMATS_MAX 32
#define RUNS_MAX 1000
#define CONSOLE "console"

/* The runs that are reported about. */
struct kept {
    struct report_run runs[RUNS_MAX];
    size_t count;
    struct arena *arena;
    const char *folder;         /* that all are in */
    const struct loaded *other; /* whose thresholds judge; NULL: the run's own */
};

static bool exists(const char *path, bool folder)
{
    struct stat about;
    return stat(path, &about) == 0 && (!folder || S_ISDIR(about.st_mode));
}

static bool has_group(const struct roster *roster, const char *name)
{
    for (uint32_t i = 0; i < roster->group_count; i++)
        if (strcmp(roster->groups[i].name, name) == 0)
            return true;
    return false;
}

/* Groups are found by their names. */
static bool fits(const struct loaded *other, const struct roster *roster, const char *path)
{
    for (size_t i = 0; i < other->plan->threshold_count; i++) {
        const struct threshold *threshold = &other->plan->thresholds[i];
        if (!threshold->group || has_group(roster, threshold->group))
            continue;
        fprintf(stderr, "cmtest: %s:%d: the threshold \"%s\" is of the group \"%s\", which %s has "
                        "not. It has:",
                other->path, threshold->line, threshold->text, threshold->group, path);
        for (uint32_t g = 0; g < roster->group_count; g++)
            fprintf(stderr, "%s \"%s\"", g ? "," : "", roster->groups[g].name);
        fprintf(stderr, ". Name one of these, or leave the group out to judge all.\n");
        return false;
    }
    return true;
}

static struct result *judge(struct kept *kept, struct journal *journal, char *why, size_t size)
{
    if (!kept->other)
        return result_rebuild(journal, kept->arena, why, size);
    return result_rebuild_with(journal, kept->other->plan->thresholds,
                               kept->other->plan->threshold_count);
}

static bool add_run(struct kept *kept, const char *path, const char *folder)
{
    char why[768] = "";
    struct journal *journal = kept->count < RUNS_MAX ? journal_open(path, why, sizeof(why)) : NULL;
    if (journal && kept->other && !fits(kept->other, journal_head(journal)->roster, path)) {
        journal_free(journal);
        return false;
    }
    struct result *result = journal ? judge(kept, journal, why, sizeof(why)) : NULL;
    if (!result) {
        fprintf(stderr, "cmtest: %s%s%s\n", journal ? path : "", journal ? ": " : "",
                kept->count < RUNS_MAX ? why : "more than 1000 runs are too many");
        journal_free(journal);
        return false;
    }
    kept->runs[kept->count++] =
        (struct report_run){.result = result,
                            .journal = journal,
                            .case_name = journal_head(journal)->case_name,
                            .folder = folder ? arena_strdup(kept->arena, folder) : NULL,
                            .attempts = 1};
    return true;
}

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const struct report_run *)a)->result->started_ns;
    int64_t y = ((const struct report_run *)b)->result->started_ns;
    return x < y ? -1 : x > y;
}

/* Those of the cases of a matrix, each with a folder of its own. */
static bool add_cases(struct kept *kept, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    bool ok = true;
    for (int i = 0; i < count; i++) {
        struct text path = {0};
        text_printf(&path, "%s/%s/%s", folder, entries[i]->d_name, JOURNAL_FILE);
        if (ok && entries[i]->d_name[0] != '.' && exists(text_get(&path), false))
            ok = add_run(kept, text_get(&path), entries[i]->d_name);
        text_fini(&path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    qsort(kept->runs, kept->count, sizeof(kept->runs[0]), by_start);
    if (ok && kept->count == 0)
        fprintf(
            stderr,
            "cmtest: there is no %s in %s. It is what `cmtest run` keeps of a run in its output "
            "folder; is this the one?\n",
            JOURNAL_FILE, folder);
    return ok && kept->count > 0;
}

static bool add_all(struct kept *kept, const char *path)
{
    struct text inside = {0};
    text_printf(&inside, "%s/%s", path, JOURNAL_FILE);
    bool folder = exists(path, true), ok;
    kept->folder = folder ? path : NULL;
    if (!folder)
        ok = add_run(kept, path, NULL);
    else if (exists(text_get(&inside), false))
        ok = add_run(kept, text_get(&inside), NULL);
    else
        ok = add_cases(kept, path);
    text_fini(&inside);
    return ok;
}

static void print_console(const struct kept *kept, const struct options *options)
{
    for (size_t i = 0; i < kept->count; i++) {
        struct text out = {0};
        report_console(&kept->runs[i], NULL, terminal_width(STDOUT_FILENO),
                       terminal_color(STDOUT_FILENO, options), terminal_symbols(), &out);
        fprintf(stdout, "%s%s", i ? "\n" : "", text_get(&out));
        text_fini(&out);
    }
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

/* A single format of several runs stands there once for each. */
static bool write_runs(const struct report_format *format, const struct report *report, FILE *out)
{
    bool ok = true;
    for (size_t i = 0; ok && format->single && i < report->run_count; i++) {
        struct report one = *report;
        one.runs = &report->runs[i];
        one.run_count = 1;
        ok = report_format_write(format, &one, out);
    }
    return format->single ? ok : report_format_write(format, report, out);
}

static int write_file(const struct report_format *format, const struct report *report,
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
        ok = write_runs(format, report, file);
        int error = errno;
        ok = fclose(file) == 0 && ok;
        errno = ok ? 0 : error ? error : errno;
    }
    if (!ok)
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", text_get(&path), strerror(errno));
    text_fini(&path);
    text_fini(&failed);
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

static int write_report(const struct kept *kept, const struct report_format *format,
                        const struct options *options)
{
    bool to_stdout = !options->out || strcmp(options->out, "-") == 0;
    struct report report = {.runs = kept->runs,
                            .run_count = kept->count,
                            .folder = to_stdout ? kept->folder : options->out};
    char directory[PATH_MAX];
    report_locate(&report, getcwd(directory, sizeof(directory)), getenv);
    if (!to_stdout)
        return format ? write_file(format, &report, options->out)
                      : write_all(&report, options->out);
    if (!format)
        print_console(kept, options);
    return end_stdout(!format || write_runs(format, &report, stdout));
}

/* What could not be read to its end was reported as far as it goes, but that is no success. */
static int broken(const struct kept *kept)
{
    int code = EXIT_PASS;
    for (size_t i = 0; i < kept->count; i++)
        if (journal_trouble(kept->runs[i].journal)[0]) {
            fprintf(stderr, "cmtest: %s\n", journal_trouble(kept->runs[i].journal));
            code = EXIT_ENVIRONMENT;
        }
    return code;
}

static int unknown_format(const char *name)
{
    const char *names[FORMATS_MAX] = {CONSOLE};
    size_t count = 1;
    for (size_t i = 0; count < FORMATS_MAX && report_formats[i]; i++)
        names[count++] = report_formats[i]->name;
    return word_unknown("format", name, names, count);
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

static int run(const struct options *options)
{
    const struct report_format *format = NULL;
    if (options->format && strcmp(options->format, CONSOLE) != 0) {
        format = report_format_find(options->format);
        if (!format)
            return unknown_format(options->format);
    }
    struct loaded other;
    int code = options->thresholds ? load_other(options, &other) : EXIT_PASS;
    if (code) {
        load_free(&other);
        return code;
    }
    struct kept *kept = mem_alloc(sizeof(*kept));
    kept->arena = arena_new();
    kept->other = options->thresholds ? &other : NULL;
    code = EXIT_ENVIRONMENT;
    if (add_all(kept, options->spec)) {
        int found = broken(kept);
        code = write_report(kept, format, options);
        code = code ? code : found;
    }
    for (size_t i = 0; i < kept->count; i++) {
        result_free((struct result *)kept->runs[i].result);
        journal_free(kept->runs[i].journal);
    }
    arena_free(kept->arena);
    free(kept);
    if (options->thresholds)
        load_free(&other);
    return code;
}

static void more(FILE *to)
{
    fprintf(to, "\nFormats:\n  %-22s %s\n", CONSOLE, "the verdict as a run prints it");
    for (size_t i = 0; report_formats[i]; i++)
        fprintf(to, "  %-22s %s\n", report_formats[i]->name, report_formats[i]->help);
}

static const struct option_row option_rows[] = {
    {"format", 'f', OPTION_TEXT, "FORMAT", "console when not given",
     offsetof(struct options, format)},
    {"out", 'o', OPTION_TEXT, "DIR",
     "write into this folder: the format, or all of a run's; - is stdout",
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
        "DIR is the output folder of a run, or the series.cmts in it. It is judged again from\n"
        "there, with the same thresholds and so with the same end, or with those of another\n"
        "spec, whose groups are found by their names. The exit code tells\n"
        "whether the report was made, not the verdict: 4 when the file is damaged or ends\n"
        "early; what stands before is reported all the same, as an error.\n",
    .options = option_rows,
    .more = more,
    .run = run,
};
