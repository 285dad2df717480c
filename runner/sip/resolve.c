#include "resolve.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/text.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* sofia-sip's callbacks take what these say. */
struct question;
#define SRES_CONTEXT_T struct question
#define SRES_ASYNC_T struct resolver
#include <sofia-resolv/sres.h>
#include <sofia-resolv/sres_async.h>

#define TICK_MS 250
#define HOSTS_FILE "/etc/hosts"
#define HOSTS_LINE 4096
#define HOSTS_LINES 100000

struct question {
    sres_record_t **answers;
    bool answered;
};

struct resolver {
    sres_resolver_t *sres;
    struct pollfd fds[SRES_MAX_NAMESERVERS];
    nfds_t fd_count;
    int64_t until_ns;
    enum resolved outcome;
};

/* ---- waiting --------------------------------------------------------------------------------- */

/* sofia-sip opens and closes its sockets. */
static int take_socket(struct resolver *resolver, sres_socket_t opened, sres_socket_t closed)
{
    if (opened == closed)
        return 0;
    for (nfds_t i = 0; i < resolver->fd_count && closed >= 0; i++)
        if (resolver->fds[i].fd == closed) {
            resolver->fds[i] = resolver->fds[--resolver->fd_count];
            break;
        }
    if (opened < 0)
        return 0;
    if (resolver->fd_count == SRES_MAX_NAMESERVERS)
        return -1;
    resolver->fds[resolver->fd_count++] = (struct pollfd){.fd = opened, .events = POLLIN};
    return 0;
}

static void receive(struct resolver *resolver, int fd)
{
    static const size_t most = 65536;
    uint8_t *bytes = mem_alloc(most);
    ssize_t length = recv(fd, bytes, most, MSG_PEEK | MSG_DONTWAIT);
    if (length >= 0 && !dns_answer_is_sound(bytes, (size_t)length))
        recv(fd, bytes, most, MSG_DONTWAIT); /* dropped */
    else if (length >= 0)
        sres_resolver_receive(resolver->sres, fd);
    free(bytes);
}

static void wait_for(struct resolver *resolver, const struct question *question)
{
    while (!question->answered) {
        struct pollfd ready[SRES_MAX_NAMESERVERS];
        nfds_t count = resolver->fd_count;
        int64_t left = resolver->until_ns - clock_now();
        if (left <= 0)
            return;
        memcpy(ready, resolver->fds, sizeof ready);
        int ms = left > TICK_MS * NS_PER_MS ? TICK_MS : (int)(left / NS_PER_MS) + 1;
        int got = poll(ready, count, ms);
        /* Once more for each of them: a socket may be closed by what another one brought. */
        for (nfds_t i = 0; got > 0 && i < count && !question->answered; i++) {
            if (ready[i].revents & POLLERR)
                sres_resolver_error(resolver->sres, ready[i].fd);
            else if (ready[i].revents & POLLIN)
                receive(resolver, ready[i].fd);
        }
        if (!question->answered)
            sres_resolver_timer(resolver->sres, -1);
    }
}

static void take_answer(struct question *question, sres_query_t *query, sres_record_t **answers)
{
    (void)query;
    question->answers = answers;
    question->answered = true;
}

/* ---- questions ------------------------------------------------------------------------------- */

const char *resolver_file(void)
{
    const char *file = getenv("CMTEST_RESOLV_CONF");
    return file && *file ? file : NULL;
}

struct resolver *resolver_new(int64_t until_ns)
{
    struct resolver *resolver = mem_alloc(sizeof *resolver);
    resolver->until_ns = until_ns;
    resolver->sres = sres_resolver_new(resolver_file());
    if (!resolver->sres) {
        free(resolver);
        return NULL;
    }
    sres_resolver_set_async(resolver->sres, take_socket, resolver, 0);
    return resolver;
}

void resolver_free(struct resolver *resolver)
{
    if (!resolver)
        return;
    sres_resolver_unref(resolver->sres);
    free(resolver);
}

static enum resolved outcome_of(uint16_t status)
{
    switch (status) {
    case SRES_NAME_ERR:
        return RESOLVED_NO_NAME;
    case SRES_RECORD_ERR:
        return RESOLVED_NO_RECORD;
    case SRES_TIMEOUT_ERR:
        return RESOLVED_SILENCE;
    default:
        return RESOLVED_FAILURE;
    }
}

/* Of answers that are all that came: only those without error and of the type. */
static sres_record_t **choose(struct resolver *resolver, sres_record_t **answers, uint16_t type)
{
    resolver->outcome = RESOLVED_FAILURE;
    if (answers && answers[0] && answers[0]->sr_record->r_status)
        resolver->outcome = outcome_of(answers[0]->sr_record->r_status);
    else if (answers && answers[0]) /* of other types */
        resolver->outcome = RESOLVED_NO_RECORD;
    if (answers)
        sres_filter_answers(resolver->sres, answers, type);
    if (!answers || !answers[0] || answers[0]->sr_record->r_status) {
        sres_free_answers(resolver->sres, answers);
        return NULL;
    }
    sres_sort_answers(resolver->sres, answers);
    resolver->outcome = RESOLVED;
    return answers;
}

sres_record_t **resolver_ask(struct resolver *resolver, uint16_t type, const char *name)
{
    struct question question = {0};
    if (resolver->outcome == RESOLVED_SILENCE)
        return NULL;
    question.answers = sres_cached_answers(resolver->sres, type, name);
    if (question.answers)
        return choose(resolver, question.answers, type);
    sres_query_t *query = sres_query(resolver->sres, take_answer, &question, type, name);
    if (!query && !question.answered) {
        resolver->outcome = RESOLVED_FAILURE;
        return NULL;
    }
    wait_for(resolver, &question);
    if (question.answered)
        return choose(resolver, question.answers, type);
    sres_query_bind(query, NULL, NULL);
    resolver->outcome = RESOLVED_SILENCE;
    return NULL;
}

void resolver_drop(struct resolver *resolver, sres_record_t **records)
{
    if (records)
        sres_free_answers(resolver->sres, records);
}

enum resolved resolver_outcome(const struct resolver *resolver)
{
    return resolver->outcome;
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static bool line_names(char *line, const char *name, const char **address)
{
    char *rest = NULL;
    line[strcspn(line, "#\n")] = '\0';
    *address = strtok_r(line, " \t\r", &rest);
    if (!*address)
        return false;
    for (const char *word; (word = strtok_r(NULL, " \t\r", &rest));)
        if (strcasecmp(word, name) == 0)
            return true;
    return false;
}

size_t hosts_find(const char *name, int family, char (*addresses)[INET6_ADDRSTRLEN], size_t max)
{
    FILE *file = fopen(HOSTS_FILE, "re");
    char line[HOSTS_LINE];
    size_t count = 0;
    if (!file)
        return 0;
    for (int i = 0; i < HOSTS_LINES && count < max && fgets(line, sizeof line, file); i++) {
        const char *address;
        struct in6_addr ip;
        if (line_names(line, name, &address) && inet_pton(family, address, &ip) == 1)
            text_copy(addresses[count++], INET6_ADDRSTRLEN, address);
    }
    fclose(file);
    return count;
}
