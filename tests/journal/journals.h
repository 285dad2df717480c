/* A small run for tests of journals, and events with something in every field. */
#ifndef TESTS_JOURNALS_H
#define TESTS_JOURNALS_H

#include <math.h>
#include <string.h>
#include "cmtest/event_fields.h"
#include "cmtest/journal.h"

#define STARTED INT64_C(1700000000123456789)

static const struct roster_step journal_steps[] = {
    {"first", "hold", "at 2 s", "status 200", 12},
    {NULL, "resume", "after first", "", 13},
};
static const struct roster_group journal_groups[] = {
    {.name = "agents",
     .registrar = "pbx",
     .server = "127.0.0.1:5060/udp",
     .codecs = "pcma",
     .count = 3},
    {.name = "callers",
     .registrar = "pbx",
     .server = "127.0.0.1:5060/udp",
     .target = "agents",
     .codecs = "pcma, opus",
     .first = 3,
     .count = 3,
     .steps = journal_steps,
     .step_count = 2,
     .expected = "call_failed"},
};
static const struct roster_endpoint journal_endpoints[] = {
    {0, 0, 3, ROLE_CALLEE, "sip:1@example.com", NULL},
    {0, 1, 4, ROLE_CALLEE, "sip:2@example.com", NULL},
    {0, 2, ROSTER_NONE, ROLE_CALLEE, "sip:3@example.com", NULL},
    {1, 0, 0, ROLE_CALLER, "sip:4@example.com", NULL},
    {1, 1, 1, ROLE_CALLER, "sip:5@example.com", NULL},
    {1, 2, ROSTER_NONE, ROLE_CALLER, "sip:6@example.com", "sip:out@example.com"},
};
static const struct roster journal_roster = {.name = "a test \xc3\xa4",
                                             .spec = "a.yaml",
                                             .groups = journal_groups,
                                             .group_count = 2,
                                             .endpoints = journal_endpoints,
                                             .endpoint_count = 6,
                                             .planned_calls = 3};
static const struct journal_threshold journal_thresholds[] = {
    {"calls.success_rate >= 99%", NULL, 1, 0.25, false, false, 7},
    {"receive.mos.p5 >= 4.0", "agents", 3, 1.0 / 3, true, true, 0},
};
static const struct journal_head journal_heads = {.roster = &journal_roster,
                                                  .thresholds = journal_thresholds,
                                                  .threshold_count = 2,
                                                  .version = "0.1.0",
                                                  .case_name = "codec=opus",
                                                  .seed = UINT64_MAX,
                                                  .started_ns = STARTED};

/* An event of the kind, different with every number, all of its fields set. */
static inline void journal_sample(struct event *event, enum event_kind kind, uint32_t number)
{
    size_t count;
    const struct event_field *fields = event_fields(kind, &count);
    memset(event, 0, sizeof(*event));
    event->kind = kind;
    event->at_ns = STARTED + (int64_t)number * 12345678;
    event->endpoint = kind >= EVENT_PACING ? ROSTER_NONE : number % 6;
    for (size_t i = 0; i < count; i++) {
        const struct event_field *field = &fields[i];
        char *at = (char *)event + field->offset;
        int64_t value = (int64_t)(number * 31 + i);
        if (field->type == FIELD_TEXT || field->type == FIELD_BYTES) {
            size_t length = (number * 7 + i * 13) % field->size;
            memset(at, (int)('a' + (number + i) % 26), length);
            uint32_t told = (uint32_t)length;
            if (field->type == FIELD_BYTES)
                memcpy((char *)event + field->length, &told, sizeof(told));
            continue;
        }
        if (field->type == FIELD_REAL) {
            double real = (double)value / 3;
            memcpy(at, &real, sizeof(real));
            continue;
        }
        if (field->type == FIELD_NS && number % 3 == 0)
            value = EVENT_NONE;
        else if (field->type == FIELD_I64 || field->type == FIELD_I32)
            value = -value;
        else if (field->type == FIELD_ENUM)
            value %= field->word_count;
        else if (field->type == FIELD_BOOL)
            value %= 2;
        else if (field->type == FIELD_CHAR)
            value = '0' + value % 10;
        else if (field->type == FIELD_U8)
            value %= 256;
        event_field_set(event, field, value);
    }
}

/* Values that no decimal is, or that are hard to tell from one. */
static inline double journal_odd_value(uint32_t number)
{
    static const double odd[] = {0.0,
                                 -0.0,
                                 1.0 / 3,
                                 4.41,
                                 -17.25,
                                 1e300,
                                 5e-324,
                                 INFINITY,
                                 NAN,
                                 0.000001,
                                 4503599627370497.0,
                                 9007199254740993.0,
                                 0.1 + 0.2,
                                 -1.5e-9};
    return odd[number % (sizeof(odd) / sizeof(odd[0]))];
}

#endif
