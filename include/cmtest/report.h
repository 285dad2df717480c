/*
 * report: writers over the results of an invocation. One row per format under
 * runner/report/formats/. Pure: the same results give the same bytes (golden-file tested). No
 * password can reach them, because neither roster nor events hold one.
 */
#ifndef CMTEST_REPORT_H
#define CMTEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "cmtest/result.h"
#include "cmtest/text.h"

struct journal;

/* One run: a case of a spec, as it ended (with retries: the last attempt). */
struct report_run {
    const struct result *result;
    struct journal *journal; /* all events of it, from the first (journal.h); NULL: not kept. A
                                writer that reads it rewinds it first */
    const char *case_name;   /* "codec=opus" of a matrix; NULL */
    const char *folder;      /* of its own reports, relative to the report's; NULL: the same */
    unsigned attempts;       /* at least 1; a pass with more than 1 is flaky, never plain */
    const char *const
        *tried; /* why the attempts before the last did not pass, attempts - 1 lines */
};

/* A case that was chosen but did not run: neither a pass nor a failure. */
struct report_skip {
    const char *name;      /* of the test */
    const char *spec;      /* path as the user gave it */
    const char *case_name; /* of a matrix; NULL */
    const char *why;       /* one sentence without its dot */
};

/* How an invocation ended. */
enum report_end { REPORT_COMPLETE, REPORT_TIMED_OUT, REPORT_INTERRUPTED };

/* All runs of one invocation, in order. */
struct report {
    const struct report_run *runs;
    size_t run_count;
    const struct report_skip *skipped; /* behind the runs, in order */
    size_t skipped_count;
    enum report_end end;
    bool fail_on_flaky; /* a flaky run makes the verdict fail */
    const char *folder; /* the output folder as the user gave it; NULL: not written to one */
    /* report_locate(): */
    const char *directory; /* absolute: where relative paths start; NULL: not known, then paths stay
                              as they were given and nothing is attached */
    const char *root;      /* absolute: the repository, whose files readers know; NULL: directory */
    bool attach_below;     /* attachments are named from root (GitLab), else absolute (Jenkins) */
};

/* Fills the last three from the working directory and the variables of the CI systems
 * (GITHUB_WORKSPACE, CI_PROJECT_DIR and GITLAB_CI, BUILD_SOURCESDIRECTORY, WORKSPACE). Borrows
 * directory and what look_up, as getenv, returns. */
void report_locate(struct report *report, const char *directory,
                   char *(*look_up)(const char *name));

/* Of all runs: error, fail, inconclusive, pass, in this order; error when there is no run, when the
 * invocation was cut short, and when all that ran passed but a case did not run. */
enum verdict report_verdict(const struct report *report);
/* Its exit code, or 130 when a run or the invocation was interrupted. */
int report_exit_code(const struct report *report);
/* A pass after attempts that were none. */
bool report_flaky(const struct report_run *run);
/* "complete", "timed-out", "interrupted" */
const char *report_end_name(enum report_end end);

struct report_format {
    const char *name; /* "junit" */
    const char *file; /* in the output folder: "junit.xml"; NULL: only when asked for by name */
    const char *help;
    bool single; /* about one run: a file per run, in its folder; write() gets one run. Others are
                    written once, for all runs, at the top */
    void (*write)(const struct report *report, struct text *out);
    /* Instead of write(), or the same without all of it in memory. false, with errno: not all could
     * be gathered. What cannot be written is for the caller to see, by ferror(). */
    bool (*stream)(const struct report *report, FILE *out);
};

extern const struct report_format *const report_formats[];
const struct report_format *report_format_find(const char *name);
/* By either of the two. false, with errno: something is missing from it. */
bool report_format_write(const struct report_format *format, const struct report *report,
                         FILE *out);

/* Writes every format that has a file: the single ones of each run into its folder below folder
 * (made when missing, with parents), the others into folder itself. Each is whole or not there at
 * all. In a run's folder evidence is what was seen of the calls that did not end well (the worst
 * 50): <group>-<index>.txt, the ladder and the messages, and .pcap, the same as packets. Those of
 * an earlier run are removed. false: *failed is the path that could not be written, errno says why.
 * It is report_write_run() for each run, and then report_write_top(). */
bool report_write_all(const struct report *report, const char *folder, struct text *failed);

/* Makes a folder, with parents. */
bool report_make_folder(const char *folder, struct text *failed);

/* What is about one run, into folder itself: so it is there before the next run begins. */
bool report_write_run(const struct report_run *run, const char *folder, struct text *failed);

/* What is about all runs. */
bool report_write_top(const struct report *report, const char *folder, struct text *failed);

/* The block at the end of a run on a terminal or in a log: verdict first (a pass that took several
 * attempts is FLAKY), every threshold with its figures, Why, Try, what was the limit here, where
 * the reports are (folder; NULL: there are none). At most width columns where text can be broken;
 * color: ANSI. symbols: UTF-8 marks, else words only. */
void report_console(const struct report_run *run, const char *folder, unsigned width, bool color,
                    bool symbols, struct text *out);
/* The block behind those of several runs: how many ended how, and a line for each that is not a
 * plain pass, or did not run; where the reports of all are. Nothing of one run. */
void report_console_runs(const struct report *report, unsigned width, bool color, bool symbols,
                         struct text *out);

/* Takes from the lines behind `from` what a CI system would execute when it reads them in a log:
 * workflow commands of GitHub ("::error::", "##[error]") and of others ("##vso[", "##teamcity["),
 * which a server may have put into a reason phrase. For all that is printed of a run. */
void report_guard(struct text *out, size_t from);

#endif
