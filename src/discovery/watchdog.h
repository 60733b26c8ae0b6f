/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_WATCHDOG_H
#define SDS_DISCOVERY_WATCHDOG_H

#include <stdbool.h>

/**
 * Bounds a call that blocks on a socket: libdbus waits 25 seconds for a daemon that hangs, and
 * nothing else can happen in that time. The socket is shut down when the time is up, which ends the
 * call as if the other side had gone. By SIGALRM; one at a time.
 *
 * @fd  the socket; read when the time is up, so that the call itself may open it
 */
void sds_watchdog_begin(const volatile int *fd, unsigned timeout_ms);

/* The call is over. Returns whether it had to be ended. */
bool sds_watchdog_end(void);

#endif
