/* SPDX-License-Identifier: MIT */

/* Interfaces that were there when a scan began, and not when it ended: what is on their links was
 * not seen, or is not known any more. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"
#include "discovery/interfaces.h"

void sds_browser_note_present(struct browser *b)
{
    const struct sds_source_config *config = &b->source.config;

    if (config->is_continuous)
        return; /* whoever goes on is told what goes */
    if (!config->interface)
        b->n_present = sds_interfaces_list(b->present, SDS_COUNT(b->present));
    else if (strlen(config->interface) < IF_NAMESIZE &&
             sds_interface_can_multicast(config->interface))
        snprintf(b->present[b->n_present++], IF_NAMESIZE, "%s", config->interface);
}

void sds_browser_note_departed(struct browser *b)
{
    for (size_t i = 0; i < b->n_present; i++) {
        SDS_CLEANUP(sds_freep) char *safe = NULL;
        SDS_CLEANUP(sds_freep) char *reason = NULL;

        if (sds_interface_can_multicast(b->present[i]))
            continue;
        safe = sds_text_dup(b->present[i], strlen(b->present[i]));
        if (safe)
            reason = sds_text_format("interface '%s' went down meanwhile: what is on its link was "
                                     "missed",
                                     safe);
        if (reason)
            sds_source_add_reason(&b->source, reason);
    }
}
