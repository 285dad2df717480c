#include "outputs.h"
#include "word.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FORMATS_MAX 32

struct output {
    const struct report_format *format; /* NULL: the name is wrong */
    char name[32];
    const char *path; /* NULL: into the output folder; "-": stdout */
};

static struct output read_output(const char *text)
{
    struct output output = {0};
    size_t length = strcspn(text, "=");
    text_copy(output.name, length < sizeof output.name ? length + 1 : sizeof output.name, text);
    output.format = report_format_find(output.name);
    output.path = text[length] ? text + length + 1 : NULL;
    if (!output.path && output.format && !output.format->file)
        output.path = "-";
    return output;
}

static bool unknown_format(const char *name)
{
    const char *names[FORMATS_MAX];
    size_t count = 0;
    for (; count < FORMATS_MAX && report_formats[count]; count++)
        names[count] = report_formats[count]->name;
    word_unknown("format", name, names, count);
    return false;
}

bool outputs_valid(const struct options *options, size_t runs)
{
    const char *stdout_of =
        options->events && strcmp(options->events, "-") == 0 ? "--events" : NULL;
    for (size_t i = 0; i < options->formats.count; i++) {
        struct output output = read_output(options->formats.items[i]);
        if (!output.format)
            return unknown_format(output.name);
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
        struct output output = read_output(options->formats.items[i]);
        taken = output.path && strcmp(output.path, "-") == 0;
    }
    return taken;
}

/* false: errno says why. */
static bool write_file(const struct output *output, const struct report *report)
{
    FILE *file = fopen(output->path, "w");
    if (!file)
        return false;
    bool ok = report_format_write(output->format, report, file);
    int error = errno;
    bool closed = fclose(file) == 0;
    if (!ok)
        errno = error;
    return closed && ok;
}

static bool write_one(const struct output *output, const struct report *report)
{
    bool to_stdout = strcmp(output->path, "-") == 0, ok;
    if (to_stdout) {
        ok = report_format_write(output->format, report, stdout);
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
        struct output output = read_output(options->formats.items[i]);
        if (output.path)
            ok = write_one(&output, report) && ok;
    }
    return ok;
}
