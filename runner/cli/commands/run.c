#include "cmtest/command.h"
#include "cmtest/execution.h"
#include "cmtest/journal.h"
#include "cmtest/loop.h"
#include "cmtest/report.h"
#include "cases.h"
#include "display.h"
#include "load.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_OUT "cmtest-out"

static volatile sig_atomic_t interrupts;

static void count_interrupt(int signal_number)
{
    /* The first ends the run in order, the second cuts it off, the third is for when even that
     * hangs. */
    if (++interrupts > 2) {
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = count_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

struct watching {
    struct display *display;
    bool told;
};

static void watch_event(void *to, const struct event *event)
{
    struct watching *watching = to;
    display_event(watching->display, event);
}

static void watch_tick(void *to, int64_t now)
{
    struct watching *watching = to;
    if (interrupts && !watching->told) {
        watching->told = true;
        display_end(watching->display);
        fputs("cmtest: interrupted: hanging up and de-registering; once more cuts it off\n",
              stderr);
    }
    display_tick(watching->display, now);
}

/* Where all events of a run are kept, while it runs. */
struct keeping {
    struct text path;
    char why[512]; /* what went wrong with it, a sentence; or empty */
};

static void keeping_init(struct keeping *keeping, const char *folder)
{
    struct text failed = {0};
    *keeping = (struct keeping){0};
    text_printf(&keeping->path, "%s/%s", folder, JOURNAL_FILE);
    /* What is wrong with the folder, the journal tells. */
    report_make_folder(folder, &failed);
    text_fini(&failed);
}

static int write_reports(const struct result *result, const char *case_name, const char *folder,
                         const struct keeping *keeping, const struct options *options)
{
    struct text failed = {0}, out = {0};
    char unread[512];
    struct journal *journal =
        keeping->why[0] ? NULL : journal_open(text_get(&keeping->path), unread, sizeof(unread));
    struct report_run run = {
        .result = result, .journal = journal, .case_name = case_name, .attempts = 1};
    struct report report = {.runs = &run, .run_count = 1, .folder = folder};
    bool written = report_write_all(&report, folder, &failed);
    int saved = errno;
    bool told = true;
    report_console(result, written ? folder : NULL, terminal_width(STDOUT_FILENO),
                   terminal_color(STDOUT_FILENO, options), terminal_symbols(), &out);
    fputs(text_get(&out), stdout);
    if (fflush(stdout) != 0) {
        fprintf(stderr, "cmtest: the verdict cannot be written to stdout: %s\n", strerror(errno));
        told = false;
    }
    if (!written)
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", text_get(&failed), strerror(saved));
    if (keeping->why[0])
        fprintf(stderr, "cmtest: %s\n", keeping->why);
    journal_free(journal);
    text_fini(&failed);
    text_fini(&out);
    int code = result_exit_code(result);
    /* A gate whose verdict or reports are lost is no gate. */
    return (written && told && !keeping->why[0]) || code ? code : EXIT_ENVIRONMENT;
}

static struct case_end run_case(struct plan *plan, const char *case_name, const char *folder,
                                const struct options *options)
{
    struct watching watching = {.display = display_new(plan, options)};
    struct keeping keeping;
    keeping_init(&keeping, folder);
    struct execution_watch watch = {.event = watch_event,
                                    .tick = watch_tick,
                                    .to = &watching,
                                    .interrupts = &interrupts,
                                    .journal = text_get(&keeping.path),
                                    .case_name = case_name,
                                    .journal_why = keeping.why,
                                    .journal_why_size = sizeof(keeping.why)};
    plan->allow_exec = options->allow_exec;
    struct result *result = execution_backend_find("local")->run(plan, &watch);
    display_end(watching.display);
    display_free(watching.display);
    struct case_end end = {
        .code = write_reports(result, case_name, folder, &keeping, options),
        .verdict = result->verdict,
        .ran_ns = result->ended_ns - result->started_ns,
    };
    result_free(result);
    text_fini(&keeping.path);
    return end;
}

static int run_cases(struct loaded *loaded, const struct options *options)
{
    const char *out = options->out ? options->out : DEFAULT_OUT;
    struct case_end *ends = mem_array(loaded->case_count, sizeof *ends);
    size_t count = 0;
    watch_signals();
    for (size_t i = 0; i < loaded->case_count && !interrupts; i++) {
        const char *name = loaded->cases[i].spec->case_name;
        const char *folder = case_folder(out, name, i, loaded->case_count, loaded->arena);
        if (i)
            putchar('\n');
        ends[count] = run_case(load_plan(loaded, i), name, folder, options);
        ends[count++].name = name;
        load_drop(loaded, i);
    }
    int code = case_worst(ends, count);
    if (loaded->case_count > 1) {
        struct text table = {0};
        case_table(ends, count, loaded->case_count, &table);
        fputs(text_get(&table), stdout);
        if (fflush(stdout) != 0 && !code)
            code = EXIT_ENVIRONMENT;
        text_fini(&table);
    }
    free(ends);
    return code;
}

static int run(const struct options *options)
{
    struct loaded loaded;
    int code = load(options, true, &loaded);
    if (!code)
        code = run_cases(&loaded, options);
    load_free(&loaded);
    return code;
}

static const struct option_row option_rows[] = {
    {"set", 's', OPTION_LIST, "KEY=VALUE",
     "over the spec, e.g. groups.callers.endpoints=5, vars.x=1", offsetof(struct options, set)},
    {"out", 'o', OPTION_TEXT, "DIR", "where the reports go (" DEFAULT_OUT ")",
     offsetof(struct options, out)},
    {"seed", 0, OPTION_NUMBER, "N", "repeat the random choices of an earlier run",
     offsetof(struct options, seed)},
    {"quiet", 'q', OPTION_FLAG, NULL, "no progress, only the verdict",
     offsetof(struct options, quiet)},
    {"verbose", 'v', OPTION_COUNT, NULL, "every SIP message as a line on stderr",
     offsetof(struct options, verbose)},
    {"allow-exec", 0, OPTION_FLAG, NULL, "steps may run commands on this machine (do: exec)",
     offsetof(struct options, allow_exec)},
    {"strict", 0, OPTION_FLAG, NULL, "warnings about the spec are errors",
     offsetof(struct options, strict)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_run = {
    .name = "run",
    .arguments = "SPEC",
    .help = "place the calls of a spec, judge them, write the reports",
    .details = "Writes junit.xml and result.json to the output folder and the verdict to stdout;\n"
               "series.cmts keeps all that was told, second by second, for `cmtest report`;\n"
               "of calls that did not end well the SIP ladder, the messages and a capture to its\n"
               "folder evidence. Progress goes to stderr.\n"
               "Ctrl-C once: hang up, de-register, write all reports.\n"
               "The cases of a matrix run one after another, each with a folder of its own in the\n"
               "output folder; the exit code is that of the worst.\n",
    .options = option_rows,
    .run = run,
};
