#include "apart.h"
#include "cmtest/arena.h"
#include "cmtest/text.h"
#include "embedded.h"
#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the process tells: ports by registrar follow, or nothing behind a sentence. */
struct greeting {
    bool ok;
    char why[256];
};

static bool read_all(int fd, void *to, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t got = read(fd, (char *)to + at, length - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static _Noreturn void run(struct plan *plan, int fd, pid_t parent)
{
    struct greeting greeting = {0};
    uint16_t *ports = mem_array(plan->registrar_count, sizeof *ports);
    char end;
    worker_begin(parent);
    struct embedded *embedded = embedded_start(plan, greeting.why, sizeof greeting.why);
    greeting.ok = embedded != NULL;
    for (size_t i = 0; i < plan->registrar_count; i++)
        ports[i] = plan->registrars[i].port;
    if (write(fd, &greeting, sizeof greeting) == (ssize_t)sizeof greeting &&
        write(fd, ports, plan->registrar_count * sizeof *ports) > 0)
        while (embedded && read(fd, &end, 1) < 0 && errno == EINTR)
            ;
    embedded_stop(embedded);
    free(ports);
    exit(0);
}

static bool take_ports(const struct apart *apart, struct plan *plan, char *why, size_t why_size)
{
    struct greeting greeting;
    uint16_t *ports = mem_array(plan->registrar_count, sizeof *ports);
    bool told = read_all(apart->fd, &greeting, sizeof greeting) &&
                read_all(apart->fd, ports, plan->registrar_count * sizeof *ports);
    if (!told)
        snprintf(why, why_size, "the process of the embedded registrar ended before it began");
    else if (!greeting.ok)
        text_copy(why, why_size, greeting.why);
    for (size_t i = 0; told && i < plan->registrar_count; i++)
        if (plan->registrars[i].embedded)
            plan->registrars[i].port = ports[i];
    free(ports);
    return told && greeting.ok;
}

static bool has_embedded(const struct plan *plan)
{
    for (size_t i = 0; i < plan->registrar_count; i++)
        if (plan->registrars[i].embedded)
            return true;
    return false;
}

bool apart_start(struct apart *apart, struct plan *plan, char *why, size_t why_size)
{
    int ends[2];
    pid_t parent = getpid();
    *apart = (struct apart){.fd = -1};
    if (!has_embedded(plan))
        return true;
    fflush(NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 || (apart->pid = fork()) < 0) {
        snprintf(why, why_size, "no process for the embedded registrar: %s", strerror(errno));
        apart->pid = 0;
        return false;
    }
    if (!apart->pid) {
        close(ends[0]);
        run(plan, ends[1], parent);
    }
    close(ends[1]);
    apart->fd = ends[0];
    if (take_ports(apart, plan, why, why_size))
        return true;
    apart_stop(apart);
    return false;
}

void apart_stop(struct apart *apart)
{
    if (apart->fd >= 0)
        close(apart->fd);
    apart->fd = -1;
    if (apart->pid > 0)
        while (waitpid(apart->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    apart->pid = 0;
}
