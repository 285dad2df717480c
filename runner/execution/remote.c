#include "remote.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "cmtest/loop.h"

#define POLL_NS (2 * NS_PER_S)
#define GRACE_NS (300 * NS_PER_S) /* for what the platform does around a run */
#define CAPACITY_FIRST_NS (5 * NS_PER_S)
#define CAPACITY_MOST_NS (60 * NS_PER_S)
#define STEP_NS (50 * NS_PER_MS)

/* ---- time and patience ---------------------------------------------------------------------- */

static int64_t host_now(void *to)
{
    (void)to;
    return clock_now();
}

static int64_t host_utc(void *to)
{
    (void)to;
    return clock_utc(clock_now());
}

static bool host_wait(void *to, int64_t ns)
{
    struct remote *remote = to;
    struct timespec pause = {.tv_nsec = ns < STEP_NS ? ns : STEP_NS};
    if (ns > 0)
        nanosleep(&pause, NULL);
    if (remote->watch->tick)
        remote->watch->tick(remote->watch->to, clock_now());
    return !remote->watch->interrupts || *remote->watch->interrupts <= remote->patience;
}

/* false: interrupted. */
static bool wait_for(struct remote *remote, int64_t ns)
{
    int64_t end = clock_now() + ns;
    for (int64_t left = ns; left > 0; left = end - clock_now())
        if (!host_wait(remote, left))
            return false;
    return host_wait(remote, 0);
}

/* ---- what is told --------------------------------------------------------------------------- */

static bool fail(struct remote *remote, const struct platform_error *error)
{
    text_copy(remote->why, sizeof remote->why, error->text);
    return false;
}

static void warn(const struct remote *remote, const char *text)
{
    if (remote->asked->warn)
        remote->asked->warn(remote->asked->to, text);
}

static void tell(struct remote *remote, const struct platform_run *run)
{
    bool news = strcmp(run->word, remote->run.word) != 0 || strcmp(run->id, remote->run.id) != 0;
    remote->run = *run;
    if (news && remote->asked->status)
        remote->asked->status(remote->asked->to, run);
}

bool remote_open(struct remote *remote, const struct plan *plan,
                 const struct execution_watch *watch)
{
    struct platform_error error;
    struct platform_host host = {host_now, host_utc, host_wait, remote};
    *remote = (struct remote){.plan = plan, .watch = watch, .asked = watch->remote};
    if (!remote->asked) {
        text_copy(remote->why, sizeof remote->why, "nobody said which platform");
        return false;
    }
    remote->client = platform_new(&remote->asked->config, &host, &error);
    return remote->client || fail(remote, &error);
}

void remote_close(struct remote *remote)
{
    platform_free(remote->client);
}

/* ---- which test ----------------------------------------------------------------------------- */

static void differ(struct text *out, const char *what, double spec, double shown, const char *unit)
{
    if (shown >= 0 && fabs(spec - shown) > 1e-9)
        text_printf(out, "%s%s %g%s, not %g%s", out->length ? ", " : "", what, shown, unit, spec,
                    unit);
}

/* What the platform will run has to be what the spec says, as far as it shows. */
static bool look_for_drift(struct remote *remote)
{
    struct platform_error error;
    struct platform_test shown;
    struct text differences = {0}, text = {0};
    const struct plan *plan = remote->plan;
    if (!platform_test(remote->client, remote->asked->project, remote->test, &shown, &error)) {
        if (error.failure != PLATFORM_MISSING)
            return fail(remote, &error);
        warn(remote, "the platform does not show the test: whether it is what the spec says cannot "
                     "be checked");
        return true;
    }
    differ(&differences, "endpoints:", (double)plan->endpoint_count, (double)shown.endpoints, "");
    differ(&differences, "groups:", (double)plan->group_count, (double)shown.groups, "");
    differ(&differences, "duration:", (double)plan->duration_ns / NS_PER_S, shown.duration_s, " s");
    differ(&differences, "buildup:", (double)plan->buildup_ns / NS_PER_S, shown.buildup_s, " s");
    bool drift = differences.length > 0;
    text_printf(&text, "the platform's test is not what the spec says (%s)%s",
                text_get(&differences),
                remote->asked->allow_drift ? "" : ": mend either, or run it with --allow-drift");
    if (drift && remote->asked->allow_drift)
        warn(remote, text_get(&text));
    else if (drift)
        text_copy(remote->why, sizeof remote->why, text_get(&text));
    text_fini(&differences);
    text_fini(&text);
    return !drift || remote->asked->allow_drift;
}

static bool make_test(struct remote *remote)
{
    struct platform_error error;
    struct platform_test made;
    struct text text = {0};
    const char *name = remote->plan->name ? remote->plan->name : remote->plan->spec;
    if (!platform_create(remote->client, remote->asked->project, name, remote->asked->document,
                         &made, &error)) {
        if (error.failure != PLATFORM_MISSING)
            return fail(remote, &error);
        snprintf(remote->why, sizeof remote->why,
                 "this platform makes no tests from specs, or has no project %.128s: make the test "
                 "there, and name it in the spec, platform: { project: ID, test: ID }",
                 remote->asked->project);
        return false;
    }
    text_copy(remote->test, sizeof remote->test, made.id);
    text_printf(&text, "the test %s was made from the spec", made.id);
    warn(remote, text_get(&text));
    text_fini(&text);
    return true;
}

/* ---- the run -------------------------------------------------------------------------------- */

static bool start(struct remote *remote)
{
    struct platform_error error;
    struct platform_run run;
    /* Whoever interrupts while it is being started wants it stopped, and for that its id is needed.
     */
    remote->patience = 1;
    bool ok = platform_start(remote->client, remote->asked->project, remote->test, &run, &error);
    remote->patience = 0;
    if (!ok)
        return fail(remote, &error);
    tell(remote, &run);
    return true;
}

bool remote_start(struct remote *remote)
{
    struct platform_error error;
    struct platform_run run;
    const struct execution_remote *asked = remote->asked;
    if (asked->resume) {
        if (!platform_get(remote->client, asked->project, asked->resume, &run, &error))
            return fail(remote, &error);
        tell(remote, &run);
        return true;
    }
    if (asked->test)
        text_copy(remote->test, sizeof remote->test, asked->test);
    return (asked->test ? look_for_drift(remote) : make_test(remote)) && start(remote);
}

static bool poll(struct remote *remote)
{
    struct platform_error error;
    struct platform_run run;
    char id[PLATFORM_ID];
    text_copy(id, sizeof id, remote->run.id);
    if (!platform_get(remote->client, remote->asked->project, id, &run, &error)) {
        if (error.failure == PLATFORM_GIVEN_UP)
            return true; /* whoever gave up is asked next */
        snprintf(remote->why, sizeof remote->why,
                 "%.380s; the run goes on: `cmtest fetch %.60s` waits for it", error.text, id);
        return false;
    }
    tell(remote, &run);
    return true;
}

/* Asks it to stop, and goes on until it has, or whoever interrupts has no more patience. */
static void stop(struct remote *remote)
{
    struct platform_error error;
    if (remote->interrupted)
        return;
    remote->interrupted = true;
    remote->patience = 1;
    if (platform_stop(remote->client, remote->asked->project, remote->run.id, &error))
        return;
    struct text text = {0};
    text_printf(&text, "the run %s could not be stopped: %s", remote->run.id, error.text);
    warn(remote, text_get(&text));
    text_fini(&text);
    remote->patience = 0;
}

static bool is_interrupted(const struct remote *remote)
{
    return remote->watch->interrupts && *remote->watch->interrupts > remote->patience;
}

static int64_t poll_ns(const struct remote *remote)
{
    return remote->asked->poll_ns ? remote->asked->poll_ns : POLL_NS;
}

/* Until it has ended. false: why, or left alone by who interrupted. */
static bool wait_for_end(struct remote *remote)
{
    int64_t limit = remote->plan->deadline_ns + remote->asked->capacity_ns + GRACE_NS;
    int64_t started = clock_now();
    while (!platform_status_final(remote->run.status)) {
        if (is_interrupted(remote)) {
            bool again = remote->interrupted;
            stop(remote);
            if (again || remote->patience == 0)
                return false;
        }
        if (clock_now() - started > limit) {
            snprintf(remote->why, sizeof remote->why,
                     "the run has not ended after %lld s (%s), and by the spec it should have: "
                     "`cmtest fetch %.60s` waits on",
                     (long long)((clock_now() - started) / NS_PER_S), remote->run.word,
                     remote->run.id);
            return false;
        }
        if (wait_for(remote, poll_ns(remote)) && !poll(remote))
            return false;
    }
    return true;
}

bool remote_follow(struct remote *remote)
{
    int64_t since = clock_now(),
            pause = poll_ns(remote) < CAPACITY_FIRST_NS ? poll_ns(remote) : CAPACITY_FIRST_NS;
    for (;;) {
        if (!wait_for_end(remote))
            return false;
        if (remote->run.status != RUN_NO_CAPACITY || remote->interrupted)
            return true;
        bool over = clock_now() - since + pause > remote->asked->capacity_ns;
        if (remote->asked->resume || over) {
            snprintf(remote->why, sizeof remote->why,
                     "the platform cannot run it for now (%s%s%.200s); nothing was called; "
                     "--wait-capacity waits longer than %lld s",
                     remote->run.word, remote->run.reason[0] ? ": " : "", remote->run.reason,
                     (long long)(remote->asked->capacity_ns / NS_PER_S));
            return false;
        }
        if (!wait_for(remote, pause)) {
            remote->interrupted = true;
            return false;
        }
        pause = 2 * pause < CAPACITY_MOST_NS ? 2 * pause : CAPACITY_MOST_NS;
        if (!start(remote))
            return false;
    }
}

bool remote_fetch(struct remote *remote, struct platform_sink *sink)
{
    struct platform_error error;
    /* Who has stopped the run still wants what it told. */
    remote->patience = remote->watch->interrupts ? *remote->watch->interrupts : 0;
    if (!platform_metrics(remote->client, remote->asked->project, remote->run.id, sink, &error)) {
        snprintf(remote->why, sizeof remote->why,
                 "the run has ended (%s), but its metrics could not be had: %.360s",
                 remote->run.word, error.text);
        return false;
    }
    if (sink->strangers)
        snprintf(remote->why, sizeof remote->why,
                 "the platform told of endpoints that the spec does not have, first %s: it ran "
                 "another test",
                 sink->stranger);
    else if (!sink->events && !sink->figures)
        snprintf(remote->why, sizeof remote->why,
                 "the run has ended (%s), but the platform told no metrics of it: nothing can be "
                 "judged",
                 remote->run.word);
    return !remote->why[0];
}

bool execution_submit(const struct plan *plan, const struct execution_watch *watch,
                      struct platform_run *run, char *why, size_t why_size)
{
    struct remote remote;
    bool ok = remote_open(&remote, plan, watch) && remote_start(&remote);
    *run = remote.run;
    text_copy(why, why_size, remote.why);
    remote_close(&remote);
    return ok;
}
