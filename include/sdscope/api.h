/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_API_H
#define SDSCOPE_API_H

/* What the shared library shows to other programs. */
#define SDS_PUBLIC __attribute__((visibility("default")))

#endif
