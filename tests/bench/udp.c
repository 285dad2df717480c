/*
 * The floor under all media: what the kernel takes to send and receive the datagrams of n streams
 * of 20 ms, with nothing done to them. Sockets are connected in pairs, each is served once per
 * packet time on a 1 ms grid, arrivals have the kernel's time stamps. Prints the CPU time (user and
 * system) of a packet sent and received, in ns, and how late the grid was: what the machine does to
 * a real-time thread, whatever program has it.
 *
 *   ninja -C build/release bench_udp && build/release/tests/bench_udp 1000 10
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define PTIME_MS 20
#define BYTES 172 /* RTP with 20 ms of G.711 */
#define STREAMS_MAX 9000
#define LATE_US_MAX 200000

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int open_socket(struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1;
    socklen_t length = sizeof *address;
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)address, sizeof *address) != 0 ||
        getsockname(fd, (struct sockaddr *)address, &length) != 0) {
        perror("bench_udp");
        exit(1);
    }
    return fd;
}

static void connect_pair(int *fds)
{
    struct sockaddr_in a, b;
    fds[0] = open_socket(&a);
    fds[1] = open_socket(&b);
    if (connect(fds[0], (struct sockaddr *)&b, sizeof b) != 0 ||
        connect(fds[1], (struct sockaddr *)&a, sizeof a) != 0) {
        perror("bench_udp");
        exit(1);
    }
}

static uint64_t receive(int fd)
{
    uint8_t bytes[1500];
    char control[CMSG_SPACE(sizeof(struct timespec))];
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    return recvmsg(fd, &message, MSG_DONTWAIT) > 0;
}

/* ms, of packets whose lateness in us is counted. */
static double quantile(const uint64_t *late, uint64_t count, double share)
{
    uint64_t below = 0;
    int us = 0;
    while (us < LATE_US_MAX && below + late[us] < share * (double)count)
        below += late[us++];
    return us / 1e3;
}

static double processor_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
    int streams = argc > 1 ? atoi(argv[1]) : 1000, seconds = argc > 2 ? atoi(argv[2]) : 10;
    static int fds[STREAMS_MAX];
    uint8_t bytes[BYTES] = {0x80};
    static uint64_t late[LATE_US_MAX + 1];
    uint64_t sent = 0, received = 0;
    struct sched_param real_time = {.sched_priority = 10};
    if (streams < 2 || streams > STREAMS_MAX || streams % 2 || seconds < 1) {
        fprintf(stderr, "usage: bench_udp [STREAMS [SECONDS]], streams even and at most %d\n",
                STREAMS_MAX);
        return 2;
    }
    for (int i = 0; i < streams; i += 2)
        connect_pair(&fds[i]);
    prctl(PR_SET_TIMERSLACK, 1UL);
    sched_setscheduler(0, SCHED_FIFO, &real_time); /* permitted or not */
    double before = processor_s();
    int64_t tick = now_ns() / 1000000, end = tick + seconds * 1000;
    for (; tick < end; tick++) {
        uint64_t already = sent;
        int64_t us = (now_ns() - tick * 1000000) / 1000;
        for (int i = (int)(tick % PTIME_MS); i < streams; i += PTIME_MS) {
            received += receive(fds[i]);
            sent += send(fds[i], bytes, sizeof bytes, MSG_DONTWAIT) == BYTES;
        }
        late[us > LATE_US_MAX ? LATE_US_MAX : us < 0 ? 0 : us] += sent - already;
        struct timespec until = {.tv_sec = (tick + 1) / 1000,
                                 .tv_nsec = (tick + 1) % 1000 * 1000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    double spent = processor_s() - before;
    printf("%d streams, %d s: %llu sent, %llu received, %.2f s of CPU, %.0f ns per packet, "
           "late p50 %.3f p99 %.3f max %.3f ms\n",
           streams, seconds, (unsigned long long)sent, (unsigned long long)received, spent,
           1e9 * spent / (double)sent, quantile(late, sent, 0.5), quantile(late, sent, 0.99),
           quantile(late, sent, 1));
    return 0;
}
