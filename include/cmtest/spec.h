/*
 * spec: what the author wrote. YAML text -> libyaml tree (places) -> includes, settings, defaults,
 * and for each case of a matrix its expressions (${env.NAME}) -> our checker, driven by the struct
 * field lists (field.h) -> normalised document -> bound by libcyaml into struct spec.
 * All errors are found in one pass; any input is safe (limits: 1 MiB, 64 levels, no alias bombs).
 */
#ifndef CMTEST_SPEC_H
#define CMTEST_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/diag.h"
#include "cmtest/field.h"
#include "cmtest/text.h"

/* Strings are NULL when not given and without a default; numbers are 0. Durations are ns, bit
 * rates bit/s, rates per 1000 s, shares thousandths of a percent. */
struct spec_account {
    char *username;
    char *password;
    char *auth_user;
    char *realm;
    char
        *expected_password; /* embedded only: what the registrar expects instead (negative tests) */
};

struct spec_accounts {         /* at most one of the four is written */
    struct spec_account *list; /* as written, or as read from the file */
    unsigned list_count;
    char *file;        /* username:password per line; path relative to the spec */
    uint32_t generate; /* embedded only: as many as needed when 0 and nothing else is given */
    struct field_range range; /* every number is a user name; last 0: not given */
    char *password;           /* of all in range */
};

struct spec_tls {
    char *ca, *certificate, *key; /* PEM files, as they can be opened from here */
    char *verify;                 /* system, custom, skip */
    char *server_name;
};

struct spec_keepalive {
    char *method; /* none, crlf, options */
    int64_t interval_ns;
};

struct spec_registrar {
    char *name; /* "embedded" is our own */
    char *domain;
    char *server;  /* host[:port], where the packets go when not the domain itself */
    uint16_t port; /* 0: default of the transport, or in server */
    char *proxy;   /* outbound proxy, host[:port] */
    char *transport;
    struct spec_tls tls;
    uint32_t udp_limit; /* bytes; 0: none */
    char *connections;  /* per_endpoint, shared; NULL: as the transport has it */
    struct spec_keepalive keepalive;
    int64_t expires_ns;
    uint32_t registrations_per_second; /* a limit of the server; 0: none is stated */
    char *digest;                      /* embedded only: md5, sha-256 */
    struct spec_accounts accounts;
};

struct spec_codec {
    char *name;
    int64_t ptime_ns; /* 0: that of the track */
    uint32_t bitrate; /* 0: as the codec wants */
    char *fmtp;
};

struct spec_security {
    char *mode; /* none, sdes, dtls, dual */
    char **suites;
    unsigned suites_count;
    char *policy; /* required, optional */
    int64_t rekey_ns;
};

struct spec_source {
    char *name;         /* tone, silence, echo, or a file as it can be opened from here */
    uint32_t frequency; /* of a tone, Hz; 0: as usual */
    int32_t level;      /* of a tone, dBm0 */
};

struct spec_playout {
    char *mode;                                 /* adaptive, fixed */
    int64_t nominal_ns, minimum_ns, maximum_ns; /* 0: as usual */
};

struct spec_rtcp {
    int64_t interval_ns;
    bool extended_reports;
};

struct spec_audio {
    struct spec_codec *codecs; /* the preferred one first */
    unsigned codecs_count;
    int64_t ptime_ns;            /* 0: as the codec wants */
    struct spec_source *sources; /* endpoint i has the i-th, over and over */
    unsigned sources_count;
    char *decode; /* sampled, full, none, or N: one endpoint in N */
    char *record; /* folder; NULL: nothing is recorded */
    struct spec_playout playout;
    struct spec_rtcp rtcp;
    struct spec_security security;
    bool rtcp_mux, avpf, deferred;
    char *dscp;              /* a name, or 0 to 63 */
    uint32_t receive_buffer; /* bytes; 0: as the system gives */
};

struct spec_video { /* codecs_count 0: no video */
    char **codecs;
    unsigned codecs_count;
    struct field_resolution resolution;
    uint32_t fps, bitrate;
    char *source;
    struct spec_security security;
    bool rtcp_mux, avpf, deferred;
    char *dscp;
};

struct spec_burst {
    uint32_t length;          /* packets, mean; 0: losses do not come in bursts */
    uint32_t inside, outside; /* shares that are lost in a burst and between bursts */
};

struct spec_profile {     /* what is done to the RTP of one direction */
    uint32_t loss, every; /* every: the Nth packet; 0: none */
    struct spec_burst burst;
    int64_t delay_ns, jitter_ns;
    char *order; /* keep, free */
    uint32_t reorder, distance, duplicate;
};

struct spec_impair { /* both, or one or two of the others */
    struct spec_profile both, send, receive;
};

struct spec_answer {
    int64_t delay_ns;    /* INVITE -> 180 */
    int64_t ring_ns;     /* 180 -> final response */
    uint16_t reject;     /* 0: it answers */
    int64_t duration_ns; /* it hangs up then; 0: the caller does */
    bool early_media;
    bool never;     /* it rings until the caller gives up */
    char *redirect; /* a URI, for a 302 */
    char *phrase;   /* of the refusal */
    char *reason;   /* Reason header of the refusal */
};

struct spec_header {
    char *name;
    char **values;
    unsigned values_count;
};

struct spec_timer {
    char *mode; /* disabled, supported, required */
    int64_t expires_ns, min_se_ns;
    char *refresher; /* uac, uas, none */
    bool soft_expiry;
};

struct spec_assertion { /* exactly one of equals, matches, is */
    char *path;
    char *equals, *matches;
    char *is; /* present, absent */
};

struct spec_message {
    char *method;
    uint16_t status; /* 0: the request */
    char *way;       /* sent, received; NULL: either */
    struct spec_assertion *header, *sdp;
    unsigned header_count, sdp_count;
};

struct spec_expect {
    int64_t within_ns, tone_ns;
    uint16_t status;
    char *media, *direction, *codec, *dtmf;
    struct spec_assertion *header, *sdp;
    unsigned header_count, sdp_count;
};

struct spec_ending {
    char *outcome;
    uint16_t status;
    struct spec_message *messages;
    unsigned messages_count;
};

struct spec_else {
    char *action;
    struct field_argument *arguments;
    unsigned arguments_count;
};

struct spec_step { /* exactly one of at, on, after is given: spec_given() */
    char *name;
    int64_t at_ns;
    char *from;  /* what at counts from: call, ringing, registration */
    char *on;    /* a trigger */
    char *after; /* the name of another step */
    char *action;
    struct field_argument *arguments; /* of trigger and action */
    unsigned arguments_count;
    int64_t within_ns;
    char *times; /* once, always, or a number */
    struct spec_expect expect;
    struct spec_else otherwise;
};

struct spec_group {
    char *name;
    char *registrar;
    uint32_t endpoints;
    uint32_t share; /* of spec.endpoints, when endpoints is 0 */
    char **call;    /* group names or SIP URIs; none: it only answers */
    unsigned call_count;
    struct spec_answer answer;
    char *caller_id;
    struct spec_header *headers;
    unsigned headers_count;
    struct spec_timer session_timer;
    char *reliable_provisional; /* disabled, supported, required */
    bool late_offer;
    char *redirects;     /* follow, fail */
    int64_t duration_ns; /* 0: spec.duration_ns */
    char *source_address;
    struct field_range rtp_ports;
    char *region;
    char **workers;
    unsigned workers_count;
    struct spec_audio audio;
    struct spec_video video;
    struct spec_impair impair;
    struct spec_ending expect;
    struct spec_step *scenario;
    unsigned scenario_count;
};

struct spec_phase { /* one of the three */
    int64_t ramp_ns, hold_ns, spike_ns;
    uint32_t to; /* of the full load */
};

struct spec_repeat {
    uint32_t count; /* calls per caller */
    int64_t pause_ns;
};

struct spec_length {
    char *distribution; /* fixed, uniform, exponential, normal; NULL: not given */
    int64_t mean_ns, min_ns, max_ns, deviation_ns;
};

struct spec_load {
    uint32_t rate; /* calls, per 1000 s; 0: as buildup says */
    struct spec_repeat repeat;
    struct spec_phase *phases;
    unsigned phases_count;
    struct spec_length call_length;
};

struct spec_threshold {
    char *check; /* threshold.h */
    char *severity;
    char *group;
    int64_t window_ns;
    char *phase;
    uint32_t min_samples;
    uint32_t min_coverage; /* share of the endpoints that owe a sample */
    uint32_t endpoints;    /* share that must satisfy it by itself; 0: not given */
    bool abort;
    int64_t grace_ns;
};

struct spec_budget {
    int64_t wall_ns;
    uint32_t calls;
};

struct spec_platform {
    char *project, *test; /* ids there */
};

struct spec {
    int32_t cmtest; /* version of the language: 1 */
    char *name, *description;
    char **tags;
    unsigned tags_count;
    uint32_t endpoints;                /* that groups share; 0: not given */
    struct spec_registrar *registrars; /* embedded is added when a group names it */
    unsigned registrars_count;
    struct spec_group *groups; /* in the order of the file */
    unsigned groups_count;
    int64_t buildup_ns;
    int64_t duration_ns;
    struct spec_load load;
    struct spec_threshold *thresholds;
    unsigned thresholds_count;
    struct spec_budget budget;
    struct spec_platform platform;
    const char *path;      /* as given; borrowed */
    const char *case_name; /* "codec=pcma,transport=udp"; NULL without a matrix. Borrowed */
};

/* A spec as its cases: one, or those of its matrix in the order in which they are read. */
struct spec_cases {
    struct spec **specs;
    unsigned count;
};

/* Parses and checks. settings: KEY=VALUE over what the files say, as --set takes them. A case that
 * is not there could not be read; with errors (diag_errors) the others are incomplete: good for
 * plan_new() to find what else is wrong, and for nothing more. What the cases have wrong in common
 * is reported once. Free with spec_cases_free(). */
struct spec_cases spec_load_cases(const char *path, const char *const *settings, size_t count,
                                  struct diag *diag);
struct spec_cases spec_parse_cases(const char *path, const char *bytes, size_t length,
                                   const char *const *settings, size_t count, struct diag *diag);
void spec_cases_free(struct spec_cases *cases);

/* The same of the first case, without settings. NULL when nothing could be read. Free with
 * spec_free(). The path "-" is the standard input. path, and diag for places in other
 * files, must outlive it. */
struct spec *spec_load(const char *path, struct diag *diag);
struct spec *spec_parse(const char *path, const char *bytes, size_t length, struct diag *diag);
void spec_free(struct spec *spec);

/* The spec as YAML by libcyaml: its own values and what was included, merged and expanded into it,
 * with passwords as "***"; values out of the environment stay expressions. It is a spec that gives
 * the same plan beside the same files. Only of a spec without errors. false: libcyaml could not. */
bool spec_save(const struct spec *spec, struct text *out);

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

/* A duration as it is written ("1m30s"), as in an argument; false: it is none. */
bool spec_duration(const char *text, int64_t *ns);

#endif
