/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How QEMU and the plugin were started, and how to start them again for another program.
 */
#ifndef LEGOSIM_PROGRAM_OPTIONS_H
#define LEGOSIM_PROGRAM_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture_file.h"

enum record_from { FROM_START, FROM_ENTRY, FROM_ADDRESS };

struct program_options {
  struct capture_paths paths;
  enum record_from from;
  uint64_t from_address; /* as the program file has it, before relocation */
  uint64_t most_accesses;
  uint32_t cpus; /* 0: what the host has */
  uint32_t image;
  int trace_fd;
  int shared_fd;
  char plugin[PATH_MAX];
  char qemu[PATH_MAX];
};

bool options_parse(struct program_options *o, int argc, char **argv);

/* The plugin option of the image that an exec makes. The result is in static memory. */
const char *options_for_next_image(const struct program_options *o);

/* Where an address of the program file stands in memory, given where its code begins; the address
 * of its entry point when `address` is 0. */
uint64_t options_relocated(const char *path, uint64_t address, uint64_t code_start);

/* The captured program as QEMU's command line names it. The strings stay valid. */
struct program_command {
  const char *processor; /* the model that QEMU imitates */
  const char *path;
  const char *arguments[256]; /* the first is the name the program sees as its own */
  size_t count;
};

struct program_command options_program_command(void);

#endif
