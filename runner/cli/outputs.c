#include "outputs.h"
#include "word.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FORMATS_MAX 32

struct output output_read(const char *text)
{
    struct output output = {0};
    size_t length = strcspn(text, "=");
    text_copy(output.name, length < sizeof output.name ? length + 1 : sizeof output.name, text);
    output.format = report_format_find(output.name);
    output.path_given = text[length] != '\0';
    output.path = output.path_given ? text + length + 1 : NULL;
    if (!output.path && output.format && !output.format->file)
        output.path = "-";
    return output;
}

bool output_unknown(const char *name, const char *more)
{
    const char *names[FORMATS_MAX] = {more};
    size_t count = more != NULL;
    for (size_t i = 0; count < FORMATS_MAX && report_formats[i]; i++)
        names[count++] = report_formats[i]->name;
    word_unknown("format", name, names, count);
    return false;
}

bool outputs_valid(const struct options *options, size_t runs)
{
    const char *stdout_of =
        options->events && strcmp(options->events, "-") == 0 ? "--events" : NULL;
    for (size_t i = 0; i < options->formats.count; i++) {
        struct output output = output_read(options->formats.items[i]);
        if (!output.format)
            return output_unknown(output.name, NULL);
        if (output.path && !output.path[0]) {
            fprintf(stderr, "cmtest: --format %s= wants a path, or - for stdout\n", output.name);
            return false;
        }
        if (output.path && output.format->single && runs > 1) {
            fprintf(stderr,
                    "cmtest: --format %s is about one case, and %zu would run: each has it in its "
                    "folder\n",
                    output.name, runs);
            return false;
        }
        if (!output.path || strcmp(output.path, "-") != 0)
            continue;
        if (stdout_of) {
            fprintf(stderr, "cmtest: only one of %s and --format %s can have stdout\n", stdout_of,
                    output.name);
            return false;
        }
        stdout_of = "--format";
    }
    return true;
}

bool outputs_take_stdout(const struct options *options)
{
    bool taken = options->events && strcmp(options->events, "-") == 0;
    for (size_t i = 0; i < options->formats.count && !taken; i++) {
        struct output output = output_read(options->formats.items[i]);
        taken = output.path && strcmp(output.path, "-") == 0;
    }
    return taken;
}

bool output_write_runs(const struct report_format *format, const struct report *report, FILE *out)
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

/* false: errno says why. */
static bool write_file(const struct output *output, const struct report *report)
{
    FILE *file = fopen(output->path, "w");
    if (!file)
        return false;
    bool ok = output_write_runs(output->format, report, file);
    int error = errno;
    bool closed = fclose(file) == 0;
    if (!ok)
        errno = error;
    return closed && ok;
}

bool output_write(const struct output *output, const struct report *report)
{
    bool to_stdout = strcmp(output->path, "-") == 0, ok;
    if (to_stdout) {
        ok = output_write_runs(output->format, report, stdout);
        ok = fflush(stdout) == 0 && ok;
    } else {
        ok = write_file(output, report);
    }
    if (!ok)
        fprintf(stderr, "cmtest: %s cannot be written to %s: %s\n", output->name,
                to_stdout ? "stdout" : output->path, strerror(errno));
    return ok;
}

bool outputs_write(const struct options *options, const struct report *report)
{
    bool ok = true;
    for (size_t i = 0; i < options->formats.count; i++) {
        struct output output = output_read(options->formats.items[i]);
        if (output.path)
            ok = output_write(&output, report) && ok;
    }
    return ok;
}
