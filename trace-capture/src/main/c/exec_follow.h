/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keeps a capture going across execve. QEMU's user mode would run the new program directly on
 * the host, outside the capture; so the plugin, told of the call before QEMU carries it out,
 * replaces the process itself, by QEMU with the new program. Needs no tracer process, works for
 * static and dynamic programs and for scripts, and leaves arguments, environment, working
 * directory, signal mask and open files as execve would.
 */
#ifndef LEGOSIM_EXEC_FOLLOW_H
#define LEGOSIM_EXEC_FOLLOW_H

#include <stdint.h>

struct exec_request {
  int directory;            /* AT_FDCWD for execve */
  uint64_t path_address;
  uint64_t arguments_address;
  uint64_t environment_address;
  uint64_t flags;           /* of execveat */
};

struct exec_context {
  const char *qemu;           /* path of the running QEMU */
  const char *processor;      /* what -cpu was given */
  const char *program;        /* path of the running program, for /proc/self/exe */
  const char *plugin_option;  /* what to pass to -plugin, the new image's state included */
  void (*before)(void);       /* called once it is certain that the process will be replaced */
  void (*log)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/* Returns when the request is not followed: the call must fail anyway, or the program is one that
 * QEMU cannot run as the kernel would. QEMU then carries it out, error codes included. */
void exec_follow(const struct exec_request *request, const struct exec_context *context);

#endif
