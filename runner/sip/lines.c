#include "sip_private.h"

#include <string.h>

#include <sofia-sip/sip_header.h>

void add_line(struct text *lines, const char *name, const char *value)
{
    text_add(lines, name);
    text_add(lines, value);
    text_add(lines, "\r\n");
}

sip_unknown_t *lines_header(struct text *lines, sip_unknown_t *header)
{
    char *colon = lines->length > 2 ? strchr(lines->data, ':') : NULL;
    if (!colon)
        return NULL;
    char *value = colon + 1;
    *colon = '\0';
    value += strspn(value, " ");
    lines->data[lines->length - 2] = '\0'; /* the stack ends the last one */
    sip_unknown_init(header);
    header->un_name = lines->data;
    header->un_value = value;
    return header;
}
