#include "build.h"
#include "cmtest/random.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_USERNAME 1001
#define SECRET_DIGITS 24

static size_t needed(const struct build *build, uint32_t registrar)
{
    size_t count = 0;
    for (size_t i = 0; i < build->plan->group_count; i++)
        if (build->plan->groups[i].registrar == registrar)
            count += build->plan->groups[i].count;
    return count;
}

static const struct plan_account *generate(struct build *build, size_t count)
{
    struct plan_account *accounts = arena_array(build->arena, count, sizeof *accounts);
    for (size_t i = 0; i < count; i++) {
        char secret[SECRET_DIGITS + 1];
        random_secret(secret, SECRET_DIGITS);
        accounts[i].username = arena_printf(build->arena, "%zu", FIRST_USERNAME + i);
        accounts[i].password = arena_strdup(build->arena, secret);
        accounts[i].expected = accounts[i].password;
        accounts[i].auth_user = accounts[i].username;
        explicit_bzero(secret, sizeof secret);
    }
    return accounts;
}

struct named {
    const char *name;
    unsigned index;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Two endpoints with one account would take each other's calls. */
static void check_unique(struct build *build, unsigned registrar)
{
    const struct spec_accounts *accounts = &build->spec->registrars[registrar].accounts;
    struct named *names = mem_array(accounts->list_count + 1, sizeof *names);
    size_t count = 0;
    for (unsigned i = 0; i < accounts->list_count; i++)
        if (accounts->list[i].username)
            names[count++] = (struct named){accounts->list[i].username, i};
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(names[i - 1].name, names[i].name) != 0)
            continue;
        struct place place = spec_place(build->spec, "registrars[%u].accounts.list[%u].username",
                                        registrar, names[i].index);
        diag_add(build->diag, DIAG_ERROR, "duplicate-account", place,
                 "each endpoint needs an account of its own", "%s is in the list twice",
                 names[i].name);
        diag_related(build->diag,
                     spec_place(build->spec, "registrars[%u].accounts.list[%u].username", registrar,
                                names[i - 1].index),
                     "it is here already");
    }
    free(names);
}

static const struct plan_account *from_list(struct build *build, unsigned registrar)
{
    const struct spec_accounts *rows = &build->spec->registrars[registrar].accounts;
    struct plan_account *accounts = arena_array(build->arena, rows->list_count, sizeof *accounts);
    for (unsigned i = 0; i < rows->list_count; i++) {
        const struct spec_account *row = &rows->list[i];
        struct plan_account *account = &accounts[i];
        account->username = build_keep(build, row->username);
        account->password = build_keep(build, row->password);
        account->expected =
            row->expected_password ? build_keep(build, row->expected_password) : account->password;
        account->auth_user = row->auth_user ? build_keep(build, row->auth_user) : account->username;
        account->realm = build_keep(build, row->realm);
    }
    if (!rows->file)
        check_unique(build, registrar);
    return accounts;
}

static const struct plan_account *from_range(struct build *build, unsigned registrar)
{
    const struct spec_accounts *rows = &build->spec->registrars[registrar].accounts;
    const struct field_range *range = &rows->range;
    int64_t count = range->last - range->first + 1;
    if (count > PLAN_ENDPOINTS_MAX) {
        diag_add(build->diag, DIAG_ERROR, "too-many-accounts",
                 spec_place(build->spec, "registrars[%u].accounts.range", registrar),
                 "at most 100000", "this range has %lld accounts", (long long)count);
        return NULL;
    }
    struct plan_account *accounts = arena_array(build->arena, (size_t)count, sizeof *accounts);
    const char *password = build_keep(build, rows->password);
    for (int64_t i = 0; i < count; i++) {
        accounts[i].username =
            arena_printf(build->arena, "%0*lld", (int)range->width, (long long)(range->first + i));
        accounts[i].auth_user = accounts[i].username;
        accounts[i].password = accounts[i].expected = password;
    }
    build->plan->registrars[registrar].account_count = (size_t)count;
    return accounts;
}

static void not_enough(struct build *build, unsigned registrar, size_t want, size_t have)
{
    struct text groups = {0};
    size_t count = 0;
    const struct plan *plan = build->plan;
    for (size_t i = 0; i < plan->group_count; i++) {
        if (plan->groups[i].registrar != registrar)
            continue;
        if (++count <= 8)
            text_printf(&groups, "%s%s", count > 1 ? ", " : "", plan->groups[i].name);
    }
    text_add(&groups, count > 8 ? ", ..." : "");
    diag_add(build->diag, DIAG_ERROR, "not-enough-accounts",
             spec_place(build->spec, "registrars[%u].accounts", registrar),
             "one account per endpoint", "%s %s %s %zu account%s, registrar %s has %zu",
             count > 1 ? "groups" : "group", text_get(&groups), count > 1 ? "need" : "needs", want,
             want == 1 ? "" : "s", plan->registrars[registrar].name, have);
    text_fini(&groups);
}

void build_accounts(struct build *build)
{
    const struct spec *spec = build->spec;
    for (unsigned i = 0; i < spec->registrars_count; i++) {
        const struct spec_accounts *rows = &spec->registrars[i].accounts;
        struct plan_registrar *registrar = &build->plan->registrars[i];
        size_t want = needed(build, i);
        bool given = spec_given(spec, "registrars[%u].accounts", i);
        if (spec_faulty(spec, "registrars[%u].accounts", i) || want > PLAN_ENDPOINTS_MAX)
            continue;
        if (given && rows->range.last) {
            registrar->accounts = from_range(build, i);
            if (!registrar->accounts)
                continue;
        } else if (given && !rows->generate) {
            registrar->accounts = from_list(build, i);
            registrar->account_count = rows->list_count;
        } else if (registrar->embedded) {
            registrar->account_count = rows->generate ? rows->generate : want;
            registrar->accounts = generate(build, registrar->account_count);
        } else {
            continue; /* that they are missing was said */
        }
        if (registrar->account_count < want)
            not_enough(build, i, want, registrar->account_count);
    }
}

/* ---- one account at two registrars that are one ------------------------------------------- */

struct used {
    const char *domain;
    uint16_t port;
    const char *host, *username;
    uint32_t registrar;
};

static int by_account(const void *a, const void *b)
{
    const struct used *x = a, *y = b;
    int order = strcmp(x->username, y->username);
    order = order ? order : strcmp(x->domain, y->domain);
    order = order ? order : strcmp(x->host, y->host);
    order = order ? order : (x->port > y->port) - (x->port < y->port);
    return order ? order : (x->registrar > y->registrar) - (x->registrar < y->registrar);
}

static bool same_account(const struct used *x, const struct used *y)
{
    return x->registrar != y->registrar && strcmp(x->username, y->username) == 0 &&
           strcmp(x->domain, y->domain) == 0 && strcmp(x->host, y->host) == 0 && x->port == y->port;
}

static uint16_t usual_port(const struct plan_registrar *registrar)
{
    const struct transport *transport =
        registrar->transport ? registrar->transport : transport_find("udp");
    return registrar->port ? registrar->port : transport->port;
}

void build_account_use(struct build *build)
{
    const struct plan *plan = build->plan;
    struct used *used = mem_array(plan->endpoint_count + 1, sizeof *used);
    size_t count = 0;
    for (size_t i = 0; i < plan->endpoint_count; i++) {
        const struct plan_account *account = plan->endpoints[i].account;
        uint32_t index = plan->groups[plan->endpoints[i].group].registrar;
        if (!account || !account->username || index == ROSTER_NONE)
            continue;
        const struct plan_registrar *registrar = &plan->registrars[index];
        if (registrar->domain && registrar->host)
            used[count++] = (struct used){registrar->domain, usual_port(registrar), registrar->host,
                                          account->username, index};
    }
    qsort(used, count, sizeof *used, by_account);
    for (size_t i = 1; i < count; i++) {
        if (!same_account(&used[i - 1], &used[i]))
            continue;
        diag_add(build->diag, DIAG_ERROR, "account-used-twice",
                 spec_place(build->spec, "registrars[%u].accounts", used[i].registrar),
                 "give each of the two accounts of its own",
                 "registrars %s and %s are one server, and both hand out account %s",
                 plan->registrars[used[i - 1].registrar].name,
                 plan->registrars[used[i].registrar].name, used[i].username);
        diag_related(build->diag,
                     spec_place(build->spec, "registrars[%u].accounts", used[i - 1].registrar),
                     "the other one is here");
        break;
    }
    free(used);
}
