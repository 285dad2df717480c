/* What this machine could do, and what each thread of the generator got to do. */
#include "json_endpoint.h"

static json_t *share(int64_t part, int64_t whole)
{
    return part == EVENT_NONE || whole <= 0 ? json_null()
                                            : json_number(100 * (double)part / (double)whole);
}

static json_t *known(double value)
{
    return value > 0 ? json_number(value) : json_null();
}

static json_t *machine(const struct result *result)
{
    const struct event_machine *each = &result->machine;
    if (!result->machine_known)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cpus", known(each->cpus), "descriptors",
        known((double)each->descriptors), "memory", known((double)each->memory), "queue_max",
        known((double)each->queue_most), "packet_pair", json_seconds(each->pair_ns), "sleep_p99",
        json_seconds(each->sleep_p99_ns), "cpu_available",
        each->cpu_share > 0 ? json_number(100 * each->cpu_share) : json_null(), "endpoints",
        json_count(each->endpoints), "media_cores", known(each->media_cores));
}

static json_t *refusals(const struct result_health *each)
{
    static const char *const names[HEALTH_REFUSALS] = {"queue_full", "memory", "descriptors",
                                                       "ports",      "path",   "other"};
    json_t *object = json_object();
    for (int i = 0; i < HEALTH_REFUSALS; i++)
        json_object_set_new(object, names[i], json_count(each->refused[i]));
    return object;
}

static json_t *thread(const struct result_health *each)
{
    json_t *object = json_object();
    json_object_set_new(object, "thread", json_text(each->thread));
    json_object_set_new(object, "worker", json_count(each->worker));
    const char *policy = thread_policy_name(each->policy);
    json_object_set_new(object, "scheduling", policy[0] ? json_text(policy) : json_null());
    json_object_set_new(object, "pinned_to",
                        each->pinned ? json_count(each->pinned - 1) : json_null());
    json_object_set_new(object, "duration", json_seconds(each->length_ns));
    json_object_set_new(object, "cpu", share(each->cpu_ns, each->length_ns));
    json_object_set_new(object, "cpu_max",
                        each->cpu_ns == EVENT_NONE || each->cpu_most <= 0
                            ? json_null()
                            : json_number(100 * each->cpu_most));
    json_object_set_new(object, "waited", share(each->waited_ns, each->length_ns));
    json_object_set_new(object, "waited_max",
                        each->waited_ns == EVENT_NONE ? json_null()
                                                      : json_number(100 * each->waited_most));
    json_object_set_new(object, "turns", json_count(each->turns));
    json_object_set_new(object, "late", json_count(each->late));
    json_object_set_new(object, "lag_p99", json_seconds(each->lag_p99_ns));
    json_object_set_new(object, "lag_max", json_seconds(each->lag_max_ns));
    json_object_set_new(object, "asked", json_count(each->asked));
    json_object_set_new(object, "done", json_count(each->done));
    json_object_set_new(object, "received", json_count(each->received));
    json_object_set_new(object, "dropped", json_count(each->dropped));
    json_object_set_new(object, "queue", known((double)each->queue));
    json_object_set_new(object, "backlog_max", json_count(each->backlog_most));
    json_object_set_new(object, "refused", refusals(each));
    return object;
}

json_t *json_health(const struct result *result)
{
    json_t *threads = json_array();
    for (uint32_t i = 0; i < result->health_count; i++)
        json_array_append_new(threads, thread(&result->health[i]));
    return json_pack("{s:o, s:o}", "machine", machine(result), "threads", threads);
}
