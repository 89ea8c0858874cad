/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which registers an x86-64 instruction uses to form its memory addresses, and which it loads.
 * A core model needs this to tell a pointer chase from independent loads.
 */
#ifndef LEGOSIM_X86_OPERANDS_H
#define LEGOSIM_X86_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* General registers are numbered as the hardware encodes them: 0 rax, 1 rcx, 2 rdx, 3 rbx, 4 rsp,
 * 5 rbp, 6 rsi, 7 rdi, 8-15 r8-r15. */
enum { X86_NO_REGISTER = -1 };

struct x86_operands {
  uint16_t load_address;  /* bit n: register n takes part in the address that is read */
  uint16_t store_address; /* the same for the address that is written */
  int8_t defined;         /* general register that receives the loaded value, or X86_NO_REGISTER */
  bool is_atomic;         /* reads and writes its operand in one step: lock prefix, or xchg */
  bool is_call;
};

/* Decodes one instruction. Bytes it does not know yield no registers: that is always a safe answer,
 * since a missing dependence only makes the instruction look independent. */
struct x86_operands x86_decode(const uint8_t *bytes, size_t length);

#endif
