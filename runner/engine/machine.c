#include "cmtest/engine.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The number behind `key` in a small file of the kernel, in which it may stand alone; 0 when there
 * is none, or it says "max". */
static uint64_t number_in(const char *path, const char *key)
{
    char line[128];
    uint64_t found = 0;
    size_t length = strlen(key);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, key, length) != 0)
            continue;
        found = strtoull(line + length, NULL, 10);
        break;
    }
    if (file)
        fclose(file);
    return found;
}

/* A container may use less than the machine has: cgroup v2, as it is seen inside. */
static double quota(void)
{
    double most = 0, period = 0;
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    bool limited = file && fscanf(file, "%lf %lf", &most, &period) == 2 && period > 0;
    if (file)
        fclose(file);
    return limited ? most / period : 0;
}

static double cpus(void)
{
    cpu_set_t set;
    double count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    double limit = quota();
    return limit > 0 && (limit < count || count <= 0) ? limit : count;
}

static uint64_t memory(void)
{
    uint64_t available = number_in("/proc/meminfo", "MemAvailable:") * 1024;
    uint64_t limit = number_in("/sys/fs/cgroup/memory.max", "");
    uint64_t used = number_in("/sys/fs/cgroup/memory.current", "");
    uint64_t left = limit > used ? limit - used : 0;
    return limit && left < available ? left : available;
}

/* Address space that this process may still take, when that is limited. */
static void read_space(struct machine *machine)
{
    struct rlimit limit;
    unsigned long long pages = 0;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    FILE *file = fopen("/proc/self/statm", "re");
    bool known = file && fscanf(file, "%llu", &pages) == 1;
    if (file)
        fclose(file);
    uint64_t used = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t left = limit.rlim_cur > used ? limit.rlim_cur - used : 1;
    if (!known || (machine->memory && left >= machine->memory))
        return;
    machine->memory = left;
    machine->memory_certain = true;
}

void machine_read(struct machine *machine)
{
    struct rlimit limit;
    *machine = (struct machine){.cpus = cpus(), .memory = memory()};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max != RLIM_INFINITY)
        machine->descriptors = limit.rlim_max;
    else
        machine->descriptors = number_in("/proc/sys/fs/nr_open", "");
    read_space(machine);
}
