/* SPDX-License-Identifier: MIT */
#include "cmd/site.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/folder.h"
#include "base/text.h"
#include "cmd/services.h"

/* Where a policy is searched before the user's configuration. */
static const char here[] = ".sdscope.json";

/* ---- the policy --------------------------------------------------------------------------- */

/* Whether a file that was only searched is not there for us: also in a folder of somebody else. */
static bool is_absent(int r, const char *path)
{
    return r == -ENOENT || r == -ENOTDIR || (r == -EACCES && access(path, F_OK) < 0);
}

/* Takes @path. Returns 1 where it was searched and is not there. */
static int read_policy(struct sds_site *site, char *path, bool is_searched, int64_t wall_ms)
{
    SDS_CLEANUP(sds_freep) char *taken = path;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_input_error error;
    size_t len = 0;
    int r = path ? sds_file_read_all(path, &text, &len) : -ENOMEM;

    if (is_searched && is_absent(r, path))
        return 1;
    if (r == -ENOMEM)
        return sds_fail(-EINVAL, "out of memory");
    if (r < 0)
        return sds_fail(-EINVAL, "cannot read policy '%s': %s", sds_file_name(path),
                        sds_file_strerror(r));
    r = sds_policy_read(text, len, wall_ms, &site->policy, &error);
    if (r < 0)
        return r == -EINVAL ? sds_file_fail(path, &error) : sds_fail(-EINVAL, "out of memory");
    site->path = SDS_TAKE(taken);
    return 0;
}

static int search_policy(struct sds_site *site, int64_t wall_ms)
{
    SDS_CLEANUP(sds_freep) char *folder = sds_user_folder("XDG_CONFIG_HOME", ".config");
    int r = read_policy(site, strdup(here), true, wall_ms);

    if (r == 1 && folder)
        r = read_policy(site, sds_text_format("%s/policy.json", folder), true, wall_ms);
    return r < 0 ? r : 0;
}

static int open_policy(struct sds_site *site, const char *word, int64_t wall_ms)
{
    if (!word)
        return search_policy(site, wall_ms);
    return strcmp(word, "none") == 0 ? 0 : read_policy(site, strdup(word), false, wall_ms);
}

/* ---- the baseline ------------------------------------------------------------------------- */

static int open_baseline(struct sds_site *site, const char *path)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_input_error error;
    size_t len = 0;
    int r;

    if (!path)
        return 0;
    r = sds_file_read_all(path, &text, &len);
    if (r < 0 && r != -ENOMEM)
        return sds_fail(-EINVAL, "cannot read baseline '%s': %s", sds_file_name(path),
                        sds_file_strerror(r));
    if (r == 0)
        r = sds_baseline_read(text, len, &site->baseline, &error);
    if (r < 0)
        return r == -EINVAL ? sds_file_fail(path, &error) : sds_fail(-EINVAL, "out of memory");
    return 0;
}

int sds_site_open(struct sds_site *site, const struct sds_opts *opts, const struct sds_clock *clock)
{
    *site = (struct sds_site){0};
    if (open_policy(site, opts->policy, clock->wall_ms()) < 0)
        return -EINVAL;
    return open_baseline(site, opts->baseline);
}

void sds_site_close(struct sds_site *site)
{
    sds_policy_free(site->policy);
    free(site->path);
    sds_baseline_free(site->baseline);
}
