/* SPDX-License-Identifier: MIT */
#include "cmd/draft.h"

#include <stdlib.h>

#include "cmd/judge.h"

struct sds_draft sds_draft_begin(const struct sds_case *given)
{
    const struct sds_view view = {
        .is_complete = given->scan->is_complete && !given->is_partial,
        .types = given->scan->types,
        .n_types = given->scan->n_types,
    };

    return (struct sds_draft){.view = view};
}

void sds_draft_done(struct sds_draft *draft)
{
    for (size_t i = 0; i < draft->results.n; i++) {
        sds_result_done(draft->results.v[i]);
        free(draft->results.v[i]);
    }
    free(draft->results.v);
    free(draft->items.v);
    free(draft->inputs.v);
    for (size_t i = 0; i < draft->all_scans.n; i++)
        sds_peers_free(draft->all_scans.v[i]);
    free(draft->all_scans.v);
    free(draft->scans.v);
    free(draft->files.v);
    sds_baseline_free(draft->found);
    free(draft->gone);
}

struct sds_result *sds_draft_add_result(struct sds_draft *draft)
{
    struct sds_result *result = calloc(1, sizeof(*result));

    if (result && sds_arr_push(&draft->results, result))
        return result;
    free(result);
    return NULL;
}

/* Services whose file lists those beside it: an empty list is not NULL. */
static const struct sds_service *const *listed(const struct sds_input_peers *peers)
{
    static const struct sds_service *const none[1];

    if (!peers->is_known)
        return NULL;
    return peers->list.n ? (const struct sds_service *const *)peers->list.v : none;
}

static bool add_item(struct sds_draft *draft, const struct sds_service *service, const char *file,
                     const struct sds_input_service *input)
{
    struct sds_report_item item = {.service = service, .file = file};

    if (input) {
        item.line = input->place.line;
        item.column = input->place.column;
        item.peers = listed(&input->peers);
        item.n_peers = input->peers.list.n;
    }
    return sds_arr_push(&draft->items, item) && sds_arr_push(&draft->inputs, input) &&
           sds_arr_push(&draft->scans, NULL);
}

/* Say that the items from @first on are of one scan. */
static bool join_scan(struct sds_draft *draft, size_t first)
{
    size_t n = draft->items.n - first;
    SDS_CLEANUP(sds_freep) const struct sds_service **services = calloc(n + 1, sizeof(*services));
    struct sds_peers *scan;

    for (size_t i = 0; services && i < n; i++)
        services[i] = draft->items.v[first + i].service;
    scan = services ? sds_peers_new(services, n) : NULL;
    if (!scan || !sds_arr_push(&draft->all_scans, scan)) {
        sds_peers_free(scan);
        return false;
    }
    for (size_t i = first; i < draft->items.n; i++)
        draft->scans.v[i] = scan;
    return true;
}

/* A document of one service does not say that there was no other. */
static bool join_document(struct sds_draft *draft, size_t first)
{
    return draft->items.n - first < 2 || join_scan(draft, first);
}

static bool add_file(struct sds_draft *draft, const struct sds_file *file)
{
    size_t first = draft->items.n;

    for (size_t i = 0; i < file->input.services.n; i++) {
        const struct sds_input_service *input = &file->input.services.v[i];

        if (i && input->document != input[-1].document) {
            if (!join_document(draft, first))
                return false;
            first = draft->items.n;
        }
        if (!add_item(draft, input->service, file->path, input))
            return false;
    }
    return join_document(draft, first);
}

bool sds_draft_fill(struct sds_draft *draft, const struct sds_case *given)
{
    for (size_t i = 0; i < given->n_services; i++)
        if (!add_item(draft, given->services[i], NULL, NULL))
            return false;
    if (given->is_lan && !join_scan(draft, 0))
        return false;
    for (size_t i = 0; given->files && i < given->files->list.n; i++)
        if (!add_file(draft, &given->files->list.v[i]))
            return false;
    return true;
}

/* The service of a result of the draft, which come in the order of the items and then the files;
 * NULL: it is of a file. */
static const struct sds_service *service_at(const struct sds_draft *draft, size_t i)
{
    return i < draft->items.n ? draft->items.v[i].service : NULL;
}

bool sds_draft_compare(struct sds_draft *draft, const struct sds_baseline *baseline)
{
    draft->found = sds_baseline_new();
    if (!draft->found)
        return false;
    for (size_t i = 0; i < draft->results.n; i++)
        if (sds_baseline_add(draft->found, service_at(draft, i), draft->results.v[i]) < 0)
            return false;
    sds_baseline_sort(draft->found);
    if (!baseline)
        return true;
    for (size_t i = 0; i < draft->results.n; i++)
        sds_baseline_drop_known(baseline, service_at(draft, i), draft->results.v[i]);
    draft->gone = sds_baseline_gone(baseline, draft->found, &draft->view, &draft->n_gone);
    return draft->gone;
}
