/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

char *sds_user_folder(const char *variable, const char *otherwise)
{
    const char *given = getenv(variable), *home = getenv("HOME");
    const struct passwd *user;

    if (given && *given == '/') /* a relative one is to be ignored, the specification says */
        return sds_text_format("%s/sdscope", given);
    if (!home || *home != '/') {
        user = getpwuid(getuid());
        home = user ? user->pw_dir : NULL;
    }
    return home && *home == '/' ? sds_text_format("%s/%s/sdscope", home, otherwise) : NULL;
}
