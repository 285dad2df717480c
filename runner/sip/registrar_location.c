#include "registrar_core.h"

#include <openssl/crypto.h>
#include <sofia-sip/url.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* FNV-1a; the set of names is fixed by the spec, so nobody can choose them to collide. */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return hash;
}

void location_init(struct location *location, const struct registrar_account *accounts,
                   size_t count)
{
    size_t buckets = 16;
    while (buckets < count * 2)
        buckets *= 2;
    location->accounts = mem_array(count, sizeof *location->accounts);
    location->buckets = mem_array(buckets, sizeof *location->buckets);
    location->count = count;
    location->mask = buckets - 1;
    for (size_t i = 0; i < count; i++) {
        struct account *account = &location->accounts[i];
        struct account **bucket =
            &location->buckets[hash_name(accounts[i].username) & location->mask];
        account->username = mem_strdup(accounts[i].username);
        account->password = mem_strdup(accounts[i].password);
        account->next = *bucket;
        *bucket = account;
    }
}

void location_fini(struct location *location)
{
    for (size_t i = 0; i < location->count; i++) {
        struct account *account = &location->accounts[i];
        while (account->bindings)
            account_unbind(account, account->bindings);
        OPENSSL_cleanse(account->password, strlen(account->password));
        free(account->password);
        free(account->username);
    }
    free(location->accounts);
    free(location->buckets);
}

struct account *location_find(const struct location *location, const char *username)
{
    struct account *account = location->buckets[hash_name(username) & location->mask];
    while (account && strcmp(account->username, username) != 0)
        account = account->next;
    return account;
}

uint64_t location_bindings(const struct location *location, int64_t now)
{
    uint64_t alive = 0;
    for (size_t i = 0; i < location->count; i++) {
        for (const struct binding *b = location->accounts[i].bindings; b; b = b->next)
            alive += b->expires_ns > now;
    }
    return alive;
}

static void free_binding(struct binding *binding)
{
    free(binding->uri);
    free(binding->params);
    free(binding->call_id);
    free(binding);
}

static void take_out(struct account *account, const struct binding *binding)
{
    struct binding **slot = &account->bindings;
    while (*slot != binding)
        slot = &(*slot)->next;
    *slot = binding->next;
}

void account_unbind(struct account *account, struct binding *binding)
{
    take_out(account, binding);
    free_binding(binding);
}

void account_expire(struct account *account, int64_t now)
{
    for (struct binding *binding = account->bindings, *next; binding; binding = next) {
        next = binding->next;
        if (binding->expires_ns <= now)
            account_unbind(account, binding);
    }
}

const struct binding *account_newest(struct account *account, int64_t now)
{
    account_expire(account, now);
    return account->bindings;
}

struct binding *account_binding(struct account *account, const char *uri)
{
    for (struct binding *binding = account->bindings; binding; binding = binding->next) {
        if (strcmp(binding->uri, uri) == 0)
            return binding;
    }
    if (!account->bindings)
        return NULL;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    su_home_init(home);
    struct binding *same = NULL;
    const url_t *wanted = url_make(home, uri);
    for (struct binding *binding = account->bindings; wanted && binding && !same;
         binding = binding->next) {
        const url_t *url = url_make(home, binding->uri);
        if (url && url_cmp_all(url, wanted) == 0)
            same = binding;
    }
    su_home_deinit(home);
    return same;
}

bool account_bind(struct account *account, const struct wanted_binding *wanted)
{
    struct binding *binding = account_binding(account, wanted->uri);
    if (binding) {
        take_out(account, binding);
        free(binding->params);
        free(binding->call_id);
    } else {
        size_t others = 0;
        for (const struct binding *b = account->bindings; b; b = b->next)
            others++;
        if (others >= BINDINGS_LIMIT)
            return false;
        binding = mem_alloc(sizeof *binding);
        binding->uri = mem_strdup(wanted->uri);
    }
    binding->params = mem_strdup(wanted->params);
    binding->call_id = mem_strdup(wanted->call_id);
    binding->cseq = wanted->cseq;
    binding->expires_ns = wanted->expires_ns;
    binding->next = account->bindings;
    account->bindings = binding;
    return true;
}
