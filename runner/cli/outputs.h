/* outputs: the formats that --format asks for: NAME or NAME=PATH, with "-" for stdout. */
#ifndef CMTEST_CLI_OUTPUTS_H
#define CMTEST_CLI_OUTPUTS_H

#include <stdbool.h>
#include "cmtest/command.h"
#include "cmtest/report.h"

/* Whether all of them can be written, before anything is run; else a sentence on stderr. */
bool outputs_valid(const struct options *options, size_t runs);

/* Whether one of them, or --events, has stdout, so that people are told on stderr. */
bool outputs_take_stdout(const struct options *options);

/* false after a sentence. */
bool outputs_write(const struct options *options, const struct report *report);

#endif
