/* The plan for people: what will happen and when, then whether this machine can carry it. */
#include "plan_grid.h"
#include "plan_script.h"
#include "plan_signalling.h"
#include "plan_words.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define ENDPOINTS_SHOWN 20
#define INDENT 2

struct sheet {
    const struct plan_case *each;
    const struct plan_page *page;
    struct text *out;
};

static void head(const struct sheet *sheet, const char *title)
{
    const char *on = sheet->page->color ? "\033[1m" : "", *off = *on ? "\033[0m" : "";
    text_printf(sheet->out, "\n%s%s%s\n", on, title, off);
}

static void show(const struct sheet *sheet, struct grid *grid)
{
    grid_print(grid, INDENT, sheet->page->width, sheet->page->symbols, sheet->out);
}

/* Words of a sentence, from the indentation on. */
static void say(const struct sheet *sheet, const char *sentence)
{
    size_t at = 0;
    while (*sentence) {
        size_t length = strcspn(sentence, " ");
        bool breaks = at && at + 1 + length > sheet->page->width;
        text_add(sheet->out, !at ? "  " : breaks ? "\n  " : " ");
        at = (!at || breaks ? INDENT : at + 1) + length;
        text_add_bytes(sheet->out, sentence, length);
        sentence += length + (sentence[length] == ' ');
    }
    text_add(sheet->out, "\n");
}

/* "name: words", when there are any; takes the words. */
static void say_of(const struct sheet *sheet, const char *name, struct text *words)
{
    struct text sentence = {0}, clean = {0};
    if (words->length) {
        text_printf(&sentence, "%s: %s", name, text_get(words));
        words_clean(&clean, text_get(&sentence), CLEAN_TERMINAL);
        say(sheet, text_get(&clean));
    }
    text_fini(&sentence);
    text_fini(&clean);
    text_fini(words);
}

/* ---- what will happen -------------------------------------------------------------------------
 */

static void write_title(const struct sheet *sheet)
{
    const struct plan *plan = sheet->each->plan;
    struct text name = {0};
    char endpoints[48], calls[48], end[24];
    words_clean(&name, plan->name, CLEAN_TERMINAL);
    head(sheet, text_get(&name));
    text_fini(&name);
    text_printf(sheet->out, "  %s, %s, %s\n",
                plan_count(plan->endpoint_count, "endpoint", endpoints),
                plan_count(sheet->each->estimate->calls, "call", calls),
                plan_time(sheet->each->estimate->end_ns, end));
    if (sheet->each->later)
        say(sheet, "This version cannot run all of it yet, as the warnings say; the offers and "
                   "figures here are without that.");
}

static bool same_length(const struct plan *plan)
{
    bool same = true;
    for (size_t i = 0; i < plan->endpoint_count; i++)
        same = same &&
               (!plan->endpoints[i].caller || plan->endpoints[i].duration_ns == plan->duration_ns);
    return same;
}

static void add_stage(const struct estimate *estimate, enum stage stage, const struct plan *plan,
                      struct grid *grid)
{
    const struct estimate_stage *own = &estimate->stages[stage];
    char from[24], to[24], count[48];
    if (!own->count)
        return;
    grid_add(grid, "%s", stage_name(stage));
    grid_add(grid, "%s", plan_time(own->first_ns, from));
    grid_add(grid, "%s", plan_time(own->last_ns, to));
    if (stage == STAGE_MEDIA) {
        plan_count(own->count, "call", count);
        grid_add(grid, "%s of %s%s", count, same_length(plan) ? "" : "up to ",
                 plan_time(plan->duration_ns, from));
        grid_add(grid, "  the most at once");
        grid_add(grid, "%s", plan_time(estimate->all_from_ns, from));
        grid_add(grid, "%s", plan_time(estimate->all_to_ns, to));
        grid_add(grid, "%s", plan_count(estimate->peak_calls, "call", count));
        return;
    }
    plan_count(own->count,
               stage <= STAGE_CALLERS    ? "endpoint"
               : stage == STAGE_TEARDOWN ? "hang-up"
                                         : "call",
               count);
    if (own->per_second > 0)
        grid_add(grid, "%s, %.1f per second", count, own->per_second);
    else
        grid_add(grid, "%s%s", count, own->count > 1 ? ", all at once" : "");
}

static void write_phases(const struct sheet *sheet)
{
    const struct plan *plan = sheet->each->plan;
    const struct estimate *estimate = sheet->each->estimate;
    struct grid grid = {.columns = "lrrl"};
    struct text last = {0};
    char end[24], deadline[24], waiting[48];
    head(sheet, "Phases");
    grid_add(&grid, "%s", "");
    grid_add(&grid, "from");
    grid_add(&grid, "to");
    grid_add(&grid, "%s", "");
    for (int i = 0; i < STAGE_COUNT; i++)
        add_stage(estimate, (enum stage)i, plan, &grid);
    show(sheet, &grid);
    if (estimate->waiting)
        text_printf(&last, "%s for calls from outside, which are in no figure here. ",
                    plan_count(estimate->waiting, "endpoint waits", waiting));
    text_printf(&last, "The end is expected at %s%s, and comes by %s whatever happens.",
                plan_time(estimate->end_ns, end),
                estimate->calls ? " if every answer comes at once" : "",
                plan_time(plan->deadline_ns, deadline));
    say(sheet, text_get(&last));
    text_fini(&last);
}

static void add_titles(struct grid *grid, const char *const titles[])
{
    for (size_t i = 0; grid->columns[i]; i++)
        grid_add(grid, "%s", titles[i]);
}

static void write_registrars(const struct sheet *sheet)
{
    static const char *const titles[] = {"registrar", "server", "domain", "accounts needed",
                                         "given"};
    const struct plan *plan = sheet->each->plan;
    struct grid grid = {.columns = "lllrr"};
    head(sheet, "Registrars");
    add_titles(&grid, titles);
    for (size_t i = 0; i < plan->registrar_count; i++) {
        const struct plan_registrar *own = &plan->registrars[i];
        const struct estimate_registrar *accounts = &sheet->each->estimate->registrars[i];
        char server[320];
        char needed[24], given[24];
        grid_add(&grid, "%s", own->name);
        if (own->embedded)
            grid_add(&grid, "cmtest's own/%s", plan_transport(own->transport));
        else
            grid_add(&grid, "%s", plan_server(own, server));
        grid_add(&grid, "%s", own->domain);
        grid_add(&grid, "%s", plan_number((double)accounts->needed, needed));
        grid_add(&grid, "%s", plan_number((double)accounts->given, given));
    }
    show(sheet, &grid);
    for (size_t i = 0; i < plan->registrar_count; i++) {
        struct text ways = {0};
        plan_ways(&plan->registrars[i], &ways);
        say_of(sheet, plan->registrars[i].name, &ways);
    }
}

static void write_groups(const struct sheet *sheet)
{
    static const char *const titles[] = {"group", "endpoints", "", "codecs", "expected"};
    const struct plan *plan = sheet->each->plan;
    struct grid grid = {.columns = "lrlll"};
    head(sheet, "Groups");
    add_titles(&grid, titles);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        const struct estimate_group *own = &sheet->each->estimate->groups[g];
        struct text role = {0};
        char count[24];
        grid_add(&grid, "%s", group->name);
        grid_add(&grid, "%s", plan_number(group->count, count));
        plan_role(group, own->waits, &role);
        grid_add(&grid, "%s", text_get(&role));
        text_fini(&role);
        grid_add(&grid, "%s", plan->roster.groups[g].codecs);
        grid_add(&grid, "%s", own->codec ? own->codec->name : "not known");
    }
    show(sheet, &grid);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        struct text manners = {0};
        plan_manners(&plan->groups[g], &manners);
        say_of(sheet, plan->groups[g].name, &manners);
        struct text impaired = {0};
        plan_impaired(&plan->groups[g], &impaired);
        say_of(sheet, plan->groups[g].name, &impaired);
        struct text expected = {0};
        if (plan->roster.groups[g].expected)
            text_printf(&expected, "expected of each call: %s", plan->roster.groups[g].expected);
        say_of(sheet, plan->groups[g].name, &expected);
    }
}

static void write_scripts(const struct sheet *sheet)
{
    const struct plan *plan = sheet->each->plan;
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct script *script = &plan->groups[g].script;
        struct text title = {0};
        text_printf(&title, "Scenario of %s", plan->groups[g].name);
        if (script->count)
            head(sheet, text_get(&title));
        text_fini(&title);
        for (uint32_t i = 0; i < script->count; i++) {
            struct text words = {0}, clean = {0};
            text_printf(&words, "%u. ", i + 1);
            plan_step(script, i, &words);
            words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
            say(sheet, text_get(&clean));
            text_fini(&words);
            text_fini(&clean);
        }
    }
}

static void write_endpoints(const struct sheet *sheet)
{
    static const char *const titles[] = {"endpoint", "account", "registrar", "call with", "start"};
    const struct plan *plan = sheet->each->plan;
    struct grid grid = {.columns = "llllr"};
    size_t count = plan->endpoint_count;
    if (!sheet->page->all && count > ENDPOINTS_SHOWN)
        count = ENDPOINTS_SHOWN;
    head(sheet, "Endpoints");
    add_titles(&grid, titles);
    for (uint32_t i = 0; i < count; i++) {
        const struct plan_endpoint *own = &plan->endpoints[i];
        struct text partner = {0};
        char name[96];
        roster_endpoint_name(&plan->roster, i, name, sizeof name);
        plan_partner(sheet->each, i, &partner);
        grid_add(&grid, "%s", name);
        grid_add(&grid, "%s", plan->roster.endpoints[i].account);
        grid_add(&grid, "%s", plan->roster.groups[own->group].registrar);
        grid_add(&grid, "%s", text_get(&partner));
        grid_add(&grid, "%.1f s", (double)own->start_ns / 1e9);
        text_fini(&partner);
    }
    show(sheet, &grid);
    if (count < plan->endpoint_count) {
        char more[24];
        text_printf(sheet->out, "  %s %s more (--all shows them)\n",
                    sheet->page->symbols ? "\xe2\x80\xa6" : "...",
                    plan_number((double)(plan->endpoint_count - count), more));
    }
}

/* Groups that offer the same share one description. */
static void write_offers(const struct sheet *sheet)
{
    const struct plan *plan = sheet->each->plan;
    const struct estimate_group *groups = sheet->each->estimate->groups;
    for (uint32_t g = 0; g < plan->group_count; g++) {
        bool shown = false;
        for (uint32_t before = 0; groups[g].offer && before < g; before++)
            shown |= groups[before].offer && strcmp(groups[before].offer, groups[g].offer) == 0;
        if (!groups[g].offer || shown)
            continue;
        struct text title = {0};
        text_printf(&title, "SDP offered by %s", plan->groups[g].name);
        for (uint32_t other = g + 1; other < plan->group_count; other++)
            if (groups[other].offer && strcmp(groups[other].offer, groups[g].offer) == 0)
                text_printf(&title, ", %s", plan->groups[other].name);
        head(sheet, text_get(&title));
        text_fini(&title);
        for (const char *line = groups[g].offer; *line;) {
            size_t length = strcspn(line, "\r\n");
            text_printf(sheet->out, "  %.*s\n", (int)length, line);
            line += length;
            line += strspn(line, "\r\n");
        }
    }
}

/* ---- what it takes ----------------------------------------------------------------------------
 */

static void write_load(const struct sheet *sheet)
{
    const struct estimate *estimate = sheet->each->estimate;
    struct grid grid = {.columns = "ll"};
    char calls[24], endpoints[48], packets[24], bits[24];
    if (!estimate->calls)
        return;
    head(sheet, "Load at the peak");
    grid_add(&grid, "calls at once");
    grid_add(&grid, "%s, with %s of ours", plan_number(estimate->peak_calls, calls),
             plan_count(estimate->peak_endpoints, "endpoint", endpoints));
    grid_add(&grid, "traffic");
    if (estimate->offered > 0)
        grid_add(&grid, "%s Erlang, %.1f on average; %.1f calls/s would level at %.1f", calls,
                 estimate->mean, estimate->stages[STAGE_CALLING].per_second, estimate->offered);
    else
        grid_add(&grid, "%s Erlang, %.1f on average", calls, estimate->mean);
    grid_add(&grid, "RTP");
    grid_add(&grid, "%s packets/s, %s sent, and as much received",
             plan_number(estimate->rtp_packets, packets), plan_bits(estimate->rtp_bits, bits));
    grid_add(&grid, "RTCP");
    grid_add(&grid, "about %s packets/s, %s", plan_number(estimate->rtcp_packets, packets),
             plan_bits(estimate->rtcp_bits, bits));
    show(sheet, &grid);
}

static void add_figure(enum resource resource, double value, struct grid *grid)
{
    char figure[24];
    if (resource == RESOURCE_MEMORY)
        grid_add(grid, "%s", plan_bytes(value, figure));
    else if (resource == RESOURCE_MEDIA)
        grid_add(grid, "%.1f%%", value * 100);
    else
        grid_add(grid, "%s", plan_number(value, figure));
}

/* Which one an endpoint gets is known when it calls. */
static void say_ports(const struct plan *plan, struct text *out)
{
    text_printf(out, "RTP ports are taken from %u to %u", PLAN_PORT_FIRST, PLAN_PORT_LAST);
    for (size_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        if (group->port_first)
            text_printf(out, ", for group %s from %u to %u", group->name, group->port_first,
                        group->port_last);
    }
    text_add(out, ".");
}

static void write_machine(const struct sheet *sheet)
{
    static const char *const units[] = {"", "pairs", "of a core, estimated", "estimated"};
    const struct estimate *estimate = sheet->each->estimate;
    struct grid grid = {.columns = "lrlrll"};
    head(sheet, "This machine");
    for (int i = 0; i < RESOURCE_COUNT; i++) {
        const struct estimate_resource *own = &estimate->resources[i];
        grid_add(&grid, "%s", resource_name((enum resource)i));
        add_figure((enum resource)i, own->need, &grid);
        grid_add(&grid, "of");
        if (own->have > 0)
            add_figure((enum resource)i, own->have, &grid);
        else
            grid_add(&grid, "unknown");
        grid_add(&grid, "%s", units[i]);
        grid_add(&grid, "%s", own->have > 0 ? fit_name(own->fit) : "");
    }
    show(sheet, &grid);
    struct text sentence = {0};
    text_add(&sentence,
             "Descriptors and ports are counted. The media thread is reckoned with 5.2 us "
             "for each packet sent and received, and more for SRTP and decoding, as measured on a "
             "machine with 2 cores. ");
    if (estimate->workers > 1)
        text_printf(&sentence, "%u processes make the calls, and descriptors are those of each. ",
                    estimate->workers);
    say_ports(sheet->each->plan, &sentence);
    say(sheet, text_get(&sentence));
    text_fini(&sentence);
}

/* What is modelled has a span, or it would be read as if it were counted. */
static void write_costs(const struct sheet *sheet)
{
    const struct estimate_costs *own = &sheet->each->estimate->costs;
    struct grid grid = {.columns = "ll"};
    char memory[24], kernel[24];
    head(sheet, "Cost, estimated");
    grid_add(&grid, "processor");
    grid_add(&grid, "%.3g s (%.3g to %.3g), %.3g cores on average", own->cpu_s,
             own->cpu_s / own->within, own->cpu_s * own->within, own->cores);
    grid_add(&grid, "memory");
    grid_add(&grid, "%s, and %s of sockets in the kernel", plan_bytes(own->memory, memory),
             plan_bytes(own->kernel_memory, kernel));
    show(sheet, &grid);
    say(sheet, own->scaled
                   ? "By what registrations, calls, packets and seconds of streams cost "
                     "(`ci/bench --costs`), scaled by what a packet costs here at this moment."
                   : "By what registrations, calls, packets and seconds of streams cost "
                     "where that was measured (`ci/bench --costs`), not on this machine.");
}

/* The limit is of a process, and what helps against it no other limit has. */
static void write_descriptors(const struct sheet *sheet)
{
    const struct estimate *estimate = sheet->each->estimate;
    char have[24];
    text_printf(sheet->out, "\n    a process may have %s (`ulimit -Hn`)",
                plan_number(estimate->resources[RESOURCE_DESCRIPTORS].have, have));
    if (estimate->workers_enough > estimate->workers)
        text_printf(sheet->out, "; --workers %u would do", estimate->workers_enough);
}

static void write_verdict(const struct sheet *sheet)
{
    static const char *const paints[] = {"\033[1;32m", "\033[1;33m", "\033[1;31m"};
    static const char *const words[] = {"FITS", "TIGHT", "DOES NOT FIT"};
    const struct estimate *estimate = sheet->each->estimate;
    const char *on = sheet->page->color ? paints[estimate->fit] : "", *off = *on ? "\033[0m" : "";
    text_printf(sheet->out, "\n%s%s%s", on, words[estimate->fit], off);
    for (int i = 0; i < RESOURCE_COUNT; i++) {
        const struct estimate_resource *own = &estimate->resources[i];
        char most[24];
        if (estimate->fit == FIT_YES || own->fit != estimate->fit)
            continue;
        text_printf(sheet->out, "\n  %s: %s%s endpoints%s would fit",
                    resource_name((enum resource)i), own->certain ? "" : "about ",
                    plan_number(own->endpoints, most),
                    i == RESOURCE_MEMORY ? "" : " in a call at once");
        if (i == RESOURCE_DESCRIPTORS)
            write_descriptors(sheet);
    }
    text_add(sheet->out, "\n");
}

static void write(const struct plan_case *each, const struct plan_page *page, struct text *out)
{
    struct sheet sheet = {each, page, out};
    write_title(&sheet);
    write_phases(&sheet);
    write_registrars(&sheet);
    write_groups(&sheet);
    write_scripts(&sheet);
    write_endpoints(&sheet);
    write_offers(&sheet);
    write_load(&sheet);
    write_machine(&sheet);
    write_costs(&sheet);
    write_verdict(&sheet);
}

const struct plan_format plan_format_text = {
    .name = "text",
    .help = "for people",
    .write = write,
};
