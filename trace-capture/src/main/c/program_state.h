/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the plugin knows of the process it runs in, shared by the files that record its life.
 */
#ifndef LEGOSIM_PROGRAM_STATE_H
#define LEGOSIM_PROGRAM_STATE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "program_options.h"

enum { SIGNALS = 65 };

/* 0 and 1 are no addresses of handlers: the default action, and none. */
enum { HANDLER_IGNORE = 1 };

struct program_state {
  struct program_options options;
  struct program_command command;
  char own_path[PATH_MAX]; /* of the program file, whatever the working directory becomes */
  uint32_t pid;
  uint32_t parent_pid;
  bool is_loaded;
  bool is_recording; /* for threads to come */
  bool is_announced; /* this process has its PROCESS block */
  uint64_t start_address;
  uint64_t program_break; /* what the last brk returned */
  uint64_t handlers[SIGNALS];
  int signal_sent; /* by the program to itself, not yet seen to be handled */
};

extern struct program_state program;

#endif
