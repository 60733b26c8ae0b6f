/* SPDX-License-Identifier: MIT */
#include "base/tree.h"

#include <search.h>

/* twalk(3) passes nothing on; there is no thread, and a walk within a walk is minded. */
static struct {
    void (*visit)(const void *item, void *closure);
    void *closure;
} walk;

static void on_node(const void *node, VISIT visit, int depth)
{
    (void)depth;
    if (visit == postorder || visit == leaf) /* search(3)'s word for in order */
        walk.visit(*(const void *const *)node, walk.closure);
}

void sds_tree_walk(const void *root, void (*visit)(const void *item, void *closure), void *closure)
{
    __typeof__(walk) outer = walk;

    walk.visit = visit;
    walk.closure = closure;
    twalk(root, on_node);
    walk = outer;
}
