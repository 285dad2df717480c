/* What a group says of itself in its INVITEs, and where its packets come from. */
#include "address.h"
#include "build.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Those of the protocol: another one of them, or a wrong one, would break the call in a way that
 * says nothing of the system under test. */
static const char *reserved(const char *name)
{
    static const char *const names[][2] = {
        {"Via", "the transport writes it"},
        {"From", "use caller_id"},
        {"To", "use call"},
        {"Call-ID", "the dialog writes it"},
        {"CSeq", "the dialog writes it"},
        {"Contact", "it is where the answers go"},
        {"Max-Forwards", "the transport writes it"},
        {"Route", "use proxy"},
        {"Record-Route", "proxies write it"},
        {"Content-Length", "the transport writes it"},
        {"Content-Type", "the body is SDP"},
        {"Authorization", "accounts are answered with"},
        {"Proxy-Authorization", "accounts are answered with"},
        {"Allow", "it says what this program can do"},
        {"Supported", "use session_timer or reliable_provisional"},
        {"Require", "use session_timer or reliable_provisional"},
        {"Session-Expires", "use session_timer"},
        {"Min-SE", "use session_timer"},
        {"RAck", "use reliable_provisional"},
        {"RSeq", "use reliable_provisional"},
        {"Expires", "use expires of the registrar"},
        {"User-Agent", "it names this program"},
    };
    static const char *const compact = "vftimlckxu";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i][0], name) == 0)
            return names[i][1];
    if (strlen(name) == 1 && strchr(compact, name[0] | 0x20))
        return "it is the short form of one that the protocol writes";
    return NULL;
}

static void take_headers(struct build *build, unsigned index)
{
    const struct spec_group *row = &build->spec->groups[index];
    struct text lines = {0};
    for (unsigned i = 0; i < row->headers_count; i++) {
        const struct spec_header *header = &row->headers[i];
        const char *why = reserved(header->name);
        struct place place = spec_place(build->spec, "groups[%u].headers[%u]", index, i);
        if (why && !build_said(build, "reserved-header", place))
            diag_add(build->diag, DIAG_ERROR, "reserved-header", place, why,
                     "%s cannot be set here", header->name);
        for (unsigned j = 0; j < header->values_count; j++)
            text_printf(&lines, "%s: %s\r\n", header->name, header->values[j]);
    }
    if (lines.length)
        build->plan->groups[index].headers = build_keep(build, text_get(&lines));
    text_fini(&lines);
}

static bool user_part(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "-_.!~*'()&=+$,;?/") == strlen(text);
}

/* "Front Desk" <sip:100@example.com>, <sip:...>, sip:... ; NULL, or what is wrong. */
static const char *from_fault(const char *text)
{
    const char *at = text;
    if (*at == '"') {
        for (at++; *at && *at != '"'; at++)
            if (*at == '\\' && !*++at)
                break;
        if (!*at)
            return "the quotes of the name are not closed";
        at += 1 + strspn(at + 1, " ");
        if (*at != '<')
            return "after the name comes a URI in < >";
    }
    if (*at != '<')
        return uri_fault(at);
    const char *close = strchr(at, '>');
    if (!close || close[1])
        return "the URI must end with >";
    char *uri = strndup(at + 1, (size_t)(close - at - 1));
    const char *fault = uri ? uri_fault(uri) : "out of memory";
    free(uri);
    return fault;
}

/* cmtest's own registrar lets nobody speak for another one of its users. */
static void own_domain(struct build *build, unsigned index)
{
    uint32_t registrar = build->plan->groups[index].registrar;
    if (registrar == ROSTER_NONE || !build->plan->registrars[registrar].embedded)
        return;
    diag_add(build->diag, DIAG_ERROR, "caller-id-refused",
             spec_place(build->spec, "groups[%u].caller_id", index),
             "give it a domain of its own: sip:100@example.com",
             "the registrar embedded refuses calls in the name of another one of its users");
}

static void take_caller_id(struct build *build, unsigned index)
{
    const char *text = build->spec->groups[index].caller_id;
    struct plan_group *group = &build->plan->groups[index];
    if (!text || spec_faulty(build->spec, "groups[%u].caller_id", index))
        return;
    if (!strpbrk(text, ":@<>\" ")) {
        const char *domain = group->registrar == ROSTER_NONE
                                 ? NULL
                                 : build->plan->registrars[group->registrar].domain;
        if (user_part(text)) {
            own_domain(build, index);
            group->from = arena_printf(build->arena, "<sip:%s@%s>", text, domain ? domain : "");
            return;
        }
    }
    const char *fault = from_fault(text);
    if (fault)
        diag_add(build->diag, DIAG_ERROR, "bad-caller-id",
                 spec_place(build->spec, "groups[%u].caller_id", index),
                 "a user part such as 100, or '\"Front Desk\" <sip:100@example.com>'",
                 "this cannot be a caller id: %s", fault);
    group->from = *text == '"' || *text == '<' ? build_keep(build, text)
                                               : arena_printf(build->arena, "<%s>", text);
}

static void take_address(struct build *build, unsigned index)
{
    const char *text = build->spec->groups[index].source_address;
    struct in6_addr any;
    if (!text || spec_faulty(build->spec, "groups[%u].source_address", index))
        return;
    if (inet_pton(AF_INET, text, &any) != 1 && inet_pton(AF_INET6, text, &any) != 1)
        diag_add(build->diag, DIAG_ERROR, "bad-address",
                 spec_place(build->spec, "groups[%u].source_address", index),
                 "for example 192.0.2.20 or 2001:db8::20", "\"%s\" is not an IP address", text);
    build->plan->groups[index].source_address = build_keep(build, text);
}

static void check_timer(struct build *build, unsigned index)
{
    const struct spec_timer *timer = &build->spec->groups[index].session_timer;
    if (!spec_faulty(build->spec, "groups[%u].session_timer", index) &&
        timer->min_se_ns > timer->expires_ns)
        diag_add(build->diag, DIAG_ERROR, "min-se-too-long",
                 spec_place(build->spec, "groups[%u].session_timer.min_se", index),
                 "it is the least that expires may be",
                 "min_se is longer than the expires of the session timer");
}

void build_headers(struct build *build, unsigned index)
{
    const struct field_range *ports = &build->spec->groups[index].rtp_ports;
    struct plan_group *group = &build->plan->groups[index];
    take_headers(build, index);
    take_caller_id(build, index);
    take_address(build, index);
    check_timer(build, index);
    group->port_first = (uint16_t)(ports->first + ports->first % 2);
    group->port_last = (uint16_t)ports->last;
}
