/*
 * openmetrics-series: every sample with its time as OpenMetrics 1.0 text, for `promtool tsdb
 * create-blocks-from openmetrics`. The format wants all of a metric together, and in it all of an
 * endpoint, but a run tells them second by second: each metric is gathered in a temporary file.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "cmtest/arena.h"
#include "cmtest/json_event.h"
#include "samples.h"

struct point {
    uint32_t run, endpoint;
    int64_t at_ns;
    double value;
};

struct family {
    struct metric_key key;
    FILE *points;
    size_t count;
};

struct gathering {
    struct family *families;
    size_t count;
    uint32_t run;
    int error; /* errno of what could not be kept; 0 */
};

static struct family *find(struct gathering *all, const struct metric_key *key)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->families[i].key.metric == key->metric &&
            all->families[i].key.direction == key->direction)
            return &all->families[i];
    all->families = mem_grow(all->families, all->count + 1, sizeof(*all->families));
    struct family *family = &all->families[all->count++];
    *family = (struct family){.key = *key, .points = tmpfile()};
    if (!family->points)
        all->error = errno;
    return family;
}

static void take(void *to, const struct sample *sample)
{
    struct gathering *all = to;
    if (!sample->event || all->error)
        return;
    struct family *family = find(all, &sample->key);
    struct point point = {all->run, sample->endpoint, sample->event->at_ns, sample->value};
    if (!family->points)
        return;
    if (fwrite(&point, sizeof(point), 1, family->points) == 1)
        family->count++;
    else
        all->error = errno;
}

static int in_order(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    if (x->run != y->run)
        return x->run < y->run ? -1 : 1;
    if (x->endpoint != y->endpoint)
        return x->endpoint < y->endpoint ? -1 : 1;
    return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

static void add_label(struct text *out, const char *name, const char *value)
{
    text_printf(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '\n')
            text_add(out, "\\n");
        else if (*value == '"' || *value == '\\')
            text_printf(out, "\\%c", *value);
        else
            text_add_bytes(out, value, 1);
    }
    text_add(out, "\"");
}

static void add_name(struct text *out, const struct metric_key *key)
{
    char name[128];
    metric_key_name(key, name, sizeof(name));
    text_add(out, "cmtest_");
    for (const char *at = name; *at; at++)
        text_add_bytes(out, isalnum((unsigned char)*at) ? at : "_", 1);
}

static void write_point(const struct report *report, const struct family *family,
                        const struct point *point, struct text *line, FILE *out)
{
    char name[96];
    const struct report_run *run = &report->runs[point->run];
    const struct roster *roster = run->result->roster;
    const struct roster_endpoint *who = &roster->endpoints[point->endpoint];
    roster_endpoint_name(roster, point->endpoint, name, sizeof(name));
    text_clear(line);
    add_name(line, &family->key);
    text_add(line, "{");
    add_label(line, "endpoint", name);
    text_add(line, ",");
    add_label(line, "group", roster->groups[who->group].name);
    if (run->case_name) {
        text_add(line, ",");
        add_label(line, "case", run->case_name);
    }
    text_add(line, "} ");
    json_event_number(point->value, line);
    uint64_t at = point->at_ns < 0 ? 0 : (uint64_t)point->at_ns;
    text_printf(line, " %llu.%09llu\n", (unsigned long long)(at / 1000000000),
                (unsigned long long)(at % 1000000000));
    fwrite(text_get(line), 1, line->length, out);
}

/* false, with errno: what was gathered cannot be had back. */
static bool write_family(const struct report *report, const struct family *family, FILE *out)
{
    struct text line = {0};
    size_t size = family->count * sizeof(struct point);
    if (size == 0)
        return true;
    if (fflush(family->points) != 0)
        return false;
    struct point *points =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(family->points), 0);
    if (points == MAP_FAILED)
        return false;
    qsort(points, family->count, sizeof(*points), in_order);
    text_add(&line, "# TYPE ");
    add_name(&line, &family->key);
    text_add(&line, " gauge\n# HELP ");
    add_name(&line, &family->key);
    text_printf(&line, " %s\n", family->key.metric->help);
    fwrite(text_get(&line), 1, line.length, out);
    for (size_t i = 0; i < family->count && !ferror(out); i++)
        write_point(report, family, &points[i], &line, out);
    munmap(points, size);
    text_fini(&line);
    return true;
}

/* Without its last line the text is none, so nobody takes a part for all. */
static bool stream(const struct report *report, FILE *out)
{
    struct gathering all = {0};
    for (; all.run < report->run_count; all.run++)
        samples_read(&report->runs[all.run], take, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!all.error && !write_family(report, &all.families[i], out))
            all.error = errno;
        if (all.families[i].points)
            fclose(all.families[i].points);
    }
    free(all.families);
    if (!all.error)
        fputs("# EOF\n", out);
    errno = all.error;
    return !all.error;
}

const struct report_format report_format_openmetrics_series = {
    .name = "openmetrics-series",
    .help = "every sample with its time, as OpenMetrics text",
    .stream = stream,
};
