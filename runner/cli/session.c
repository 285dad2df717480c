#include "session.h"
#include "attempt.h"
#include "outputs.h"
#include "say.h"
#include "cmtest/journal.h"
#include "cmtest/kept.h"
#include "cmtest/loop.h"
#include "cmtest/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <limits.h>
#include <unistd.h>

struct session {
    const struct options *options;
    struct batch *batch;
    const char *out;
    FILE *people; /* the verdicts: stdout, unless a format goes there */
    struct watcher watcher;
    struct report_run *runs;
    size_t count;
    struct report_skip *skipped;
    size_t skipped_count;
    bool lost; /* a report, or the verdict on stdout */
};

static const char *in_out(struct session *session, const char *folder, const char *more)
{
    struct arena *arena = session->batch->arena;
    const char *path = folder ? arena_printf(arena, "%s/%s", session->out, folder) : session->out;
    return more ? arena_printf(arena, "%s/%s", path, more) : path;
}

/* true: all was written. */
static bool settle(struct session *session, bool written, const struct text *failed)
{
    int saved = errno;
    if (!written) {
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", text_get(failed), strerror(saved));
        session->lost = true;
    }
    return written;
}

/* ---- one case ------------------------------------------------------------------------------- */

static void show(struct session *session, const struct report_run *run, const char *folder)
{
    const struct options *options = session->options;
    int fd = fileno(session->people);
    struct text out = {0};
    report_console(run, folder, terminal_width(fd), terminal_color(fd, options), terminal_symbols(),
                   &out);
    if (session->count)
        fputc('\n', session->people);
    fputs(text_get(&out), session->people);
    if (session->batch->case_count > 1)
        fprintf(session->people, "Repeat this case alone: --filter '%s' --seed %llu\n",
                run->result->roster->name ? run->result->roster->name : run->result->roster->spec,
                (unsigned long long)run->result->seed);
    if (fflush(session->people) != 0) {
        fprintf(stderr, "cmtest: the verdict cannot be written to stdout: %s\n", strerror(errno));
        session->lost = true;
    }
    text_fini(&out);
}

/* A failure that a further attempt may turn. What could not be run would not run now either. */
static bool worth_repeating(const struct session *session, const struct result *result,
                            unsigned attempts)
{
    bool judged = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_INCONCLUSIVE;
    return judged && attempts <= session->options->retries && !watcher_stopped(&session->watcher);
}

/* One attempt, whose events are kept in the case's folder while it runs. */
static struct result *attempt(struct session *session, size_t index, struct report_run *run)
{
    const struct batch_case *one = &session->batch->cases[index];
    struct keeping keeping = {.path = in_out(session, run->folder, JOURNAL_FILE)};
    struct text failed = {0};
    /* What is wrong with the folder, the journal tells. */
    report_make_folder(in_out(session, run->folder, NULL), &failed);
    text_fini(&failed);
    struct result *result =
        attempt_run(&session->watcher, one, (unsigned)index + 1, run->attempts, &keeping);
    if (!keeping.why[0])
        run->journal = journal_open(keeping.path, keeping.why, sizeof keeping.why);
    if (keeping.why[0]) {
        fprintf(stderr, "cmtest: %s\n", keeping.why);
        session->lost = true;
    }
    return result;
}

/* Keeps what is left of an attempt that another one follows. */
static void put_aside(struct session *session, struct report_run *run, const char **tried)
{
    struct text failed = {0};
    char name[32];
    snprintf(name, sizeof name, "attempt-%u", run->attempts);
    const char *folder = in_out(session, run->folder, name);
    settle(session, report_write_run(run, folder, &failed), &failed);
    journal_free(run->journal);
    run->journal = NULL;
    rename(in_out(session, run->folder, JOURNAL_FILE),
           arena_printf(session->batch->arena, "%s/%s", folder, JOURNAL_FILE));
    say(stderr, "cmtest: attempt %u: %s: %s\n", run->attempts, verdict_name(run->result->verdict),
        run->result->why);
    tried[run->attempts - 1] = arena_printf(session->batch->arena, "%s: %s",
                                            verdict_name(run->result->verdict), run->result->why);
    text_fini(&failed);
}

static void run_case(struct session *session, size_t index)
{
    const struct batch_case *one = &session->batch->cases[index];
    size_t most = (size_t)session->options->retries + 1;
    const char **tried = arena_array(session->batch->arena, most, sizeof *tried);
    struct report_run *run = &session->runs[session->count];
    struct result *result;
    *run = (struct report_run){.case_name = one->case_name, .folder = one->folder, .tried = tried};
    kept_remove_attempts(in_out(session, run->folder, NULL));
    for (;;) {
        run->attempts++;
        run->result = result = attempt(session, index, run);
        if (!worth_repeating(session, result, run->attempts))
            break;
        put_aside(session, run, tried);
        result_free(result);
        load_drop(one->spec, one->index);
    }
    struct text failed = {0};
    const char *folder = in_out(session, run->folder, NULL);
    bool written = settle(session, report_write_run(run, folder, &failed), &failed);
    show(session, run, written ? folder : NULL);
    text_fini(&failed);
    session->count++;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void skip(struct session *session, size_t index, const char *why)
{
    const struct batch_case *one = &session->batch->cases[index];
    session->skipped[session->skipped_count++] = (struct report_skip){
        .name = one->name, .spec = one->spec->path, .case_name = one->case_name, .why = why};
    watcher_skipped(&session->watcher, one, (unsigned)index + 1, why);
}

/* Why the next case does not begin; NULL: it does. */
static const char *over(const struct session *session)
{
    const char *why = watcher_stopped(&session->watcher);
    const struct report_run *last = session->count ? &session->runs[session->count - 1] : NULL;
    bool passed = !last || (last->result->verdict == VERDICT_PASS &&
                            !(session->options->fail_on_flaky && report_flaky(last)));
    if (!why && session->options->fail_fast && !passed)
        why = "a case before it did not pass (--fail-fast)";
    return why;
}

static enum report_end how_ended(const struct session *session)
{
    if (watcher_timed_out(&session->watcher, session->skipped_count > 0))
        return REPORT_TIMED_OUT;
    return watcher_interrupted(&session->watcher) ? REPORT_INTERRUPTED : REPORT_COMPLETE;
}

/* Where a single run has the output folder for itself, its own block has said all. */
static void show_together(struct session *session, const struct report *report)
{
    int fd = fileno(session->people);
    struct text out = {0};
    if (session->batch->case_count == 1 && !session->batch->cases[0].folder && session->count)
        return;
    report_console_runs(report, terminal_width(fd), terminal_color(fd, session->options),
                        terminal_symbols(), &out);
    fprintf(session->people, "%s%s", session->count ? "\n" : "", text_get(&out));
    session->lost = fflush(session->people) != 0 || session->lost;
    text_fini(&out);
}

static int write_together(struct session *session)
{
    struct report report = {.runs = session->runs,
                            .run_count = session->count,
                            .skipped = session->skipped,
                            .skipped_count = session->skipped_count,
                            .end = how_ended(session),
                            .fail_on_flaky = session->options->fail_on_flaky,
                            .folder = session->out};
    struct text failed = {0};
    char directory[PATH_MAX];
    report_locate(&report, getcwd(directory, sizeof(directory)), getenv);
    if (!settle(session, report_write_top(&report, session->out, &failed), &failed))
        report.folder = NULL;
    text_fini(&failed);
    int code = report_exit_code(&report);
    show_together(session, &report);
    report.folder = session->out;
    if (!outputs_write(session->options, &report))
        session->lost = true;
    /* A gate whose verdict or reports are lost is no gate. */
    return session->lost && !code ? EXIT_ENVIRONMENT : code;
}

static void session_free(struct session *session)
{
    for (size_t i = 0; i < session->count; i++) {
        result_free((struct result *)session->runs[i].result);
        journal_free(session->runs[i].journal);
    }
    free(session->runs);
    free(session->skipped);
}

int session_run(struct batch *batch, const struct options *options)
{
    struct session session = {.options = options, .batch = batch};
    session.out = options->out ? options->out : SESSION_OUT;
    session.people = outputs_take_stdout(options) ? stderr : stdout;
    if (!outputs_valid(options, batch->case_count))
        return EXIT_USAGE;
    if (!watcher_init(&session.watcher, batch, options))
        return EXIT_ENVIRONMENT;
    session.runs = mem_array(batch->case_count, sizeof *session.runs);
    session.skipped = mem_array(batch->case_count, sizeof *session.skipped);
    kept_remove(session.out);
    for (size_t i = 0; i < batch->case_count; i++) {
        const char *why = over(&session);
        if (why)
            skip(&session, i, why);
        else
            run_case(&session, i);
    }
    int code = write_together(&session);
    if (!watcher_fini(&session.watcher, code) && !code)
        code = EXIT_ENVIRONMENT;
    session_free(&session);
    return code;
}
