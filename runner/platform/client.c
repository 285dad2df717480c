#include "http.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "cmtest/arena.h"
#include "document.h"

#define RETRY_NS (INT64_C(500) * 1000 * 1000)
#define KEY_BYTES_MAX 512

/* ---- what it is told ------------------------------------------------------------------------ */

bool platform_key_valid(const char *key, struct platform_error *error)
{
    size_t prefix = strlen(PLATFORM_KEY_PREFIX), length = strlen(key);
    bool good =
        strncmp(key, PLATFORM_KEY_PREFIX, prefix) == 0 && length > prefix && length < KEY_BYTES_MAX;
    for (size_t i = 0; i < length; i++)
        good = good && (isalnum((unsigned char)key[i]) || key[i] == '_' || key[i] == '-');
    if (!good)
        platform_fail(
            error, PLATFORM_MISUSED, 0,
            "the API key is none of the platform's: they begin with cmk_, and letters and "
            "digits follow");
    return good;
}

char *platform_key_file(const char *path, struct platform_error *error)
{
    struct stat about;
    const char *why;
    size_t length;
    if (stat(path, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO))) {
        platform_fail(error, PLATFORM_MISUSED, 0,
                      "others may read the key in %.200s (mode %03o), so it is not used: chmod 600 "
                      "it, and get a new key when others could have taken it",
                      path, (unsigned)about.st_mode & 0777);
        return NULL;
    }
    char *bytes = text_read_file(path, PLATFORM_KEY_FILE_MAX, &length, &why);
    if (!bytes) {
        platform_fail(error, PLATFORM_MISUSED, 0, "the file of the API key, %.200s: %s", path, why);
        return NULL;
    }
    char *key = bytes + strspn(bytes, " \t\r\n");
    key[strcspn(key, " \t\r\n")] = '\0';
    char *copy = platform_key_valid(key, error) ? mem_strdup(key) : NULL;
    explicit_bzero(bytes, length);
    free(bytes);
    return copy;
}

static bool is_here(const char *host, size_t length)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], host, length) == 0)
            return true;
    return false;
}

static bool url_valid(const char *url, struct platform_error *error)
{
    bool secure = strncasecmp(url, "https://", 8) == 0;
    bool plain = strncasecmp(url, "http://", 7) == 0;
    const char *host = url + (secure ? 8 : 7);
    if (!secure && !plain) {
        platform_fail(error, PLATFORM_MISUSED, 0,
                      "the URL of the platform has to begin with https://, as " PLATFORM_URL);
        return false;
    }
    size_t authority = strcspn(host, "/?#");
    size_t name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    if (memchr(host, '@', authority) || host[authority] == '?' || host[authority] == '#' ||
        strpbrk(host, "?#") || !name) {
        platform_fail(error, PLATFORM_MISUSED, 0,
                      "the URL of the platform is a host and a path, without a user, a question "
                      "mark or a #");
        return false;
    }
    if (plain && !is_here(host, name)) {
        platform_fail(error, PLATFORM_MISUSED, 0,
                      "the URL of the platform has to begin with https://: with http:// everybody "
                      "on the way could read the key");
        return false;
    }
    return true;
}

struct platform_client *platform_new(const struct platform_config *config,
                                     const struct platform_host *host, struct platform_error *error)
{
    const char *url = config->url ? config->url : PLATFORM_URL;
    struct text header = {0};
    *error = (struct platform_error){0};
    if (!config->key) {
        platform_fail(error, PLATFORM_MISUSED, 0,
                      "there is no API key: set CMTEST_API_KEY, or name a file that holds it by "
                      "--api-key-file");
        return NULL;
    }
    if (!platform_key_valid(config->key, error) || !url_valid(url, error))
        return NULL;
    struct platform_client *client = mem_alloc(sizeof *client);
    client->config = *config;
    client->host = *host;
    client->url = mem_strdup(url);
    for (size_t end = strlen(client->url); end > 0 && client->url[end - 1] == '/'; end--)
        client->url[end - 1] = '\0';
    backoff_init(&client->backoff, config->retry_ns ? config->retry_ns : RETRY_NS, config->seed);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    client->easy = curl_easy_init();
    client->multi = curl_multi_init();
    text_printf(&header, "Authorization: Bearer %s", config->key);
    client->headers = curl_slist_append(NULL, text_get(&header));
    client->headers = curl_slist_append(client->headers, "Accept: application/json");
    client->headers = curl_slist_append(client->headers, "Content-Type: application/json");
    client->headers = curl_slist_append(client->headers, "Expect:");
    explicit_bzero(header.data, header.length);
    text_fini(&header);
    return client;
}

void platform_free(struct platform_client *client)
{
    if (!client)
        return;
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->easy);
    curl_multi_cleanup(client->multi);
    curl_global_cleanup();
    free(client->url);
    free(client);
}

/* ---- what it asks --------------------------------------------------------------------------- */

static bool list(struct platform_client *client, struct http_request request,
                 platform_item_fn *item, void *to, struct platform_error *error)
{
    struct text answer = {0};
    uint64_t pages = 1;
    bool ok = true;
    for (request.page = 1; ok && request.page <= pages; request.page++)
        ok = http_exchange(client, &request, &answer, error) &&
             platform_read_items(answer.data, answer.length, item, to, &pages, error);
    text_fini(&answer);
    return ok;
}

bool platform_projects(struct platform_client *client, platform_item_fn *item, void *to,
                       struct platform_error *error)
{
    return list(client, (struct http_request){.path = PATH_PROJECTS}, item, to, error);
}

bool platform_tests(struct platform_client *client, const char *project, platform_item_fn *item,
                    void *to, struct platform_error *error)
{
    return list(client, (struct http_request){.path = PATH_TESTS, .project = project}, item, to,
                error);
}

bool platform_test(struct platform_client *client, const char *project, const char *test,
                   struct platform_test *shown, struct platform_error *error)
{
    struct http_request request = {.path = PATH_TEST, .project = project, .test = test};
    struct text answer = {0};
    bool ok = http_exchange(client, &request, &answer, error) &&
              platform_read_test(answer.data, answer.length, shown, error);
    text_fini(&answer);
    return ok;
}

bool platform_create(struct platform_client *client, const char *project, const char *name,
                     const char *spec, struct platform_test *made, struct platform_error *error)
{
    json_t *object = json_object();
    json_object_set_new(object, api_word(NAME_NAME), json_string(name));
    json_object_set_new(object, api_word(NAME_SPEC), json_string(spec));
    char *body = json_dumps(object, JSON_COMPACT);
    struct http_request request = {
        .path = PATH_CREATE, .project = project, .body = body, .once = true};
    struct text answer = {0};
    bool ok = http_exchange(client, &request, &answer, error) &&
              platform_read_test(answer.data, answer.length, made, error);
    text_fini(&answer);
    free(body);
    json_decref(object);
    return ok;
}

bool platform_start(struct platform_client *client, const char *project, const char *test,
                    struct platform_run *run, struct platform_error *error)
{
    struct http_request request = {
        .path = PATH_START, .project = project, .test = test, .once = true};
    struct text answer = {0};
    bool ok = http_exchange(client, &request, &answer, error);
    if (ok && !platform_read_run(answer.data, answer.length, run, error)) {
        char said[300];
        text_copy(said, sizeof said, error->text);
        platform_fail(error, PLATFORM_UNCERTAIN, error->status,
                      "the run was accepted, but %s; look at the platform before you submit again",
                      said);
        ok = false;
    }
    text_fini(&answer);
    return ok;
}

bool platform_get(struct platform_client *client, const char *project, const char *id,
                  struct platform_run *run, struct platform_error *error)
{
    struct http_request request = {.path = PATH_RUN, .project = project, .run = id};
    struct text answer = {0};
    bool ok = http_exchange(client, &request, &answer, error) &&
              platform_read_run(answer.data, answer.length, run, error);
    if (ok && strcmp(run->id, id) != 0) {
        platform_fail(error, PLATFORM_GARBLED, error->status,
                      "the platform told of the run %s when asked for %.100s", run->id, id);
        ok = false;
    }
    text_fini(&answer);
    return ok;
}

bool platform_stop(struct platform_client *client, const char *project, const char *id,
                   struct platform_error *error)
{
    struct http_request request = {.path = PATH_STOP, .project = project, .run = id};
    struct text answer = {0};
    bool ok = http_exchange(client, &request, &answer, error);
    text_fini(&answer);
    return ok;
}

bool platform_metrics(struct platform_client *client, const char *project, const char *id,
                      struct platform_sink *sink, struct platform_error *error)
{
    struct http_request request = {.path = PATH_METRICS, .project = project, .run = id};
    struct text answer = {0};
    uint64_t pages = 1;
    bool ok = true;
    for (request.page = 1; ok && request.page <= pages; request.page++)
        ok = http_exchange(client, &request, &answer, error) &&
             platform_read_metrics(answer.data, answer.length, sink, &pages, error);
    text_fini(&answer);
    return ok;
}
