/* build: a plan while it is made. Every step adds what it can and reports what it cannot. */
#ifndef CMTEST_PLAN_BUILD_H
#define CMTEST_PLAN_BUILD_H

#include "cmtest/plan.h"

#define PLAN_ENDPOINTS_MAX 100000

struct build {
    const struct spec *spec;
    struct arena *arena;
    struct diag *diag;
    struct plan *plan;
};

/* registrars.c: where the packets go. */
void build_registrars(struct build *build);
/* transport.c: what SIP is carried over and how it is secured; and the Route of a proxy. */
void build_transport(struct build *build, unsigned index, struct plan_registrar *registrar);
struct address;
const char *build_route(const struct build *build, const struct address *proxy,
                        const struct transport *transport);
/* groups.c: names to rows, sizes; then calls.c: who calls whom. */
void build_groups(struct build *build);
void build_calls(struct build *build);
/* behaviour.c: how a group answers and which extensions it speaks; whether those of partners fit,
 * after build_calls. */
void build_answer(struct build *build, unsigned group);
void build_extensions(struct build *build, unsigned group);
void build_behaviour_check(struct build *build);
/* media.c: codecs, sources, and what partners have in common; the latter after build_calls. */
void build_media(struct build *build, unsigned group);
void build_sources(struct build *build, unsigned group); /* sources.c; after its codecs */
/* One source of a track or of a step. */
void build_audio(struct build *build, unsigned group, const struct spec_source *row,
                 struct place place, struct audio *audio);
void build_common_media(struct build *build);
/* hearing.c: playout, decoding, recording, RTCP; and the class of its packets. */
void build_hearing(struct build *build, unsigned group);
/* impair.c: what is done to its packets; after its codecs. */
void build_impair(struct build *build, unsigned group);
/* expected.c: how its calls are to end. */
void build_expected(struct build *build, unsigned group);
/* Of headers and of SDP; path: what they are under in the spec. Returns how many. */
size_t build_assertions(struct build *build, const struct spec_assertion *const rows[2],
                        const unsigned counts[2], const char *path, const struct assertion **out);
/* headers.c: what a group says of itself in its INVITEs, and where its packets come from. */
void build_headers(struct build *build, unsigned group);
/* scenario.c: steps that cannot be. */
void build_scenarios(struct build *build);
/* script_check.c: steps that mean others; after build_calls. */
void build_scripts_check(struct build *build);
void build_scripts(struct build *build); /* script.c: the others; after build_groups */
/* script_media.c: what a step needs of media: its source, what it does to packets, decoding. path:
 * of the step. */
void build_step_media(struct build *build, unsigned group, const char *path, struct step *step);
/* Whether a deferred track is ever activated; after its steps. */
void build_deferred(struct build *build, unsigned group);
/* limits.c: ports, a server's pace, the budget; after build_endpoints. */
void build_limits(struct build *build);
/* accounts.c: credentials; after build_groups. */
void build_accounts(struct build *build);
/* Also: whether two endpoints would register with one account; after build_endpoints. */
void build_account_use(struct build *build);
/* schedule.c: endpoints with partners, accounts and starts; the deadline. After build_accounts. */
void build_endpoints(struct build *build);
/* length.c: how long calls are; the latter draws the length of one. */
void build_length_check(struct build *build);
struct random;
int64_t build_length(const struct build *build, const struct spec_group *group,
                     struct random *random);
/* gates.c: the thresholds. */
void build_thresholds(struct build *build);
/* roster.c: the same for people and reports; only of a plan without errors. */
void build_roster(struct build *build);

/* A copy in the plan's arena, so that the plan outlives the spec; NULL stays NULL. */
const char *build_keep(const struct build *build, const char *text);

/* The index in plan->groups or plan->registrars; ROSTER_NONE when there is none. */
uint32_t build_find_group(const struct build *build, const char *name);
uint32_t build_find_registrar(const struct build *build, const char *name);

/* How sure it is what a partner cannot do: a server between them may change media and do things of
 * its own, cmtest's own registrar does not. */
enum diag_severity build_between(const struct build *build, uint32_t one, uint32_t other);

/* Whether that was reported at that place: two groups may share a part through an alias. */
bool build_said(const struct build *build, const char *code, struct place place);

/* `did you mean "agents"?  (agents, callers)` into hint. */
void build_suggest(const char *word, const char *const *names, size_t count, struct text *hint);

#endif
