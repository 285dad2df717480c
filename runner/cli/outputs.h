/* outputs: the formats that --format asks for: NAME or NAME=PATH, with "-" for stdout. */
#ifndef CMTEST_CLI_OUTPUTS_H
#define CMTEST_CLI_OUTPUTS_H

#include <stdbool.h>
#include "cmtest/command.h"
#include "cmtest/report.h"

struct output {
    const struct report_format *format; /* NULL: the name is none of a format */
    char name[32];
    const char *path; /* NULL: into the output folder; "-": stdout */
    bool path_given;
};

/* Of several runs, a format about one stands there once for each. */
bool output_write_runs(const struct report_format *format, const struct report *report, FILE *out);
struct output output_read(const char *text);
/* One, whose path is given or "-"; a single one for each run in turn. false after a sentence. */
bool output_write(const struct output *output, const struct report *report);
/* A sentence about the name; more: one that would also do, or NULL. Always false. */
bool output_unknown(const char *name, const char *more);

/* Whether all of them can be written, before anything is run; else a sentence on stderr. */
bool outputs_valid(const struct options *options, size_t runs);

/* Whether one of them, or --events, has stdout, so that people are told on stderr. */
bool outputs_take_stdout(const struct options *options);

/* false after a sentence. */
bool outputs_write(const struct options *options, const struct report *report);

#endif
