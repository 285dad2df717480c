/* fields: what the lists of keys share. One file per part of a spec. */
#ifndef CMTEST_SPEC_FIELDS_H
#define CMTEST_SPEC_FIELDS_H

#include "cmtest/field.h"
#include "cmtest/spec.h"

#define AT(type, member) \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define LIST_AT(type, member) \
    .offset = offsetof(struct type, member), .count_offset = offsetof(struct type, member##_count)
#define MAP_AT(type, member) LIST_AT(type, member), .size = sizeof *((struct type *)0)->member
#define END         \
    {               \
        .key = NULL \
    }
#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define HOUR (3600 * SECOND)
#define ENDPOINTS_MAX 100000
#define WHOLE 100000 /* 100% */

extern const struct field registrar_fields[], group_fields[], audio_fields[], video_fields[],
    playout_fields[], rtcp_fields[], impair_fields[], header_fields[], ending_fields[],
    step_fields[], load_fields[], threshold_fields[];

#endif
