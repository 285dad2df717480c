/*
 * platform: the REST API of a CallMeter-style platform, as its client. Which paths and names it
 * has is one table, runner/platform/api.def; what is known of them and what is assumed stands
 * there.
 *
 * A client belongs to one thread. Each call does its repetitions itself: on a lost connection, 429
 * and 5xx, after a growing, jittered pause and not before Retry-After. POST that starts a run is
 * repeated only when it cannot have been accepted: a run costs money. Redirects are not followed,
 * for they would carry the key to another place.
 *
 * The key is in no text that comes from here: whatever looks like one (cmk_...) is masked in all
 * that a server sends, before it is read. What a server sends is hostile: bounded, checked, shown
 * without control characters. Words of enumerations that are not known are kept as they are.
 */
#ifndef CMTEST_PLATFORM_H
#define CMTEST_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/event.h"
#include "cmtest/text.h"

#define PLATFORM_URL "https://callmeter.io/api/v1"
#define PLATFORM_KEY_PREFIX "cmk_"
#define PLATFORM_ID 128                      /* bytes of an id with its NUL; ids are opaque */
#define PLATFORM_BODY_MAX (8u * 1024 * 1024) /* of one answer */
#define PLATFORM_KEY_FILE_MAX 4096

/* The clock and the patience of whoever calls. */
struct platform_host {
    int64_t (*now)(void *to); /* monotonic, ns */
    int64_t (*utc)(void *to); /* ns since 1970 */
    /* Waits about so long; called often, with 0 while a request is under way. false: give up. */
    bool (*wait)(void *to, int64_t ns);
    void *to;
};

/* Strings are borrowed for the client's life. */
struct platform_config {
    const char *url;   /* base; https, or http of this machine; NULL: PLATFORM_URL */
    const char *key;   /* never shown */
    const char *ca;    /* PEM file of authorities, in place of the system's; NULL */
    const char *proxy; /* URL; NULL: as the environment says (https_proxy, no_proxy, ...) */
    int64_t connect_ns, request_ns; /* limits of one attempt; 0: 10 s, 30 s */
    int64_t retry_ns; /* pause before the first repetition, doubled for each; 0: 500 ms */
    unsigned retries; /* of one request */
    uint64_t seed;    /* of the jitter */
};

enum platform_failure {
    PLATFORM_OK,
    PLATFORM_UNREACHABLE, /* no connection, or it broke, or no answer in time */
    PLATFORM_UNTRUSTED,   /* TLS: the certificate is not that of the platform */
    PLATFORM_DENIED,      /* 401, 403 */
    PLATFORM_MISSING,     /* 404, 405, 410, 501: not there, or the server has no such path */
    PLATFORM_CONFLICT,    /* 409 */
    PLATFORM_BUSY,        /* 429 to the end */
    PLATFORM_BROKEN,      /* 5xx to the end */
    PLATFORM_REFUSED,     /* any other 3xx, 4xx */
    PLATFORM_GARBLED,     /* no answer that can be read */
    PLATFORM_UNCERTAIN,   /* a run may have been started, or not */
    PLATFORM_GIVEN_UP,    /* wait() said so */
    PLATFORM_MISUSED      /* configuration */
};

struct platform_error {
    enum platform_failure failure;
    long status;    /* of HTTP; 0: there was none */
    char text[512]; /* one sentence without its dot */
};

enum platform_status {
    RUN_UNKNOWN, /* a word that this version does not know */
    RUN_PENDING,
    RUN_QUEUED,
    RUN_RUNNING,
    RUN_STOPPING,
    RUN_COMPLETED,
    RUN_FAILED,
    RUN_NO_CAPACITY /* CANNOT_RUN_FOR_NOW */
};

struct platform_run {
    char id[PLATFORM_ID];
    enum platform_status status;
    char word[48];                            /* the status as it was sent; empty: none was */
    char reason[256];                         /* what the platform says about it; may be empty */
    char link[256];                           /* where people look at it; may be empty */
    int64_t created_ns, started_ns, ended_ns; /* UTC; EVENT_NONE: not told */
};
/* Nothing comes after it. */
bool platform_status_final(enum platform_status status);

struct platform_client;

/* NULL: *error tells what is wrong with the configuration. */
struct platform_client *platform_new(const struct platform_config *config,
                                     const struct platform_host *host,
                                     struct platform_error *error);
void platform_free(struct platform_client *client);

/* A key from a file, without white space around it; only its owner may read the file. Owned
 * (free()). NULL: *error. */
char *platform_key_file(const char *path, struct platform_error *error);
/* Whether it looks like one, and can stand in a header. false: *error. */
bool platform_key_valid(const char *key, struct platform_error *error);

struct platform_item {
    char id[PLATFORM_ID], slug[PLATFORM_ID], name[256];
    int64_t tests; /* of a project; -1: not told */
};
typedef void platform_item_fn(void *to, const struct platform_item *item);

/* All pages. false: *error. */
bool platform_projects(struct platform_client *client, platform_item_fn *item, void *to,
                       struct platform_error *error);
bool platform_tests(struct platform_client *client, const char *project, platform_item_fn *item,
                    void *to, struct platform_error *error);

/* What a platform shows of a test; -1 and EVENT_NONE: not shown. */
struct platform_test {
    char id[PLATFORM_ID], name[256];
    int64_t endpoints, groups;
    double duration_s, buildup_s; /* below 0: not shown */
};
bool platform_test(struct platform_client *client, const char *project, const char *test,
                   struct platform_test *shown, struct platform_error *error);
/* Our extension: a test from a spec, where the server offers it (PLATFORM_MISSING: it does not). */
bool platform_create(struct platform_client *client, const char *project, const char *name,
                     const char *spec, struct platform_test *made, struct platform_error *error);

bool platform_start(struct platform_client *client, const char *project, const char *test,
                    struct platform_run *run, struct platform_error *error);
bool platform_get(struct platform_client *client, const char *project, const char *id,
                  struct platform_run *run, struct platform_error *error);
/* Assumed: PLATFORM_MISSING when the server has no such path. */
bool platform_stop(struct platform_client *client, const char *project, const char *id,
                   struct platform_error *error);

/* A figure that the platform computed: `metric` is a key of CallMeter ("jitter_ms") or a name of
 * ours ("jitter"), `statistic` avg, min, max, sum, count, value, p95, ... */
struct platform_figure {
    char metric[64], direction[16], group[128], statistic[16]; /* empty: not told */
    double value;
    uint64_t samples; /* 0: not told */
};
struct platform_sink {
    const struct roster *roster; /* names of endpoints are found here */
    event_fn *event;             /* our extension: each event, in order */
    void (*figure)(void *to, const struct platform_figure *figure);
    void *to;
    uint64_t events, figures; /* how many there were */
    uint64_t strangers;       /* events of endpoints that the roster does not have; left out */
    char stranger[96];        /* the first of them */
};
bool platform_metrics(struct platform_client *client, const char *project, const char *id,
                      struct platform_sink *sink, struct platform_error *error);

/* ---- the pure parts ----------------------------------------------------------------------- */

/* Documents, as the calls above read them; bytes are masked in place first. false: *error. pages:
 * how many there are (at least 1). */
bool platform_read_items(char *bytes, size_t length, platform_item_fn *item, void *to,
                         uint64_t *pages, struct platform_error *error);
bool platform_read_test(char *bytes, size_t length, struct platform_test *test,
                        struct platform_error *error);
bool platform_read_run(char *bytes, size_t length, struct platform_run *run,
                       struct platform_error *error);
bool platform_read_metrics(char *bytes, size_t length, struct platform_sink *sink, uint64_t *pages,
                           struct platform_error *error);
/* "401 UNAUTHORIZED: the key has expired (request r-1)" of an error document, or of none. */
void platform_read_error(char *bytes, size_t length, long status, const char *request,
                         struct text *out);
/* Makes "*" of everything behind cmk_. */
void platform_mask(char *bytes, size_t length);

/* Retry-After: seconds, or a date of HTTP. -1: neither. ns from utc_ns on. */
int64_t platform_retry_after(const char *value, int64_t utc_ns);

#endif
