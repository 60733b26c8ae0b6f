/* SPDX-License-Identifier: MIT */
#include "cmd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/clock.h"

#define PATIENCE_MS 3000 /* a daemon says goodbye to the link before it ends */

extern char **environ;

struct sds_child {
    pid_t pid; /* of the shell, and of its group */
    int fd;    /* of pidfd_open(2): readable when the shell has ended */
    struct sds_watch *watch;
    int status;
    sds_callback *ended;
    void *userdata;
};

/* Signals are as a shell expects them: we block some for ourselves. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF);
}

static int spawn(const char *command, pid_t *ret)
{
    char *const argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int r = posix_spawn_file_actions_init(&files);

    if (r)
        return -r;
    r = posix_spawnattr_init(&attributes);
    if (r == 0) {
        r = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (r == 0)
            r = posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
        if (r == 0)
            r = set_attributes(&attributes);
        if (r == 0)
            r = posix_spawn(ret, "/bin/sh", &files, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return -r;
}

/* Take note of the end; false while it runs. */
static bool reap(struct sds_child *child)
{
    int status;

    if (child->status >= 0)
        return true;
    if (waitpid(child->pid, &status, WNOHANG) != child->pid)
        return false;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

static void on_end(void *userdata)
{
    struct sds_child *child = userdata;

    if (!reap(child))
        return;
    child->watch = sds_watch_free(child->watch);
    child->ended(child->userdata);
}

int sds_child_start(struct sds_loop *loop, const char *command, sds_callback *ended, void *userdata,
                    struct sds_child **ret)
{
    struct sds_child *child = calloc(1, sizeof(*child));
    int r;

    if (!child)
        return -ENOMEM;
    /* Of a shell that dies first, the programs in its group become our children. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    *child = (struct sds_child){.fd = -1, .status = -1, .ended = ended, .userdata = userdata};
    r = spawn(command, &child->pid);
    if (r < 0) {
        free(child);
        return r;
    }
    child->fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    r = child->fd < 0 ? -errno : 0;
    if (r == 0) {
        child->watch = sds_watch_new(loop, child->fd, on_end, child);
        r = child->watch ? 0 : -ENOMEM;
    }
    if (r < 0)
        sds_child_stop(child);
    else
        *ret = child;
    return r;
}

int sds_child_status(const struct sds_child *child)
{
    return child->status;
}

/* Collect the dead of the group, which are ours even where the shell was their parent, until none
 * is left; false when the time is up. */
static bool wait_for_group(struct sds_child *child, int64_t patience_ms)
{
    int64_t until = sds_system_clock.mono_ms() + patience_ms;
    sigset_t deaths;

    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    while (waitpid(-child->pid, NULL, WNOHANG) >= 0) {
        int64_t left = until - sds_system_clock.mono_ms();
        struct timespec rest = {left / 1000, left % 1000 * 1000000};

        if (left <= 0)
            return false;
        sigtimedwait(&deaths, NULL, &rest);
    }
    return true;
}

static void end_group(struct sds_child *child)
{
    sigset_t deaths, before;

    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    sigprocmask(SIG_BLOCK, &deaths, &before);
    kill(-child->pid, SIGTERM);
    if (!wait_for_group(child, PATIENCE_MS)) {
        kill(-child->pid, SIGKILL);
        wait_for_group(child, PATIENCE_MS);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

struct sds_child *sds_child_stop(struct sds_child *child)
{
    if (!child)
        return NULL;
    sds_watch_free(child->watch);
    end_group(child);
    if (child->fd >= 0)
        close(child->fd);
    free(child);
    return NULL;
}
