/*
 * From clusters to paragraphs: scope, rule, what is one cause, order, words.
 */
#include <stdlib.h>
#include "judge.h"
#include "paragraph.h"
#include "scope.h"

/* Clusters that are looked at: a hostile server can make as many as it knows status codes. */
#define LOOKED_AT 64

static int compare_size(const void *a, const void *b)
{
    const struct cluster *left = a, *right = b;
    int severity = outcome_severity(right->outcome) - outcome_severity(left->outcome);
    if (severity != 0)
        return severity;
    if (left->rule && right->rule && left->rule->consequence != right->rule->consequence)
        return left->rule->consequence ? 1 : -1;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    if (left->outcome != right->outcome)
        return left->outcome < right->outcome ? -1 : 1;
    return left->first < right->first ? -1 : left->first > right->first;
}

static void sort(struct clusters *clusters)
{
    if (clusters->count > 1)
        qsort(clusters->list, clusters->count, sizeof(clusters->list[0]), compare_size);
}

static void find_rule(struct cluster *cluster)
{
    size_t i = 0;
    while (diagnoses[i + 1] && !diagnoses[i]->matches(cluster))
        i++;
    cluster->rule = diagnoses[i];
}

static void write_down(const struct cluster *cluster, struct result_diagnosis *out)
{
    struct paragraph paragraph;
    struct text text = {0};
    *out = (struct result_diagnosis){.rule = cluster->rule,
                                     .scope = cluster->scope,
                                     .failure = cluster->failure,
                                     .outcome = cluster->outcome,
                                     .status = cluster->status,
                                     .count = cluster->count};
    for (uint32_t i = cluster->first; i < cluster->result->roster->endpoint_count; i++)
        if (cluster_has(cluster, i) && out->first_count < RESULT_DIAGNOSIS_FIRST)
            out->first[out->first_count++] = i;
    paragraph_init(&paragraph, cluster);
    cluster->rule->write(&paragraph);
    paragraph_text(&paragraph, &text);
    copy_clean(out->text, sizeof(out->text), text_get(&text));
    copy_clean(out->next, sizeof(out->next), text_get(&paragraph.next));
    text_fini(&text);
    paragraph_fini(&paragraph);
}

void diagnose(struct result *result)
{
    struct clusters clusters;
    /* Nothing is known of its endpoints, and so of what they have in common. */
    if (result->remote_known && result->remote.partial)
        return;
    clusters_collect(&clusters, result);
    sort(&clusters);
    uint32_t found = clusters.count;
    if (clusters.count > LOOKED_AT)
        clusters.count = LOOKED_AT;
    for (uint32_t i = 0; i < clusters.count; i++) {
        scope_find(&clusters.list[i]);
        find_rule(&clusters.list[i]);
    }
    uint32_t beyond = found - clusters.count, causes = 0;
    clusters_merge(&clusters);
    for (uint32_t i = 0; i < clusters.count; i++)
        if (clusters.list[i].count > 0)
            clusters.list[causes++] = clusters.list[i];
    clusters.count = causes;
    for (uint32_t i = 0; i < causes; i++)
        scope_find(&clusters.list[i]);
    sort(&clusters);
    result->diagnosis_count = causes < RESULT_DIAGNOSES_MAX ? causes : RESULT_DIAGNOSES_MAX;
    result->diagnoses_dropped = causes - result->diagnosis_count + beyond;
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        write_down(&clusters.list[i], &result->diagnoses[i]);
    clusters_fini(&clusters);
}
