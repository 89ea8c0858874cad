/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading the captured program's memory from inside QEMU's process, where a guest address is a host
 * address plus a constant. A bad guest address yields fewer bytes, never a fault.
 */
#ifndef LEGOSIM_GUEST_MEMORY_H
#define LEGOSIM_GUEST_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Host address minus guest address; 0 unless QEMU had to move the guest. */
extern uint64_t guest_base;

/* Copies up to `bytes` bytes and returns how many could be read. */
size_t guest_read(uint64_t address, void *to, size_t bytes);

/* Copies a string of at most capacity - 1 bytes and ends it with a zero. Returns its length. */
size_t guest_read_string(uint64_t address, char *to, size_t capacity);

/* Copies a NULL-terminated array of strings, as execve takes it, into fresh memory: one block that
 * free() releases. Returns NULL when it cannot be read or holds more than the kernel allows. */
char **guest_read_string_array(uint64_t address, size_t *count);

#endif
