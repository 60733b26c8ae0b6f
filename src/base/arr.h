/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_ARR_H
#define SDS_BASE_ARR_H

#include <stdbool.h>
#include <stddef.h>

/* A growable array: @v holds @n values; zero it to begin, free(v) to end. */
#define SDS_ARR(type)                                                                              \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, cap;                                                                             \
    }

/**
 * Make room for one more value.
 *
 * @v, @cap  the array's storage and its capacity in values; @cap is updated
 * @n        values in use
 * @size     bytes a value
 * Returns the storage, perhaps moved; NULL when out of memory, with @v still valid.
 */
void *sds_arr_room(void *v, size_t *cap, size_t n, size_t size);

/* Append a value; false when out of memory, with the array unchanged. */
#define sds_arr_push(a, ...)                                                                       \
    __extension__({                                                                                \
        void *room_ = sds_arr_room((a)->v, &(a)->cap, (a)->n, sizeof *(a)->v);                     \
        if (room_) {                                                                               \
            (a)->v = room_;                                                                        \
            (a)->v[(a)->n++] = (__VA_ARGS__);                                                      \
        }                                                                                          \
        room_ != NULL;                                                                             \
    })

#endif
