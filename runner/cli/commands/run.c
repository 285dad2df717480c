#include "cmtest/command.h"
#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/report.h"
#include "display.h"
#include "load.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
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

static int write_reports(const struct result *result, const char *folder,
                         const struct options *options)
{
    struct text failed = {0}, out = {0};
    bool written = report_write_all(result, folder, &failed);
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
    text_fini(&failed);
    text_fini(&out);
    int code = result_exit_code(result);
    /* A gate whose verdict or reports are lost is no gate. */
    return (written && told) || code ? code : EXIT_ENVIRONMENT;
}

static int run(const struct options *options)
{
    struct loaded loaded;
    int code = load(options, &loaded);
    if (!code) {
        struct watching watching = {.display = display_new(loaded.plan, options)};
        struct execution_watch watch = {
            .event = watch_event, .tick = watch_tick, .to = &watching, .interrupts = &interrupts};
        watch_signals();
        struct result *result = execution_backend_find("local")->run(loaded.plan, &watch);
        display_end(watching.display);
        display_free(watching.display);
        code = write_reports(result, options->out ? options->out : DEFAULT_OUT, options);
        result_free(result);
    }
    load_free(&loaded);
    return code;
}

static const struct option_row option_rows[] = {
    {"out", 'o', OPTION_TEXT, "DIR", "where the reports go (" DEFAULT_OUT ")",
     offsetof(struct options, out)},
    {"seed", 0, OPTION_NUMBER, "N", "repeat the random choices of an earlier run",
     offsetof(struct options, seed)},
    {"quiet", 'q', OPTION_FLAG, NULL, "no progress, only the verdict",
     offsetof(struct options, quiet)},
    {"verbose", 'v', OPTION_COUNT, NULL, "every SIP message as a line on stderr",
     offsetof(struct options, verbose)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_run = {
    .name = "run",
    .arguments = "SPEC",
    .help = "place the calls of a spec, judge them, write the reports",
    .details = "Writes junit.xml and result.json to the output folder and the verdict to stdout;\n"
               "progress goes to stderr. Ctrl-C once: hang up, de-register, write all reports.\n",
    .options = option_rows,
    .run = run,
};
