/* SPDX-License-Identifier: MIT */
#include "discovery/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>

static const volatile int *guarded;
static volatile sig_atomic_t n_growls, has_bitten;

static void bite(int number)
{
    int saved = errno;

    (void)number;
    /* A process that was stopped gets one signal for all that time, and then half of it is left. */
    if (++n_growls >= 2) {
        has_bitten = 1;
        if (guarded && *guarded >= 0)
            shutdown(*guarded, SHUT_RDWR);
    }
    errno = saved;
}

static void set_alarm(unsigned ms)
{
    const struct timeval half = {ms / 2000, ms / 2 % 1000 * 1000};
    const struct itimerval timer = {.it_interval = half, .it_value = half};

    setitimer(ITIMER_REAL, &timer, NULL);
}

void sds_watchdog_begin(const volatile int *fd, unsigned timeout_ms)
{
    const struct sigaction action = {.sa_handler = bite};

    guarded = fd;
    n_growls = has_bitten = 0;
    sigaction(SIGALRM, &action, NULL);
    set_alarm(timeout_ms);
}

bool sds_watchdog_end(void)
{
    set_alarm(0);
    guarded = NULL;
    return has_bitten;
}
