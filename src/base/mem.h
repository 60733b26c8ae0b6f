/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_MEM_H
#define SDS_BASE_MEM_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define SDS_COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The structure that a node of a table, a heap or the like is a member of. */
#define SDS_CONTAINER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

/* Release a variable when it leaves its scope; @fn takes a pointer to it. */
#define SDS_CLEANUP(fn) __attribute__((cleanup(fn)))

/* Move a pointer out of a variable, which is NULL afterwards. */
#define SDS_TAKE(p)                                                                                \
    __extension__({                                                                                \
        __typeof__(p) took_ = (p);                                                                 \
        (p) = NULL;                                                                                \
        took_;                                                                                     \
    })

/* Define x_freep() for SDS_CLEANUP from x_free(). */
#define SDS_DEFINE_FREEP(type, fn)                                                                 \
    static inline void fn##p(type **p)                                                             \
    {                                                                                              \
        fn(*p);                                                                                    \
    }

static inline void sds_freep(void *p)
{
    free(*(void **)p);
}

static inline void sds_fclosep(FILE **f)
{
    if (*f)
        fclose(*f);
}

#endif
