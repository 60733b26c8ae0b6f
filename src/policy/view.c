/* SPDX-License-Identifier: MIT */
#include "policy/view.h"

#include "base/ascii.h"

bool sds_view_covers(const struct sds_view *view, const char *type)
{
    if (!view->is_complete || !view->n_types)
        return view->is_complete;
    for (size_t i = 0; type && i < view->n_types; i++)
        if (sds_text_fold_equal(view->types[i], type))
            return true;
    return false;
}
