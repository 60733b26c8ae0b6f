/* SPDX-License-Identifier: MIT */

/* What the user chose, kept while a recording goes back and tells all anew: the selected service,
 * and those that are marked. One that is not there at that time waits until it is. */

#include <stdlib.h>

#include "watch/screen_impl.h"

/* Where memory is short, a mark is lost. */
static void keep_mark(struct sds_screen *screen, const struct sds_row *row)
{
    struct sds_service *service = sds_service_dup_name(row->service);

    if (!service || !sds_arr_push(&screen->marked, service))
        sds_service_free(service);
}

void sds_keep_choice(struct sds_screen *screen)
{
    size_t n;
    struct sds_row *const *rows = sds_rows_list(screen->rows, &n);

    if (screen->has_moved && screen->selected && !screen->wanted)
        screen->wanted = sds_service_dup_name(screen->selected->service);
    screen->selected = NULL;
    for (size_t i = 0; i < n; i++)
        if (rows[i]->is_marked)
            keep_mark(screen, rows[i]);
}

static void find_wanted(struct sds_screen *screen)
{
    struct sds_row *row = screen->wanted ? sds_rows_find(screen->rows, screen->wanted) : NULL;

    if (!row || sds_lines_find(&screen->lines, row) == SIZE_MAX)
        return;
    screen->selected = row;
    screen->wanted = sds_service_free(screen->wanted);
}

void sds_keep_find(struct sds_screen *screen)
{
    size_t n = 0;

    find_wanted(screen);
    for (size_t i = 0; i < screen->marked.n; i++) {
        struct sds_service *service = screen->marked.v[i];
        struct sds_row *row = sds_rows_find(screen->rows, service);

        if (row) {
            row->is_marked = true;
            sds_service_free(service);
        } else {
            screen->marked.v[n++] = service;
        }
    }
    screen->marked.n = n;
}

void sds_keep_done(struct sds_screen *screen)
{
    for (size_t i = 0; i < screen->marked.n; i++)
        sds_service_free(screen->marked.v[i]);
    free(screen->marked.v);
    sds_service_free(screen->wanted);
}
