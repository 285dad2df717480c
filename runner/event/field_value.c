#include "cmtest/event_fields.h"

#include <string.h>

int64_t event_field_get(const struct event *event, const struct event_field *field)
{
    const char *at = (const char *)event + field->offset;
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        int32_t i32;
        int64_t i64;
    } value = {0};
    memcpy(&value, at, field->size <= sizeof(value) ? field->size : 0);
    switch (field->size) {
    case 1:
        return value.u8;
    case 2:
        return value.u16;
    case 4:
        return field->type == FIELD_I32 ? (int64_t)value.i32 : (int64_t)value.u32;
    default:
        return value.i64;
    }
}

static bool is_of(const struct event_field *field, int64_t value)
{
    switch (field->type) {
    case FIELD_BOOL:
        return value == 0 || value == 1;
    case FIELD_U8:
        return value >= 0 && value <= UINT8_MAX;
    case FIELD_U16:
        return value >= 0 && value <= UINT16_MAX;
    case FIELD_U32:
        return value >= 0 && value <= UINT32_MAX;
    case FIELD_I32:
        return value >= INT32_MIN && value <= INT32_MAX;
    case FIELD_ENUM:
        return value >= 0 && value < (int64_t)field->word_count;
    case FIELD_CHAR:
        return value == 0 || (value >= ' ' && value <= '~');
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_NS:
        return true;
    case FIELD_TEXT:
    case FIELD_REAL:
    case FIELD_BYTES:
        break;
    }
    return false;
}

bool event_field_set(struct event *event, const struct event_field *field, int64_t value)
{
    char *at = (char *)event + field->offset;
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    if (!is_of(field, value))
        return false;
    switch (field->size) {
    case 1:
        memcpy(at, &u8, 1);
        break;
    case 2:
        memcpy(at, &u16, 2);
        break;
    case 4:
        memcpy(at, &u32, 4);
        break;
    default:
        memcpy(at, &value, 8);
        break;
    }
    return true;
}
