/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the arguments of x86-64 Linux system calls are, as far as a trace records it.
 */
#ifndef LEGOSIM_SYSCALL_TABLE_H
#define LEGOSIM_SYSCALL_TABLE_H

#include <stdint.h>

struct syscall_shape {
  uint8_t arguments;        /* how many the call takes; 6 for an unknown call */
  uint8_t strings;          /* bit n: argument n + 1 points to a path or a name */
  uint8_t signed_numbers;   /* bit n: argument n + 1 is a 32-bit number such as AT_FDCWD */
  uint8_t string_array;     /* from 1: the argument that is a vector of strings; 0 for none */
};

struct syscall_shape syscall_shape(uint64_t number);

#endif
