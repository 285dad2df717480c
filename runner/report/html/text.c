#include "html/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "words.h"

static void add_clean(struct text *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (bytes[i]) {
        case '&':
            text_add(out, "&amp;");
            break;
        case '<':
            text_add(out, "&lt;");
            break;
        case '>':
            text_add(out, "&gt;");
            break;
        case '"':
            text_add(out, "&quot;");
            break;
        case '\'':
            text_add(out, "&#39;");
            break;
        default:
            text_add_bytes(out, &bytes[i], 1);
        }
    }
}

void html_text(struct text *out, const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_XML);
    add_clean(out, text_get(&clean), clean.length);
    text_fini(&clean);
}

void html_short(struct text *out, const char *string, size_t characters)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_XML);
    const char *at = text_get(&clean);
    size_t left = clean.length;
    for (; left > 0 && characters > 1; characters--) {
        size_t length = text_utf8_length(at, left);
        add_clean(out, at, length);
        at += length;
        left -= length;
    }
    /* The last one that fits, or the sign that there are more. */
    if (left > 0 && text_utf8_length(at, left) == left)
        add_clean(out, at, left);
    else if (left > 0)
        text_add(out, "\xe2\x80\xa6");
    text_fini(&clean);
}

/* '<' and '>' would end the script element or begin a comment, '&' is for readers that decode it,
 * and the line separators end a line of JavaScript. */
static void add_json(struct text *out, const char *bytes, size_t length)
{
    text_add(out, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '"' || byte == '\\')
            text_printf(out, "\\%c", byte);
        else if (byte == '\n')
            text_add(out, "\\n");
        else if (byte < 0x20 || byte == '<' || byte == '>' || byte == '&' || byte == 0x7f)
            text_printf(out, "\\u%04x", byte);
        else if (i + 2 < length && byte == 0xe2 && (unsigned char)bytes[i + 1] == 0x80 &&
                 ((unsigned char)bytes[i + 2] & 0xfe) == 0xa8) {
            text_printf(out, "\\u20%02x", 0x28 + ((unsigned char)bytes[i + 2] & 1));
            i += 2;
        } else
            text_add_bytes(out, &bytes[i], 1);
    }
    text_add(out, "\"");
}

void html_json_bytes(struct text *out, const char *bytes, size_t length)
{
    struct text clean = {0};
    words_clean_bytes(&clean, bytes, length, CLEAN_XML);
    add_json(out, text_get(&clean), clean.length);
    text_fini(&clean);
}

void html_json(struct text *out, const char *string)
{
    html_json_bytes(out, string, strlen(string));
}

void html_scaled(struct text *out, double value, int digits)
{
    double scaled = round(value * pow(10, digits));
    if (isfinite(scaled) && fabs(scaled) < 9e15)
        text_printf(out, "%" PRId64, (int64_t)scaled);
    else
        text_add(out, "null");
}

void html_next(struct text *out, bool *any, const char *separator)
{
    if (*any)
        text_add(out, separator);
    *any = true;
}
