/* remote: what the commands that talk to a platform share. */
#ifndef CMTEST_CLI_REMOTE_H
#define CMTEST_CLI_REMOTE_H

#include "batch.h"
#include "cmtest/command.h"
#include "cmtest/execution.h"

#define REMOTE_RECORD "platform.yaml" /* in the folder of a case: its run */
#define REMOTE_CAPACITY_NS (INT64_C(600) * 1000 * 1000 * 1000)

/* Rows of commands that only ask. */
#define REMOTE_OPTION_ROWS                                   \
    {"project",                                              \
     'p',                                                    \
     OPTION_TEXT,                                            \
     "ID",                                                   \
     "of the platform, over platform.project of the spec",   \
     offsetof(struct options, project)},                     \
        {"api-url",                                          \
         0,                                                  \
         OPTION_TEXT,                                        \
         "URL",                                              \
         "of the platform's API (" PLATFORM_URL ")",         \
         offsetof(struct options, api_url)},                 \
        {"api-key-file",                                     \
         0,                                                  \
         OPTION_TEXT,                                        \
         "FILE",                                             \
         "holds the key, when CMTEST_API_KEY does not",      \
         offsetof(struct options, api_key_file)},            \
        {"api-ca",                                           \
         0,                                                  \
         OPTION_TEXT,                                        \
         "FILE",                                             \
         "authorities (PEM) in place of the system's",       \
         offsetof(struct options, api_ca)},                  \
        {"api-proxy",                                        \
         0,                                                  \
         OPTION_TEXT,                                        \
         "URL",                                              \
         "a proxy; else https_proxy and no_proxy say",       \
         offsetof(struct options, api_proxy)},               \
        {"connect-timeout",                                  \
         0,                                                  \
         OPTION_DURATION,                                    \
         "TIME",                                             \
         "of a connection to the platform (10s)",            \
         offsetof(struct options, connect_timeout_ns)},      \
        {"request-timeout",                                  \
         0,                                                  \
         OPTION_DURATION,                                    \
         "TIME",                                             \
         "of one request to it (30s)",                       \
         offsetof(struct options, request_timeout_ns)},      \
    {                                                        \
        "retry-delay", 0, OPTION_DURATION, "TIME",           \
            "before a request is repeated, doubled (500ms)", \
            offsetof(struct options, retry_delay_ns)         \
    }

/* And of those that run something there. */
#define REMOTE_RUN_OPTION_ROWS                                     \
    REMOTE_OPTION_ROWS,                                            \
        {"poll",                                                   \
         0,                                                        \
         OPTION_DURATION,                                          \
         "TIME",                                                   \
         "between two looks at the run's status (2s)",             \
         offsetof(struct options, poll_ns)},                       \
        {"wait-capacity",                                          \
         0,                                                        \
         OPTION_DURATION,                                          \
         "TIME",                                                   \
         "for the platform to have room (10m)",                    \
         offsetof(struct options, wait_capacity_ns)},              \
    {                                                              \
        "allow-drift", 0, OPTION_FLAG, NULL,                       \
            "run the platform's test though it is not the spec's", \
            offsetof(struct options, allow_drift)                  \
    }

/* Whether --on names the platform. */
bool remote_wanted(const struct options *options);
/* 0, or the exit code after a sentence: --on is unknown, or there is no key or URL that can be
 * used.
 */
int remote_ready(const struct options *options);

/* A run of one case there. */
struct remote_setup {
    struct execution_remote ask;
    const struct options *options;
    const struct spec *spec;
    const char *folder; /* for the record; NULL: none is kept */
    uint64_t seed;
    char fingerprint[24]; /* of the normalised spec */
    char recorded[PLATFORM_ID];
    char *key;
    struct text document;
};
void remote_setup_init(struct remote_setup *setup, const struct options *options,
                       const struct loaded_case *one, const char *folder);
void remote_setup_fini(struct remote_setup *setup);

/* A client for a question; NULL after a sentence. The key is freed with remote_client_free(). */
struct remote_client {
    struct platform_client *client;
    char *key;
};
bool remote_client_open(struct remote_client *client, const struct options *options);
void remote_client_free(struct remote_client *client);
/* Prints the sentence. Always EXIT_ENVIRONMENT. */
int remote_failed(const struct platform_error *error);

/* What a folder's record tells; all in the arena, NULL where it does not. */
struct remote_record {
    const char *run, *project, *test, *spec, *case_name, *fingerprint, *url;
    uint64_t seed;
};
/* false after a sentence; a file that is not there is an empty record. */
bool remote_record_read(struct remote_record *record, const char *folder, struct arena *arena);

#endif
