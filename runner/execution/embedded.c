#include "embedded.h"
#include "cmtest/arena.h"
#include "cmtest/registrar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host {
    const struct plan_registrar *planned;
    struct registrar_account *accounts;
    struct registrar *registrar;
    struct loop_thread *thread;
    uint16_t port;
};

struct embedded {
    struct host *hosts;
    size_t count;
};

static bool open_registrar(struct loop *loop, void *arg)
{
    struct host *host = arg;
    const struct plan_registrar *planned = host->planned;
    struct registrar_config config = {
        .address = planned->host,
        .realm = planned->domain,
        .algorithm = planned->digest,
        .accounts = host->accounts,
        .account_count = planned->account_count,
        .expires_max = 3600,
    };
    host->registrar = registrar_new(loop, &config);
    if (!host->registrar)
        return false;
    host->port = registrar_port(host->registrar);
    return true;
}

static void close_registrar(void *arg)
{
    struct host *host = arg;
    registrar_free(host->registrar);
}

static bool start_host(struct host *host, struct plan_registrar *planned)
{
    host->planned = planned;
    host->accounts = mem_array(planned->account_count, sizeof *host->accounts);
    for (size_t i = 0; i < planned->account_count; i++)
        host->accounts[i] = (struct registrar_account){.username = planned->accounts[i].auth_user,
                                                       .password = planned->accounts[i].expected};
    host->thread = loop_thread_start("registrar", open_registrar, close_registrar, host);
    int saved = errno;
    free(host->accounts);
    host->accounts = NULL;
    planned->port = host->port;
    errno = saved;
    return host->thread != NULL;
}

struct embedded *embedded_start(struct plan *plan, char *why, size_t why_size)
{
    struct embedded *embedded = mem_alloc(sizeof *embedded);
    embedded->hosts = mem_array(plan->registrar_count, sizeof *embedded->hosts);
    for (size_t i = 0; i < plan->registrar_count; i++) {
        struct plan_registrar *planned = &plan->registrars[i];
        if (!planned->embedded)
            continue;
        if (!start_host(&embedded->hosts[embedded->count], planned)) {
            snprintf(why, why_size, "the embedded registrar could not be started at %s: %s",
                     planned->host, strerror(errno));
            embedded_stop(embedded);
            return NULL;
        }
        embedded->count++;
    }
    return embedded;
}

void embedded_stop(struct embedded *embedded)
{
    if (!embedded)
        return;
    for (size_t i = 0; i < embedded->count; i++)
        loop_thread_stop(embedded->hosts[i].thread);
    free(embedded->hosts);
    free(embedded);
}
