/*
 * spec: what the author wrote. YAML text -> libyaml tree (places) -> our checker, driven by the
 * struct field lists (field.h) -> normalised document -> bound by libcyaml into struct spec.
 * All errors are found in one pass; any input is safe (limits: 1 MiB, 64 levels, no alias bombs).
 */
#ifndef CMTEST_SPEC_H
#define CMTEST_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/diag.h"

/* Strings are NULL when not given and without a default. Durations are ns. */
struct spec_account {
    char *username;
    char *password;
    char *auth_user;
    char *realm;
    char
        *expected_password; /* embedded only: what the registrar expects instead (negative tests) */
};

struct spec_accounts {         /* at most one of the three is written */
    struct spec_account *list; /* as written, or as read from the file */
    unsigned list_count;
    char *file;        /* username:password per line; path relative to the spec */
    uint32_t generate; /* embedded only: as many as needed when 0 and nothing else is given */
};

struct spec_registrar {
    char *name; /* "embedded" is our own */
    char *domain;
    char *server;  /* host[:port], where the packets go when not the domain itself */
    uint16_t port; /* 0: default of the transport, or in server */
    char *transport;
    int64_t expires_ns;
    char *digest; /* embedded only: md5, sha-256 */
    struct spec_accounts accounts;
};

struct spec_audio {
    char **codecs;
    unsigned codecs_count;
};

struct spec_answer {
    int64_t ring_ns;
};

struct spec_group {
    char *name;
    char *registrar;
    uint32_t endpoints;
    char *call; /* group name or SIP URI; NULL: it only answers */
    struct spec_audio audio;
    struct spec_answer answer;
};

struct spec {
    int32_t cmtest; /* version of the language: 1 */
    char *name;
    struct spec_registrar *registrars; /* embedded is added when a group names it */
    unsigned registrars_count;
    struct spec_group *groups; /* in the order of the file */
    unsigned groups_count;
    int64_t buildup_ns;
    int64_t duration_ns;
    char **thresholds;
    unsigned thresholds_count;
    const char *path; /* as given; borrowed */
};

/* Parses and checks. NULL when nothing could be read. With other errors (diag_errors) the spec is
 * there but incomplete: good for plan_new() to find what else is wrong, and for nothing more.
 * Free with spec_free(). path, and diag for places in other files, must outlive it. */
struct spec *spec_load(const char *path, struct diag *diag);
struct spec *spec_parse(const char *path, const char *bytes, size_t length, struct diag *diag);
void spec_free(struct spec *spec);

/* The place of a value by its path in struct spec terms: "groups[1].audio.codecs[0]",
 * "registrars[0].accounts.file", "thresholds[2]"; of the key when the value is absent; of the
 * nearest enclosing thing when that is absent too. */
struct place spec_place(const struct spec *spec, const char *path, ...)
    __attribute__((format(printf, 2, 3)));

/* The place of length bytes from offset on of a string, whose value is that of path; of the whole
 * string when the file does not show it as it is (escapes, folded lines, an alias). */
struct place spec_place_part(const struct spec *spec, const char *value, size_t offset,
                             size_t length, const char *path, ...)
    __attribute__((format(printf, 5, 6)));

/* Whether the value was written, as opposed to a default. */
bool spec_given(const struct spec *spec, const char *path, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether an error was reported for the value, a part of it, or what it is a part of: a further one
 * would only repeat it. */
bool spec_faulty(const struct spec *spec, const char *path, ...)
    __attribute__((format(printf, 2, 3)));

#endif
