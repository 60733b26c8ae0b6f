/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_SDSCOPE_H
#define SDSCOPE_SDSCOPE_H

/* The whole public API: services as DNS-SD advertises them, the registry, and the rules. */

#include "sdscope/check.h"
#include "sdscope/lint.h"
#include "sdscope/name.h"
#include "sdscope/packet.h"
#include "sdscope/profile.h"
#include "sdscope/registry.h"
#include "sdscope/service.h"
#include "sdscope/txt.h"
#include "sdscope/type.h"

#endif
