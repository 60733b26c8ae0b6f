/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_TREE_H
#define SDS_BASE_TREE_H

/* Visit the items of a tree of tsearch(3) in order; the tree must not change meanwhile. glibc's
 * twalk_r() is not everywhere. */
void sds_tree_walk(const void *root, void (*visit)(const void *item, void *closure), void *closure);

#endif
