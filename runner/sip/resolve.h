/*
 * resolve: what a name is, by the hosts file and by DNS, with sofia-sip's resolver. For locate.c.
 *
 * sofia-sip 1.12's decoder follows a name that points to itself for ever, so that every answer is
 * walked first (dns_answer_is_sound()), and what does not hold is dropped as if it had never come.
 */
#ifndef CMTEST_SIP_RESOLVE_H
#define CMTEST_SIP_RESOLVE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sofia-resolv/sres_record.h>
#include "cmtest/locate.h"

/* Of the last question. */
enum resolved {
    RESOLVED,
    RESOLVED_NO_NAME,   /* there is no such name */
    RESOLVED_NO_RECORD, /* the name has no such record */
    RESOLVED_SILENCE,   /* nobody answered in time: further questions are not asked */
    RESOLVED_FAILURE    /* a server refused or failed */
};

struct resolver;

/* Another resolv.conf than that of the machine; NULL: that one. */
const char *resolver_file(void);
/* NULL: without memory. until_ns: clock_now() when it gives up. */
struct resolver *resolver_new(int64_t until_ns);
void resolver_free(struct resolver *resolver);
/* Sorted records of that type only, NULL-terminated; NULL when there are none. Freed with
 * resolver_drop(). */
sres_record_t **resolver_ask(struct resolver *resolver, uint16_t type, const char *name);
void resolver_drop(struct resolver *resolver, sres_record_t **records);
enum resolved resolver_outcome(const struct resolver *resolver);

/* The numeric addresses that /etc/hosts has for a name; how many. */
size_t hosts_find(const char *name, int family, char (*addresses)[INET6_ADDRSTRLEN], size_t max);

/* locate() with another patience than its own. */
void locate_within(const struct locate_query *query, int64_t patience_ns, struct located *located);

/* Whether a DNS message is one whose names end, and whose records are as long as they say. */
bool dns_answer_is_sound(const uint8_t *bytes, size_t length);

#endif
