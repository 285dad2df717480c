/* http: a request and its repetitions. Private to runner/platform. */
#ifndef PLATFORM_HTTP_H
#define PLATFORM_HTTP_H

#include <curl/curl.h>
#include "api.h"
#include "backoff.h"

struct platform_client {
    struct platform_config config;
    struct platform_host host;
    struct backoff backoff;
    struct curl_slist *headers;
    CURL *easy;
    CURLM *multi;
    char *url; /* base, without a slash at its end */
};

struct http_request {
    enum api_path path;
    const char *project, *test, *run;
    const char *body; /* NULL: none */
    uint64_t page;    /* 0: not asked */
    bool once;        /* starts something: not repeated when it may have been accepted */
};

/* The bytes of an answer of 2xx; text_fini(). false: *error. */
bool http_exchange(struct platform_client *client, const struct http_request *request,
                   struct text *answer, struct platform_error *error);

#endif
