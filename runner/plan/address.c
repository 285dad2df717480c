#include "address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *host_fault(const char *host)
{
    size_t label = 0, length = strlen(host);
    if (!length)
        return "the host is empty";
    if (length > 253)
        return "the host is too long";
    if (strspn(host, "0123456789.") == length) {
        struct in_addr ip;
        return inet_pton(AF_INET, host, &ip) == 1 ? NULL : "this is not an IPv4 address";
    }
    for (size_t i = 0; i < length; i++) {
        char c = host[i];
        if (c == '.' ? !label : !isalnum((unsigned char)c) && c != '-' && c != '_')
            return "this is not a host name";
        label = c == '.' ? 0 : label + 1;
        if (label > 63 || (label == 1 && c == '-'))
            return "this is not a host name";
    }
    return NULL;
}

static const char *port_fault(const char *text, uint16_t *port)
{
    uint32_t value = 0;
    size_t length = strlen(text);
    if (!length || length > 5 || strspn(text, "0123456789") != length)
        return "the port must be 1 to 65535";
    for (size_t i = 0; i < length; i++)
        value = value * 10 + (uint32_t)(text[i] - '0');
    if (value < 1 || value > 65535)
        return "the port must be 1 to 65535";
    *port = (uint16_t)value;
    return NULL;
}

static bool has_scheme(const char *text, const char *scheme)
{
    return strncasecmp(text, scheme, strlen(scheme)) == 0;
}

const char *address_parse(const char *text, struct address *address)
{
    *address = (struct address){0};
    const char *first = strchr(text, ':'), *rest;
    if (*text == '[') {
        const char *close = strchr(text, ']');
        struct in6_addr ip;
        size_t length = close ? (size_t)(close - text - 1) : 0;
        if (!close || length >= sizeof address->host)
            return "the bracket is not closed";
        memcpy(address->host, text + 1, length);
        address->ipv6 = true;
        if (inet_pton(AF_INET6, address->host, &ip) != 1)
            return "this is not an IPv6 address";
        rest = close + 1;
        if (*rest && *rest != ':')
            return "only :port may follow the address";
    } else {
        if (first && strchr(first + 1, ':'))
            return "an IPv6 address is written in brackets";
        rest = first ? first : text + strlen(text);
        if (has_scheme(text, "sip:") || has_scheme(text, "sips:"))
            return "a host is written without sip:";
        if ((size_t)(rest - text) >= sizeof address->host)
            return "the host is too long";
        memcpy(address->host, text, (size_t)(rest - text));
        const char *fault = host_fault(address->host);
        if (fault)
            return fault;
    }
    return *rest ? port_fault(rest + 1, &address->port) : NULL;
}

bool uri_looks_like_one(const char *text)
{
    return strpbrk(text, ":@") != NULL;
}

/* Characters of RFC 3261 25.1; what a group may be called stays out of this. */
static bool uri_characters(const char *text)
{
    for (; *text; text++) {
        if (*text == '%' && !(isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2])))
            return false;
        if (!isalnum((unsigned char)*text) && !strchr("-_.!~*'()%&=+$,;?/:@[]", *text))
            return false;
    }
    return true;
}

const char *uri_fault(const char *text)
{
    if (has_scheme(text, "sips:"))
        return "calls to sips: are not supported yet";
    if (has_scheme(text, "tel:"))
        return "calls to tel: are not supported yet";
    if (!has_scheme(text, "sip:"))
        return "a URI to call begins with sip:";
    if (!uri_characters(text))
        return "a SIP URI has no spaces and only ASCII characters; others are written as %20";
    const char *user = text + 4, *at = strchr(user, '@'), *host = at ? at + 1 : user;
    if (at && memchr(user, ':', (size_t)(at - user)))
        return "a URI to call must not hold a password";
    if (at == user)
        return "the user part before the @ is empty";
    char part[512];
    size_t length = strcspn(host, ";?");
    if (length >= sizeof part)
        return "the URI is too long";
    memcpy(part, host, length);
    part[length] = '\0';
    struct address address;
    return address_parse(part, &address);
}
