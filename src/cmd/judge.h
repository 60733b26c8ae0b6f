/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_JUDGE_H
#define SDS_CMD_JUDGE_H

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/services.h"
#include "cmd/site.h"

/* The registry, the rules and the policy that the options choose. */
struct sds_judge {
    struct sds_registry *registry;
    struct sds_ruleset *rules;
    struct sds_files expected; /* services to compare with */
    struct sds_site site;
    bool shows_ignored;
};

/* Returns 0, or -EINVAL when it has said what is wrong; release with sds_judge_done() then too. */
int sds_judge_init(struct sds_judge *judge, const struct sds_opts *opts);
void sds_judge_done(struct sds_judge *judge);

/* Check a service among others, as sds_check_among() does, and hold the policy against it. Returns
 * 0 or -ENOMEM; @ret is released with sds_result_done(), also then. */
int sds_judge_service(const struct sds_judge *judge, const struct sds_service *service,
                      const struct sds_company *company, struct sds_result *ret);

/* Say on standard error which entries of the policy have expired, where no report does. */
void sds_judge_say_expired(const struct sds_judge *judge);

/* What is to be judged. All is borrowed. */
struct sds_case {
    const struct sds_scan *scan;
    const struct sds_service *const *services; /* in the order of the report */
    size_t n_services;
    bool is_lan;                   /* they are of one scan, and all that there is */
    const struct sds_files *files; /* whose services follow these; or NULL */
    bool is_absent;                /* the services are not there: they were waited for in vain */
    bool is_single;                /* no policy can say what else is to be there */
    bool is_partial;               /* some file could not be read */
};

/**
 * Check services and files, and report them.
 *
 * @judge  NULL: they are only listed
 * Returns the enum sds_exit that the findings ask for.
 */
int sds_judge_report(const struct sds_judge *judge, const struct sds_opts *opts,
                     struct sds_outputs *outputs, const struct sds_case *given);

/* Discover until nothing more is to be expected, and report; a NULL @judge only lists. */
int sds_judge_lan(const struct sds_judge *judge, const struct sds_opts *opts);

#endif
