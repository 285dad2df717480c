/*
 * scope: which endpoints a cluster holds, out of all that it could have held: the most telling
 * single fact of a failure. Private to runner/verdict.
 */
#ifndef VERDICT_SCOPE_H
#define VERDICT_SCOPE_H

#include "cluster.h"

/* Fills scope, concerned, fine, fine_here, before, after and span_ns. */
void scope_find(struct cluster *cluster);

/* An endpoint that could have failed like the cluster: for a registration all, for a call those of
 * the same role whose call was attempted. */
bool scope_concerns(const struct cluster *cluster, uint32_t endpoint);
/* It got past what the cluster failed at. */
bool scope_fine(const struct cluster *cluster, uint32_t endpoint);

#endif
