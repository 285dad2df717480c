#include "support/specification.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cmtest/health.h"

static void socket_tells_what_found_no_room(void **state)
{
    (void)state;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof to;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), room = 256;
    uint32_t dropped = 1, queue = 0;
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &length), 0);
    assert_true(health_socket(fd, &dropped, &queue));
    assert_int_equal(dropped, 0);
    assert_true(queue > 0 && queue < 10000);
    for (int i = 0; i < 100; i++)
        assert_int_equal(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, length), 1);
    assert_true(health_socket(fd, &dropped, &queue));
    assert_in_range(dropped, 80, 99);
    close(fd);
    assert_false(health_socket(-1, &dropped, &queue));
}

static void peers_refusals_are_told_from_ours(void **state)
{
    (void)state;
    assert_int_equal(health_refusal_of(EAGAIN), REFUSAL_FULL);
    assert_int_equal(health_refusal_of(ENOBUFS), REFUSAL_FULL);
    assert_int_equal(health_refusal_of(EMFILE), REFUSAL_DESCRIPTORS);
    assert_int_equal(health_refusal_of(ENOMEM), REFUSAL_MEMORY);
    assert_int_equal(health_refusal_of(ECONNREFUSED), REFUSAL_PATH);
    assert_int_equal(health_refusal_of(EIO), REFUSAL_OTHER);
}

static void each_event_is_of_its_own_second(void **state)
{
    (void)state;
    struct health health;
    struct event event;
    health_begin(&health, "media", 3);
    health.now.asked = 7;
    health_close(&health, clock_now(), NULL, 5, &event);
    assert_int_equal(event.kind, EVENT_HEALTH);
    assert_string_equal(event.health.thread, "media");
    assert_int_equal(event.health.worker, 3);
    assert_int_equal(event.health.asked, 7);
    assert_int_equal(event.health.backlog, 5);
    assert_true(event.health.lag_p99_ns == EVENT_NONE);
    assert_true(event.health.cpu_ns >= 0 && event.health.length_ns >= 0);
    health_close(&health, clock_now(), NULL, 0, &event);
    assert_int_equal(event.health.asked, 0);
    assert_string_equal(event.health.thread, "media");
}

static void calibration_measures_and_a_plan_that_needs_much_does_not_fit(void **state)
{
    (void)state;
    struct machine machine = {.cpus = 2};
    struct estimate estimate = {.peak_endpoints = 1000000};
    struct event_machine out;
    estimate.resources[RESOURCE_MEDIA].need = 200;
    health_calibrate(20 * NS_PER_MS, &machine, &estimate, &out);
    assert_true(out.pair_ns > 100);
    assert_true(out.sleeps > 0 && out.sleep_p99_ns >= 0);
    assert_true(out.cpu_share > 0 && out.cpu_share <= 1);
    assert_true(out.fits > 0 && out.fits < 1000000);
    health_calibrate(0, &machine, &estimate, &out);
    assert_true(out.pair_ns == EVENT_NONE && out.sleep_p99_ns == EVENT_NONE);
    assert_int_equal(out.fits, 0);
}

/* clang-format off */
SPECIFICATION(cmocka_unit_test(socket_tells_what_found_no_room),
              cmocka_unit_test(peers_refusals_are_told_from_ours),
              cmocka_unit_test(each_event_is_of_its_own_second),
              cmocka_unit_test(calibration_measures_and_a_plan_that_needs_much_does_not_fit))
/* clang-format on */
