#include "support/specification.h"

#include <string.h>
#include "support/fixture.h"

/* A run of 20 calls with a thread of each kind that does well: its tests make one of them worse. */
static void begin(struct fixture *f, const char *threshold)
{
    fixture_init(f, 20);
    if (threshold)
        fixture_threshold(f, threshold);
    fixture_run(f);
}

static void whole_calls(struct fixture *f, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        fixture_whole_call(f, i, 4.41);
}

static struct event_health healthy(const char *thread)
{
    struct event_health health = {.length_ns = FIXTURE_S,
                                  .cpu_ns = 100 * FIXTURE_MS,
                                  .waited_ns = FIXTURE_MS,
                                  .process_ns = 200 * FIXTURE_MS,
                                  .turns = 1000,
                                  .lag_p99_ns = FIXTURE_MS,
                                  .lag_max_ns = 2 * FIXTURE_MS,
                                  .asked = 1000,
                                  .done = 1000,
                                  .received = 1000,
                                  .queue = 212992};
    snprintf(health.thread, sizeof health.thread, "%s", thread);
    return health;
}

static void tell(struct fixture *f, const struct event_health *health)
{
    fixture_event(f,
                  (struct event){.endpoint = ROSTER_NONE, .kind = EVENT_HEALTH, .health = *health});
}

static void tell_machine(struct fixture *f, struct event_machine machine)
{
    machine.cpus = 2;
    machine.endpoints = 40;
    fixture_event(
        f, (struct event){.endpoint = ROSTER_NONE, .kind = EVENT_MACHINE, .machine = machine});
}

static struct event_health starved(const char *thread)
{
    struct event_health health = healthy(thread);
    health.waited_ns = 380 * FIXTURE_MS;
    health.late = 200;
    health.lag_p99_ns = 90 * FIXTURE_MS;
    health.lag_max_ns = 700 * FIXTURE_MS;
    return health;
}

static void assert_limit(const struct fixture *f, const char *resource, const char *says)
{
    assert_true(f->result->limit_count > 0);
    assert_string_equal(f->result->limits[0].resource, resource);
    if (!strstr(f->result->limits[0].text, says))
        fail_msg("\"%s\" does not say \"%s\"", f->result->limits[0].text, says);
    assert_true(f->result->limits[0].next[0]);
}

static void judge(struct fixture *f, enum verdict verdict)
{
    fixture_judge(f);
    assert_string_equal(verdict_name(f->result->verdict), verdict_name(verdict));
}

static void healthy_generator_has_no_limit(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media"), signalling = healthy("signalling");
    (void)state;
    begin(&f, "receive.jitter.p95 < 0.1ms");
    whole_calls(&f, 20);
    tell(&f, &media);
    tell(&f, &signalling);
    judge(&f, VERDICT_FAIL);
    assert_int_equal(f.result->limit_count, 0);
    fixture_fini(&f);
}

static void starved_media_thread_names_the_cpu_and_what_would_fit(void **state)
{
    struct fixture f;
    struct event_health media = starved("media");
    (void)state;
    begin(&f, "receive.jitter.p95 < 0.1ms");
    whole_calls(&f, 20);
    tell_machine(&f, (struct event_machine){.pair_ns = EVENT_NONE});
    tell(&f, &media);
    fixture_pacing(&f, 10, 7 * FIXTURE_MS);
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "cpu",
                 "the media thread wanted a CPU and did not get one for 38% of the time");
    assert_limit(&f, "cpu", "something else uses this machine");
    assert_true(f.result->limits[0].decisive);
    /* It got 100 of the 480 ms that it wanted. */
    assert_int_equal(f.result->limits[0].fits, 8);
    assert_non_null(strstr(f.result->why, "About 8 endpoints in a call would fit"));
    assert_string_equal(f.result->judgements[0].note,
                        "limit of this machine: cpu, which may have caused this failure");
    fixture_fini(&f);
}

static void thread_that_uses_all_of_a_cpu_is_its_own_limit(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "receive.jitter.p95 < 0.1ms");
    whole_calls(&f, 20);
    media.cpu_ns = 970 * FIXTURE_MS;
    tell(&f, &media);
    fixture_pacing(&f, 10, 7 * FIXTURE_MS);
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "cpu", "the media thread used 97% of a CPU");
    fixture_fini(&f);
}

static void signalling_that_waits_behind_our_own_media_is_our_own_load(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media"), signalling = starved("signalling");
    (void)state;
    begin(&f, "post_dial_delay.max < 1ms");
    whole_calls(&f, 20);
    media.cpu_ns = 960 * FIXTURE_MS;
    tell_machine(&f, (struct event_machine){.pair_ns = EVENT_NONE});
    tell(&f, &media);
    tell(&f, &signalling);
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "cpu", "this program's own load is more than its CPUs carry");
    /* Of 40 so many as leave a quarter of that CPU. */
    assert_int_equal(f.result->limits[0].fits, 31);
    fixture_fini(&f);
}

static void waiting_that_made_nothing_late_is_no_limit(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "receive.jitter.p95 < 0.1ms");
    whole_calls(&f, 20);
    media.waited_ns = 380 * FIXTURE_MS;
    tell(&f, &media);
    judge(&f, VERDICT_FAIL);
    assert_int_equal(f.result->limit_count, 0);
    fixture_fini(&f);
}

static void late_signalling_bends_times_of_sip_and_not_of_media(void **state)
{
    struct fixture f;
    struct event_health signalling = starved("signalling");
    (void)state;
    fixture_init(&f, 20);
    fixture_threshold(&f, "post_dial_delay.max < 1ms");
    fixture_threshold(&f, "receive.mos.min > 4.45");
    fixture_run(&f);
    whole_calls(&f, 20);
    tell(&f, &signalling);
    judge(&f, VERDICT_FAIL);
    assert_int_equal(f.result->judgements[0].verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(f.result->judgements[1].verdict, VERDICT_FAIL);
    fixture_fini(&f);
}

static void refusal_of_the_peer_stays_a_failure_on_a_starved_machine(void **state)
{
    struct fixture f;
    struct event_health signalling = starved("signalling");
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    whole_calls(&f, 19);
    fixture_refused_call(&f, 19, 486, "Busy Here", OUTCOME_CALL_FAILED);
    tell(&f, &signalling);
    judge(&f, VERDICT_FAIL);
    fixture_fini(&f);
}

static void unanswered(struct fixture *f, uint32_t index)
{
    fixture_refused_call(f, index, 0, "", OUTCOME_TIMEOUT);
    struct event event = {.endpoint = fixture_caller(f, index), .kind = EVENT_OUTCOME};
    event.outcome.outcome = OUTCOME_TIMEOUT;
    event.outcome.failure = FAILURE_NO_ANSWER;
    f->result->endpoints[event.endpoint].outcome = event.outcome;
}

static void silence_is_excused_where_our_sip_stood_still(void **state)
{
    (void)state;
    for (int stopped = 0; stopped < 2; stopped++) {
        struct fixture f;
        struct event_health signalling = stopped ? starved("signalling") : healthy("signalling");
        begin(&f, "calls.success_rate >= 100%");
        whole_calls(&f, 19);
        unanswered(&f, 19);
        tell(&f, &signalling);
        judge(&f, stopped ? VERDICT_INCONCLUSIVE : VERDICT_FAIL);
        fixture_fini(&f);
    }
}

static void silence_beside_a_refusal_does_not_excuse_the_refusal(void **state)
{
    struct fixture f;
    struct event_health signalling = starved("signalling");
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    whole_calls(&f, 18);
    unanswered(&f, 18);
    fixture_refused_call(&f, 19, 486, "Busy Here", OUTCOME_CALL_FAILED);
    tell(&f, &signalling);
    judge(&f, VERDICT_FAIL);
    fixture_fini(&f);
}

static void dropped_datagrams_name_the_queue(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "receive.packets_expected.min > 100000");
    whole_calls(&f, 20);
    media.dropped = 1234;
    media.queue = 4608;
    tell(&f, &media);
    tell(&f, &media);
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "receive queue",
                 "the kernel dropped 2468 datagrams that had arrived (2000 were read), because the "
                 "queue of 4.6 kB is too small");
    fixture_fini(&f);
}

static void dropped_media_does_not_excuse_times_of_sip(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "post_dial_delay.max < 1ms");
    whole_calls(&f, 20);
    media.dropped = 1234;
    tell(&f, &media);
    judge(&f, VERDICT_FAIL);
    assert_limit(&f, "receive queue", "dropped");
    assert_false(f.result->limits[0].decisive);
    fixture_fini(&f);
}

static void good_run_passes_although_something_was_dropped(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    whole_calls(&f, 20);
    media.dropped = 3;
    tell(&f, &media);
    judge(&f, VERDICT_PASS);
    assert_limit(&f, "receive queue", "3 datagrams");
    assert_false(f.result->limits[0].decisive);
    fixture_fini(&f);
}

static void plan_that_needs_more_descriptors_was_never_started(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    tell_machine(&f, (struct event_machine){
                         .refused = MACHINE_DESCRIPTORS, .need = 180, .have = 60, .fits = 20});
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_int_equal(result_exit_code(f.result), 5);
    assert_limit(&f, "descriptors", "needs 180 descriptors at once and 60 are allowed");
    assert_int_equal(f.result->limits[0].fits, 20);
    assert_int_equal(f.result->diagnosis_count, 0);
    fixture_fini(&f);
}

static void plan_that_needs_more_memory_was_never_started(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, NULL);
    tell_machine(&f, (struct event_machine){
                         .refused = MACHINE_MEMORY, .need = 3e8, .have = 1e8, .fits = 300});
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "memory", "about 300 MB of memory and this process may have 100 MB more");
    fixture_fini(&f);
}

static void descriptors_that_ran_out_on_the_way_excuse_whom_they_stopped(void **state)
{
    struct fixture f;
    struct event_health signalling = healthy("signalling");
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    whole_calls(&f, 19);
    unanswered(&f, 19);
    f.result->endpoints[fixture_caller(&f, 19)].outcome =
        (struct event_outcome){.outcome = OUTCOME_OSERROR, .failure = FAILURE_LOCAL};
    signalling.refused[REFUSAL_DESCRIPTORS] = 1;
    tell(&f, &signalling);
    judge(&f, VERDICT_INCONCLUSIVE);
    assert_limit(&f, "descriptors", "1 sockets could not be opened");
    fixture_fini(&f);
}

static void calls_that_begin_too_late_are_not_the_rate_that_was_asked_for(void **state)
{
    (void)state;
    for (uint32_t done = 95; done >= 94; done--) {
        struct fixture f;
        struct event_health signalling = healthy("signalling");
        begin(&f, "calls.success_rate >= 100%");
        whole_calls(&f, 20);
        signalling.asked = 100;
        signalling.done = done;
        tell(&f, &signalling);
        judge(&f, done == 95 ? VERDICT_PASS : VERDICT_INCONCLUSIVE);
        if (done == 94)
            assert_limit(&f, "rate", "6 of 100 registrations and calls");
        fixture_fini(&f);
    }
}

static void packets_that_the_network_refused_are_not_the_machine(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, "calls.success_rate >= 100%");
    whole_calls(&f, 20);
    fixture_pacing(&f, 24000, FIXTURE_MS);
    media.refused[REFUSAL_PATH] = 24000;
    tell(&f, &media);
    judge(&f, VERDICT_PASS);
    assert_int_equal(f.result->limit_count, 0);
    fixture_fini(&f);
}

static void stand_still(const char *threshold, const char *thread, int64_t lag_ns,
                        enum verdict verdict)
{
    struct fixture f;
    struct event_health health = healthy(thread);
    begin(&f, threshold);
    whole_calls(&f, 20);
    fixture_pacing(&f, 0, FIXTURE_MS);
    health.late = 1;
    health.lag_max_ns = lag_ns;
    tell(&f, &health);
    judge(&f, verdict);
    fixture_fini(&f);
}

/* 120 ms of 18 s are too few packets for a percentile of lateness, and enough for the worst one. */
static void moment_of_standstill_makes_extremes_undecided_and_no_mean(void **state)
{
    (void)state;
    stand_still("receive.jitter.max < 0.1ms", "media", 120 * FIXTURE_MS, VERDICT_INCONCLUSIVE);
    stand_still("receive.jitter.avg < 0.1ms during worst 2s", "media", 120 * FIXTURE_MS,
                VERDICT_INCONCLUSIVE);
    stand_still("receive.jitter.max < 0.1ms", "media", 10 * FIXTURE_MS, VERDICT_FAIL);
    stand_still("receive.jitter.avg < 0.1ms", "media", 120 * FIXTURE_MS, VERDICT_FAIL);
    stand_still("receive.jitter.median < 0.1ms", "media", 120 * FIXTURE_MS, VERDICT_FAIL);
    stand_still("receive.jitter.max < 0.1ms", "signalling", 120 * FIXTURE_MS, VERDICT_FAIL);
    stand_still("call_setup_time.max < 0.1ms", "signalling", 300 * FIXTURE_MS,
                VERDICT_INCONCLUSIVE);
    stand_still("call_setup_time.avg < 0.1ms", "signalling", 300 * FIXTURE_MS, VERDICT_FAIL);
}

static void stop_of_seconds_excuses_silence_among_any_number_of_timers(void **state)
{
    (void)state;
    for (int seconds = 1; seconds <= 2; seconds++) {
        struct fixture f;
        struct event_health signalling = healthy("signalling");
        begin(&f, "calls.success_rate >= 100%");
        whole_calls(&f, 19);
        unanswered(&f, 19);
        signalling.turns = 100000;
        signalling.late = 5;
        signalling.lag_max_ns = seconds * FIXTURE_S;
        tell(&f, &signalling);
        judge(&f, seconds == 2 ? VERDICT_INCONCLUSIVE : VERDICT_FAIL);
        fixture_fini(&f);
    }
}

static void threads_are_summed_each_by_worker(void **state)
{
    struct fixture f;
    struct event_health media = healthy("media");
    (void)state;
    begin(&f, NULL);
    whole_calls(&f, 20);
    tell(&f, &media);
    media.cpu_ns = 300 * FIXTURE_MS;
    media.waited_ns = EVENT_NONE;
    tell(&f, &media);
    media.worker = 1;
    media.cpu_ns = EVENT_NONE;
    tell(&f, &media);
    judge(&f, VERDICT_PASS);
    assert_int_equal(f.result->health_count, 2);
    const struct result_health *sum = &f.result->health[0];
    assert_int_equal(sum->seconds, 2);
    assert_int_equal(sum->cpu_ns, 400 * FIXTURE_MS);
    assert_int_equal(sum->waited_ns, FIXTURE_MS);
    assert_true(sum->cpu_most > 0.299 && sum->cpu_most < 0.301);
    assert_int_equal(sum->received, 2000);
    assert_true(f.result->health[1].cpu_ns == EVENT_NONE);
    fixture_fini(&f);
}

/* clang-format off */
SPECIFICATION(cmocka_unit_test(healthy_generator_has_no_limit),
              cmocka_unit_test(starved_media_thread_names_the_cpu_and_what_would_fit),
              cmocka_unit_test(thread_that_uses_all_of_a_cpu_is_its_own_limit),
              cmocka_unit_test(signalling_that_waits_behind_our_own_media_is_our_own_load),
              cmocka_unit_test(waiting_that_made_nothing_late_is_no_limit),
              cmocka_unit_test(late_signalling_bends_times_of_sip_and_not_of_media),
              cmocka_unit_test(refusal_of_the_peer_stays_a_failure_on_a_starved_machine),
              cmocka_unit_test(silence_is_excused_where_our_sip_stood_still),
              cmocka_unit_test(silence_beside_a_refusal_does_not_excuse_the_refusal),
              cmocka_unit_test(dropped_datagrams_name_the_queue),
              cmocka_unit_test(dropped_media_does_not_excuse_times_of_sip),
              cmocka_unit_test(good_run_passes_although_something_was_dropped),
              cmocka_unit_test(plan_that_needs_more_descriptors_was_never_started),
              cmocka_unit_test(plan_that_needs_more_memory_was_never_started),
              cmocka_unit_test(descriptors_that_ran_out_on_the_way_excuse_whom_they_stopped),
              cmocka_unit_test(calls_that_begin_too_late_are_not_the_rate_that_was_asked_for),
              cmocka_unit_test(packets_that_the_network_refused_are_not_the_machine),
              cmocka_unit_test(moment_of_standstill_makes_extremes_undecided_and_no_mean),
              cmocka_unit_test(stop_of_seconds_excuses_silence_among_any_number_of_timers),
              cmocka_unit_test(threads_are_summed_each_by_worker))
/* clang-format on */
