/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_FOLDER_H
#define SDS_BASE_FOLDER_H

/**
 * A folder of this user's by the XDG Base Directory Specification, whether it is there or not.
 *
 * @variable   of the environment, such as "XDG_DATA_HOME"
 * @otherwise  below the home folder, such as ".local/share"
 * Returns "<folder>/sdscope", malloc'ed; NULL when this user has none, or when out of memory.
 */
char *sds_user_folder(const char *variable, const char *otherwise);

#endif
