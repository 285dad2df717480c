#include "http.h"

#include <string.h>
#include <strings.h>
#include "document.h"

#define POLL_MS 50
#define CONNECT_NS (INT64_C(10) * 1000 * 1000 * 1000)
#define REQUEST_NS (INT64_C(30) * 1000 * 1000 * 1000)
#define NS_PER_MSEC 1000000

/* One attempt, and what came of it. */
struct attempt {
    struct platform_client *client;
    struct text *answer;
    bool too_large, given_up;
    CURLcode code;
    long status;
    int64_t after_ns; /* Retry-After; -1: none */
    char request[80]; /* id of it, out of a header */
    char detail[CURL_ERROR_SIZE];
    char location[128]; /* host of a redirect */
};

static size_t take_body(char *bytes, size_t size, size_t count, void *to)
{
    struct attempt *attempt = to;
    if (attempt->answer->length + size * count > PLATFORM_BODY_MAX) {
        attempt->too_large = true;
        return 0;
    }
    text_add_bytes(attempt->answer, bytes, size * count);
    return size * count;
}

static const char *header_value(const char *line, const char *name)
{
    size_t length = strlen(name);
    if (strncasecmp(line, name, length) != 0 || line[length] != ':')
        return NULL;
    return line + length + 1 + strspn(line + length + 1, " \t");
}

/* Only the host: the rest of a URL may carry anything. */
static void take_location(struct attempt *attempt, const char *value)
{
    const char *host = strstr(value, "://");
    host = host ? host + 3 : value;
    size_t length = strcspn(host, "/?#\r\n");
    const char *at = memchr(host, '@', length);
    if (at) {
        length -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    text_copy(attempt->location,
              length < sizeof attempt->location ? length + 1 : sizeof attempt->location, host);
    for (char *byte = attempt->location; *byte; byte++)
        if ((unsigned char)*byte <= 0x20 || (unsigned char)*byte >= 0x7f)
            *byte = '?';
}

static size_t take_header(char *bytes, size_t size, size_t count, void *to)
{
    struct attempt *attempt = to;
    struct text line = {0};
    const char *value;
    text_add_bytes(&line, bytes, size * count);
    if (strncmp(text_get(&line), "HTTP/", 5) == 0) {
        attempt->after_ns = -1; /* of the proxy's answer before, or of 100 Continue */
    } else if ((value = header_value(text_get(&line), "retry-after"))) {
        attempt->after_ns =
            platform_retry_after(value, attempt->client->host.utc(attempt->client->host.to));
    } else if ((value = header_value(text_get(&line), "x-request-id"))) {
        text_copy(attempt->request, sizeof attempt->request, value);
        attempt->request[strcspn(attempt->request, "\r\n")] = '\0';
    } else if ((value = header_value(text_get(&line), "location"))) {
        take_location(attempt, value);
    }
    text_fini(&line);
    return size * count;
}

static void set_target(struct platform_client *client, const struct http_request *request)
{
    const struct api_row *row = api_path(request->path);
    struct text url = {0};
    text_add(&url, client->url);
    api_expand(request->path, request->project, request->test, request->run, &url);
    if (request->page)
        text_printf(&url, "?page=%llu", (unsigned long long)request->page);
    curl_easy_setopt(client->easy, CURLOPT_URL, text_get(&url));
    if (strcmp(row->method, "POST") == 0) {
        const char *body = request->body ? request->body : "{}";
        curl_easy_setopt(client->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(client->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
        curl_easy_setopt(client->easy, CURLOPT_COPYPOSTFIELDS, body);
    }
    text_fini(&url);
}

static void prepare(struct attempt *attempt, const struct http_request *request)
{
    struct platform_client *client = attempt->client;
    const struct platform_config *config = &client->config;
    CURL *easy = client->easy;
    int64_t connect_ns = config->connect_ns ? config->connect_ns : CONNECT_NS;
    int64_t request_ns = config->request_ns ? config->request_ns : REQUEST_NS;
    curl_easy_reset(easy); /* keeps its connections */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect_ns / NS_PER_MSEC));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(request_ns / NS_PER_MSEC));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, client->headers);
    /* The key is for the platform: what is between gets CONNECT without it. */
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "cmtest/" CMTEST_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, attempt->detail);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, attempt);
    if (config->ca)
        curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca);
    /* Without TLS the key stays on this machine, whatever proxy the environment names. */
    if (config->proxy || strncasecmp(client->url, "http://", 7) == 0)
        curl_easy_setopt(easy, CURLOPT_PROXY, config->proxy ? config->proxy : "");
    /* On a connection that was used before, curl would send it once more when that is lost. */
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
    set_target(client, request);
}

static void perform(struct attempt *attempt)
{
    struct platform_client *client = attempt->client;
    int running = 1, left;
    CURLMsg *message;
    attempt->code = CURLE_FAILED_INIT;
    curl_multi_add_handle(client->multi, client->easy);
    while (running && !attempt->given_up) {
        if (curl_multi_perform(client->multi, &running) != CURLM_OK)
            break;
        if (running)
            curl_multi_poll(client->multi, NULL, 0, POLL_MS, NULL);
        attempt->given_up = !client->host.wait(client->host.to, 0);
    }
    while ((message = curl_multi_info_read(client->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            attempt->code = message->data.result;
            attempt->given_up = false; /* it is there, after all */
        }
    curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &attempt->status);
    curl_multi_remove_handle(client->multi, client->easy);
}

/* ---- what came of it ------------------------------------------------------------------------ */

static bool is_tls(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER;
}

/* Nothing of the request had left by then. */
static bool never_sent(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_COULDNT_RESOLVE_PROXY || is_tls(code);
}

static void tell_network(const struct attempt *attempt, const struct http_request *request,
                         struct platform_error *error)
{
    const char *detail = attempt->detail[0] ? attempt->detail : curl_easy_strerror(attempt->code);
    if (attempt->too_large)
        platform_fail(error, PLATFORM_GARBLED, attempt->status,
                      "the platform's answer is larger than %u MiB", PLATFORM_BODY_MAX >> 20);
    else if (is_tls(attempt->code))
        platform_fail(error, PLATFORM_UNTRUSTED, 0,
                      "the platform's certificate was not accepted, and so the key was not sent: "
                      "%.200s; --api-ca names an authority of your own",
                      detail);
    else if (request->once && !never_sent(attempt->code))
        platform_fail(
            error, PLATFORM_UNCERTAIN, 0,
            "the platform's answer was lost (%.200s), so that it may have been started all the "
            "same: look at the platform before you submit again",
            detail);
    else
        platform_fail(error, PLATFORM_UNREACHABLE, 0, "the platform cannot be reached: %.200s",
                      detail);
}

static void tell_status(struct attempt *attempt, const struct http_request *request,
                        struct platform_error *error)
{
    struct text said = {0};
    long status = attempt->status;
    platform_read_error(attempt->answer->length ? attempt->answer->data : (char[]){""},
                        attempt->answer->length, status, attempt->request, &said);
    const char *what = text_get(&said);
    if (status == 401)
        platform_fail(error, PLATFORM_DENIED, status,
                      "the platform does not accept the key: %s; is it expired, or of another "
                      "organization?",
                      what);
    else if (status == 403)
        platform_fail(error, PLATFORM_DENIED, status,
                      "the key may not do this: %s; to run tests its user must be a Tester or more "
                      "in the project",
                      what);
    else if (status == 404 || status == 405 || status == 410 || status == 501)
        platform_fail(error, PLATFORM_MISSING, status,
                      "the platform has no %s of that id, or no such call: %s",
                      request->run    ? "run"
                      : request->test ? "test"
                                      : "project",
                      what);
    else if (status == 409)
        platform_fail(error, PLATFORM_CONFLICT, status,
                      "the platform refuses it as things are now: %s", what);
    else if (status == 429)
        platform_fail(error, PLATFORM_BUSY, status, "the platform limits the rate of requests: %s",
                      what);
    else if (status >= 500 && request->once && !(status == 503 && attempt->after_ns >= 0))
        platform_fail(
            error, PLATFORM_UNCERTAIN, status,
            "the platform failed at the start of the run (%s), so it may be running: look "
            "at the platform before you submit again",
            what);
    else if (status >= 500)
        platform_fail(error, PLATFORM_BROKEN, status, "the platform is in trouble: %s", what);
    else if (status >= 300 && status < 400)
        platform_fail(error, PLATFORM_REFUSED, status,
                      "the platform sends the client elsewhere (%ld to %s), where the key was not "
                      "taken to; if that is right, say so by --api-url",
                      status, attempt->location[0] ? attempt->location : "nowhere");
    else
        platform_fail(error, PLATFORM_REFUSED, status, "the platform refuses it: %s", what);
    text_fini(&said);
}

/* true: it is worth another attempt. */
static bool may_repeat(const struct attempt *attempt, const struct http_request *request)
{
    if (attempt->too_large)
        return false;
    if (attempt->code != CURLE_OK)
        return !is_tls(attempt->code) && (!request->once || never_sent(attempt->code));
    if (attempt->status == 429)
        return true;
    if (attempt->status == 501)
        return false;
    if (request->once)
        return attempt->status == 503 && attempt->after_ns >= 0;
    return attempt->status >= 500 || attempt->status == 408;
}

/* true: waited. */
static bool pause_for(struct platform_client *client, const struct attempt *attempt,
                      struct platform_error *error)
{
    int64_t pause = backoff_next(&client->backoff, attempt->after_ns);
    if (pause < 0) {
        char said[300];
        text_copy(said, sizeof said, error->text);
        platform_fail(error, error->failure, error->status,
                      "%s; it wants to be left alone for %lld s, which is too long to wait", said,
                      (long long)(attempt->after_ns / 1000000000));
        return false;
    }
    int64_t end = client->host.now(client->host.to) + pause;
    for (;;) {
        int64_t left = end - client->host.now(client->host.to);
        if (left <= 0)
            return true;
        if (!client->host.wait(client->host.to,
                               left < POLL_MS * NS_PER_MSEC ? left : POLL_MS * NS_PER_MSEC)) {
            platform_fail(error, PLATFORM_GIVEN_UP, 0, "given up while waiting for the platform");
            return false;
        }
    }
}

bool http_exchange(struct platform_client *client, const struct http_request *request,
                   struct text *answer, struct platform_error *error)
{
    client->backoff.count = 0;
    for (unsigned done = 0;; done++) {
        struct attempt attempt = {.client = client, .answer = answer, .after_ns = -1};
        text_clear(answer);
        *error = (struct platform_error){0};
        prepare(&attempt, request);
        perform(&attempt);
        error->status = attempt.status;
        if (attempt.given_up) {
            platform_fail(error, request->once ? PLATFORM_UNCERTAIN : PLATFORM_GIVEN_UP, 0,
                          request->once
                              ? "given up before the platform answered, so that it may have been "
                                "started: look at the platform before you submit again"
                              : "given up while waiting for the platform");
            return false;
        }
        if (attempt.code == CURLE_OK && attempt.status >= 200 && attempt.status < 300)
            return true;
        if (attempt.code == CURLE_OK)
            tell_status(&attempt, request, error);
        else
            tell_network(&attempt, request, error);
        if (done >= client->config.retries || !may_repeat(&attempt, request) ||
            !pause_for(client, &attempt, error))
            return false;
    }
}
