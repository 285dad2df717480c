#include "remote.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cmtest/loop.h"
#include "select.h"
#include "word.h"
#include "cmtest/config.h"

#define RETRIES 5
#define BACKENDS_MAX 8

bool remote_wanted(const struct options *options)
{
    return options->on && strcmp(options->on, "platform") == 0;
}

/* ---- its configuration ---------------------------------------------------------------------- */

/* Owned; NULL with *error. */
static char *find_key(const struct options *options, struct platform_error *error)
{
    const char *key = getenv("CMTEST_API_KEY");
    *error = (struct platform_error){0};
    if (key && *key)
        return platform_key_valid(key, error) ? mem_strdup(key) : NULL;
    return options->api_key_file ? platform_key_file(options->api_key_file, error) : NULL;
}

static struct platform_config configure(const struct options *options, const char *key)
{
    return (struct platform_config){
        .url = options->api_url,
        .key = key,
        .ca = options->api_ca,
        .proxy = options->api_proxy,
        .connect_ns = options->connect_timeout_ns,
        .request_ns = options->request_timeout_ns,
        .retry_ns = options->retry_delay_ns,
        .retries = RETRIES,
        /* Clients that were refused together are not to come back together. */
        .seed = (uint64_t)clock_now(),
    };
}

static int64_t now(void *to)
{
    (void)to;
    return clock_now();
}

static int64_t utc(void *to)
{
    (void)to;
    return clock_utc(clock_now());
}

static bool wait_a_while(void *to, int64_t ns)
{
    struct timespec pause = {ns / NS_PER_S, ns % NS_PER_S};
    (void)to;
    nanosleep(&pause, NULL);
    return true;
}

int remote_failed(const struct platform_error *error)
{
    fprintf(stderr, "cmtest: %s\n", error->text);
    return EXIT_ENVIRONMENT;
}

bool remote_client_open(struct remote_client *client, const struct options *options)
{
    struct platform_error error;
    struct platform_host host = {now, utc, wait_a_while, NULL};
    *client = (struct remote_client){.key = find_key(options, &error)};
    struct platform_config config = configure(options, client->key);
    if (error.failure == PLATFORM_OK)
        client->client = platform_new(&config, &host, &error);
    if (!client->client)
        remote_failed(&error);
    return client->client;
}

static void free_key(char *key)
{
    if (key)
        explicit_bzero(key, strlen(key));
    free(key);
}

void remote_client_free(struct remote_client *client)
{
    platform_free(client->client);
    free_key(client->key);
}

int remote_ready(const struct options *options)
{
    struct remote_client client;
    const char *names[BACKENDS_MAX];
    size_t count = 0;
    if (options->on && !execution_backend_find(options->on)) {
        for (; count < BACKENDS_MAX && execution_backends[count]; count++)
            names[count] = execution_backends[count]->name;
        return word_unknown("place to run", options->on, names, count);
    }
    if (!remote_wanted(options))
        return 0;
    bool ready = remote_client_open(&client, options);
    remote_client_free(&client);
    return ready ? 0 : EXIT_ENVIRONMENT;
}

/* ---- the record ----------------------------------------------------------------------------- */

/* In single quotes, as YAML has them. */
static void put(struct text *out, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    text_printf(out, "%s: '", key);
    for (; *value; value++)
        text_add_bytes(out, *value == '\'' ? "''" : value, *value == '\'' ? 2 : 1);
    text_add(out, "'\n");
}

static void record(struct remote_setup *setup, const struct platform_run *run)
{
    struct text out = {0}, path = {0};
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, setup->seed);
    text_add(&out, "# A run on a platform; `cmtest fetch` finds here what belongs to it.\n");
    put(&out, "run", run->id);
    put(&out, "project", setup->ask.project);
    put(&out, "test", setup->ask.test);
    put(&out, "spec", setup->spec->path);
    put(&out, "case", setup->spec->case_name);
    put(&out, "seed", seed);
    put(&out, "fingerprint", setup->fingerprint);
    put(&out, "url", setup->options->api_url);
    text_printf(&path, "%s/%s", setup->folder, REMOTE_RECORD);
    if (!text_write_file(text_get(&path), text_get(&out), out.length))
        fprintf(stderr, "cmtest: warning: %s cannot be written; `cmtest fetch` will want --spec\n",
                text_get(&path));
    text_fini(&out);
    text_fini(&path);
}

bool remote_record_read(struct remote_record *found, const char *folder, struct arena *arena)
{
    const char *path = arena_printf(arena, "%s/%s", folder, REMOTE_RECORD);
    const char *unread = NULL, *seed = NULL;
    const struct {
        const char *key;
        const char **to;
    } keys[] = {{"run", &found->run},        {"project", &found->project},
                {"test", &found->test},      {"spec", &found->spec},
                {"case", &found->case_name}, {"fingerprint", &found->fingerprint},
                {"url", &found->url},        {"seed", &seed}};
    *found = (struct remote_record){0};
    char *bytes = text_read_file(path, CONFIG_BYTES_MAX, &(size_t){0}, &unread);
    if (!bytes)
        return true;
    free(bytes);
    struct diag *diag = diag_new();
    struct config config = config_load(path, arena, diag);
    for (size_t i = 0; i < config.count; i++)
        for (size_t j = 0; j < sizeof keys / sizeof *keys; j++)
            if (strcmp(config.entries[i].key, keys[j].key) == 0 && config.entries[i].count)
                *keys[j].to = config.entries[i].items[0];
    bool ok = diag_errors(diag) == 0;
    if (!ok)
        fprintf(stderr, "cmtest: %s is not what cmtest wrote; --spec and --project say the same\n",
                path);
    found->seed = seed ? strtoull(seed, NULL, 10) : 0;
    diag_free(diag);
    return ok;
}

/* ---- a run ---------------------------------------------------------------------------------- */

static void take_status(void *to, const struct platform_run *run)
{
    struct remote_setup *setup = to;
    bool first = strcmp(setup->recorded, run->id) != 0;
    text_copy(setup->recorded, sizeof setup->recorded, run->id);
    if (first && setup->folder)
        record(setup, run);
    if (!setup->options->quiet)
        fprintf(stderr, "cmtest: run %s: %s%s%s\n", run->id, run->word[0] ? run->word : "accepted",
                first && run->link[0] ? "; " : "", first ? run->link : "");
}

static void take_warning(void *to, const char *text)
{
    (void)to;
    fprintf(stderr, "cmtest: %s\n", text);
}

static const char *either(const char *first, const char *second)
{
    return first ? first : second;
}

void remote_setup_init(struct remote_setup *setup, const struct options *options,
                       const struct loaded_case *one, const char *folder)
{
    struct platform_error error;
    const struct spec *spec = one->spec;
    *setup = (struct remote_setup){
        .options = options, .spec = spec, .folder = folder, .seed = one->seed};
    setup->key = find_key(options, &error);
    spec_save(spec, &setup->document);
    snprintf(setup->fingerprint, sizeof setup->fingerprint, "%016" PRIx64,
             select_seed(0, text_get(&setup->document), spec->case_name));
    setup->ask = (struct execution_remote){
        .config = configure(options, setup->key),
        .project = either(options->project, spec->platform.project),
        .test = either(options->test, spec->platform.test),
        .document = text_get(&setup->document),
        .resume = options->resume,
        .allow_drift = options->allow_drift,
        .capacity_ns = options->wait_capacity_ns ? options->wait_capacity_ns : REMOTE_CAPACITY_NS,
        .poll_ns = options->poll_ns,
        .status = take_status,
        .warn = take_warning,
        .to = setup,
    };
}

void remote_setup_fini(struct remote_setup *setup)
{
    free_key(setup->key);
    text_fini(&setup->document);
}
