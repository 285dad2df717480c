/* run_options: the options of the commands that run specs: here, or on a platform. */
#ifndef CMTEST_CLI_RUN_OPTIONS_H
#define CMTEST_CLI_RUN_OPTIONS_H

#include "remote.h"
#include "session.h"

/* clang-format off */
#define RUN_OPTION_ROWS \
    {"set", 's', OPTION_LIST, "KEY=VALUE", \
     "over the spec, e.g. groups.callers.endpoints=5, vars.x=1", offsetof(struct options, set)}, \
    {"out", 'o', OPTION_TEXT, "DIR", "where the reports go (" SESSION_OUT ")", \
     offsetof(struct options, out)}, \
    {"format", 'f', OPTION_LIST, "NAME[=PATH]", "a report there, too; - is stdout", \
     offsetof(struct options, formats)}, \
    {"tag", 't', OPTION_LIST, "TAG", "only cases with one of these tags; !TAG: without it", \
     offsetof(struct options, tags)}, \
    {"skip-tag", 0, OPTION_LIST, "TAG", "no cases with this tag", \
     offsetof(struct options, skip_tags)}, \
    {"filter", 0, OPTION_LIST, "PATTERN", "only cases whose name fits a glob, or a /regex/", \
     offsetof(struct options, filters)}, \
    {"shard", 0, OPTION_TEXT, "I/N", "only part I of N of them, which are about equally long", \
     offsetof(struct options, shard)}, \
    {"retries", 0, OPTION_NUMBER, "N", "repeat a case that did not pass; a pass then is flaky", \
     offsetof(struct options, retries)}, \
    {"fail-on-flaky", 0, OPTION_FLAG, NULL, "a flaky case fails", \
     offsetof(struct options, fail_on_flaky)}, \
    {"fail-fast", 'x', OPTION_FLAG, NULL, "no further case after one that did not pass", \
     offsetof(struct options, fail_fast)}, \
    {"timeout", 0, OPTION_DURATION, "TIME", \
     "of all together; then hang up, report, and exit with 4", \
     offsetof(struct options, timeout_ns)}, \
    {"seed", 0, OPTION_NUMBER, "N", "repeat the random choices of an earlier run", \
     offsetof(struct options, seed)}, \
    {"events", 0, OPTION_TEXT, "FILE", "what happens as JSON lines; - is stdout, fd:3 descriptor 3", \
     offsetof(struct options, events)}, \
    {"quiet", 'q', OPTION_FLAG, NULL, "no progress, only the verdict", \
     offsetof(struct options, quiet)}, \
    {"verbose", 'v', OPTION_COUNT, NULL, "every SIP message as a line on stderr", \
     offsetof(struct options, verbose)}, \
    {"allow-exec", 0, OPTION_CONSENT, NULL, "steps may run commands on this machine (do: exec)", \
     offsetof(struct options, allow_exec)}, \
    {"strict", 0, OPTION_FLAG, NULL, "warnings about the spec are errors", \
     offsetof(struct options, strict)}, \
    {"color", 0, OPTION_COLOR, "WHEN", "auto, always or never", offsetof(struct options, color)}, \
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)", \
     offsetof(struct options, no_color)}
/* clang-format on */

/* `run`, and `submit` with .on set. */
int run_specs(const struct options *options);
/* The words of the value of --format and --on. */
void run_words(const char *value, struct text *out);
void run_more(FILE *to);

#endif
