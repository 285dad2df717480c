/* What this machine can do in the moment before the run. */
#include "cmtest/health.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BYTES 172
#define SLEEP_NS NS_PER_MS

static int64_t cpu_now(void)
{
    struct thread_usage usage;
    thread_usage_read(&usage);
    return usage.cpu_ns;
}

static int open_pair(struct sockaddr_in *address)
{
    socklen_t length = sizeof *address;
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && (bind(fd, (struct sockaddr *)address, sizeof *address) < 0 ||
                    getsockname(fd, (struct sockaddr *)address, &length) < 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* To itself: the kernel does the same as for two. */
int64_t health_pair_ns(int64_t budget_ns)
{
    struct sockaddr_in address;
    uint8_t bytes[BYTES] = {0};
    int fd = open_pair(&address);
    if (fd < 0)
        return EVENT_NONE;
    int64_t until = clock_now() + budget_ns, began = cpu_now();
    uint32_t pairs = 0;
    do {
        for (int i = 0; i < 32; i++)
            pairs += sendto(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&address,
                            sizeof address) == BYTES &&
                     recv(fd, bytes, sizeof bytes, 0) == BYTES;
    } while (clock_now() < until);
    int64_t used = cpu_now() - began;
    close(fd);
    return pairs && began >= 0 ? used / pairs : EVENT_NONE;
}

static void measure_sleep(int64_t budget_ns, struct event_machine *out)
{
    struct lag_meter meter = {0};
    struct loop_lag lag;
    int64_t until = clock_now() + budget_ns;
    while (clock_now() < until) {
        int64_t due = clock_now() + SLEEP_NS;
        clock_sleep_until(due);
        lag_add(&meter, clock_now() - due);
    }
    lag_take(&meter, &lag);
    out->sleeps = lag.count;
    out->sleep_p99_ns = lag.count ? lag.p99_ns : EVENT_NONE;
}

static double measure_share(int64_t budget_ns)
{
    int64_t began = clock_now(), used = cpu_now(), now;
    do
        now = clock_now();
    while (now - began < budget_ns);
    double share = used < 0 ? 0 : (double)(cpu_now() - used) / (double)(clock_now() - began);
    return share > 1 ? 1 : share;
}

static uint64_t number_of(const char *path)
{
    unsigned long long found = 0;
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%llu", &found) != 1)
        found = 0;
    if (file)
        fclose(file);
    return found;
}

/* What the same took where ESTIMATE_PACKET_NS was measured; and how far a thread that keeps times
 * may be loaded. */
#define USUAL_PAIR_NS 2930
#define COMFORTABLE 0.75

static uint32_t fits(const struct event_machine *machine)
{
    double need = machine->media_cores * (double)machine->pair_ns / USUAL_PAIR_NS;
    double have = COMFORTABLE * machine->cpu_share *
                  (machine->cpus > 0 && machine->cpus < 1 ? machine->cpus : 1);
    if (machine->pair_ns == EVENT_NONE || need <= 0 || have <= 0)
        return 0;
    double count = machine->endpoints * have / need;
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

void health_calibrate(int64_t budget_ns, const struct machine *machine,
                      const struct estimate *estimate, struct event_machine *out)
{
    *out = (struct event_machine){
        .cpus = machine->cpus,
        .descriptors = machine->descriptors,
        .memory = machine->memory,
        .queue_most = number_of("/proc/sys/net/core/rmem_max"),
        .endpoints = estimate->peak_endpoints,
        .media_cores = estimate->resources[RESOURCE_MEDIA].need,
        .pair_ns = EVENT_NONE,
        .sleep_p99_ns = EVENT_NONE,
    };
    if (budget_ns <= 0)
        return;
    out->pair_ns = health_pair_ns(budget_ns / 4);
    measure_sleep(budget_ns / 2, out);
    out->cpu_share = measure_share(budget_ns / 4);
    out->fits = fits(out);
}
