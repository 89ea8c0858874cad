/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks the operand decoder against instructions written by hand. Prints each that fails; the exit
 * code is the number of failures.
 *
 *   gcc -I../../main/c -o x86_operands_test x86_operands_test.c ../../main/c/x86_operands.c
 */
#include <stdio.h>

#include "x86_operands.h"

enum {
  RAX = 1, RCX = 1 << 1, RDX = 1 << 2, RBX = 1 << 3, RSP = 1 << 4, RBP = 1 << 5, RSI = 1 << 6,
  RDI = 1 << 7, R8 = 1 << 8, R12 = 1 << 12, R13 = 1 << 13, R15 = 1 << 15
};
enum { NONE = X86_NO_REGISTER, ATOMIC = 1, CALL = 2 };

static const struct {
  const char *text;
  const char *bytes;
  int length;
  int load;
  int store;
  int defined;
  int flags;
} cases[] = {
    {"mov (%rdi),%rax", "\x48\x8b\x07", 3, RDI, RDI, 0, 0},
    {"mov 8(%rbx,%rcx,4),%edx", "\x8b\x54\x8b\x08", 4, RBX | RCX, RBX | RCX, 2, 0},
    {"mov %rax,(%rsp)", "\x48\x89\x04\x24", 4, RSP, RSP, NONE, 0},
    {"mov (%r12),%r8", "\x4d\x8b\x04\x24", 4, R12, R12, 8, 0},
    {"mov 0(%r13),%r15", "\x4d\x8b\x7d\x00", 4, R13, R13, 15, 0},
    {"mov (%rax,%r12,8),%rcx", "\x4a\x8b\x0c\xe0", 4, RAX | R12, RAX | R12, 1, 0},
    {"mov (,%rcx,8),%rdx", "\x48\x8b\x14\xcd\x00\x00\x00\x00", 8, RCX, RCX, 2, 0},
    {"mov 0x10(%rip),%rax", "\x48\x8b\x05\x10\x00\x00\x00", 7, 0, 0, 0, 0},
    {"mov %fs:0x28,%rax", "\x64\x48\x8b\x04\x25\x28\x00\x00\x00", 9, 0, 0, 0, 0},
    {"mov %rsi,%rax", "\x48\x89\xf0", 3, 0, 0, NONE, 0},
    {"mov (%rsi),%ah", "\x8a\x26", 2, RSI, RSI, 0, 0},
    {"mov (%rsi),%spl", "\x40\x8a\x26", 3, RSI, RSI, 4, 0},
    {"movzbl (%rdx),%ecx", "\x0f\xb6\x0a", 3, RDX, RDX, 1, 0},
    {"movslq (%rdi),%rsi", "\x48\x63\x37", 3, RDI, RDI, 6, 0},
    {"add (%rdi),%rax", "\x48\x03\x07", 3, RDI, RDI, 0, 0},
    {"add %rax,(%rdi)", "\x48\x01\x07", 3, RDI, RDI, NONE, 0},
    {"cmp (%rdi),%rax", "\x48\x3b\x07", 3, RDI, RDI, NONE, 0},
    {"lock add %eax,(%rdi)", "\xf0\x01\x07", 3, RDI, RDI, NONE, ATOMIC},
    {"lock cmpxchg %ecx,(%rdx)", "\xf0\x0f\xb1\x0a", 4, RDX, RDX, 0, ATOMIC},
    {"lock xadd %esi,(%rdi)", "\xf0\x0f\xc1\x37", 4, RDI, RDI, 6, ATOMIC},
    {"xchg %eax,(%rdi)", "\x87\x07", 2, RDI, RDI, 0, ATOMIC},
    {"push %rbp", "\x55", 1, RSP, RSP, NONE, 0},
    {"pop %r12", "\x41\x5c", 2, RSP, 0, 12, 0},
    {"push (%rax)", "\xff\x30", 2, RAX, RSP, NONE, 0},
    {"pop (%rax)", "\x8f\x00", 2, RSP, RAX, NONE, 0},
    {"call rel32", "\xe8\x00\x00\x00\x00", 5, RSP, RSP, NONE, CALL},
    {"call *(%rbx)", "\xff\x13", 2, RBX, RSP, NONE, CALL},
    {"call *%rbx", "\xff\xd3", 2, 0, RSP, NONE, CALL},
    {"jmp *(%rbx)", "\xff\x23", 2, RBX, RBX, NONE, 0},
    {"ret", "\xc3", 1, RSP, RSP, NONE, 0},
    {"leave", "\xc9", 1, RBP, 0, 5, 0},
    {"rep movsb", "\xf3\xa4", 2, RSI, RDI, NONE, 0},
    {"rep stosq", "\xf3\x48\xab", 3, RDI, RDI, NONE, 0},
    {"repz cmpsb", "\xf3\xa6", 2, RSI | RDI, RDI, NONE, 0},
    {"lods", "\xac", 1, RSI, 0, 0, 0},
    {"cmov (%rdi),%rax", "\x48\x0f\x44\x07", 4, RDI, RDI, 0, 0},
    {"imul (%rdi),%rcx", "\x48\x0f\xaf\x0f", 4, RDI, RDI, 1, 0},
    {"mulq (%rdi)", "\x48\xf7\x27", 3, RDI, RDI, 0, 0},
    {"testl $1,(%rdi)", "\xf7\x07\x01\x00\x00\x00", 6, RDI, RDI, NONE, 0},
    {"popcnt (%rdi),%rdx", "\xf3\x48\x0f\xb8\x17", 5, RDI, RDI, 2, 0},
    {"movdqu (%rsi),%xmm0", "\xf3\x0f\x6f\x06", 4, RSI, RSI, NONE, 0},
    {"cvttsd2si (%rdi),%eax", "\xf2\x0f\x2c\x07", 4, RDI, RDI, 0, 0},
    {"vmovdqu (%rsi),%ymm0", "\xc5\xfe\x6f\x06", 4, RSI, RSI, NONE, 0},
    {"vmovdqu (%r8,%rax),%ymm1", "\xc4\xc1\x7e\x6f\x0c\x00", 6, R8 | RAX, R8 | RAX, NONE, 0},
    {"vpcmpeqb (%rdi),%ymm0,%ymm1", "\xc5\xfd\x74\x0f", 4, RDI, RDI, NONE, 0},
    {"vzeroupper", "\xc5\xf8\x77", 3, 0, 0, NONE, 0},
    {"vpgatherdd %ymm0,(%rax,%ymm1,4),%ymm2", "\xc4\xe2\x7d\x90\x14\x88", 6, RAX, RAX, NONE, 0},
    {"andn (%rdi),%rax,%rcx", "\xc4\xe2\xf8\xf2\x0f", 5, RDI, RDI, 1, 0},
    {"blsr (%rdi),%rax", "\xc4\xe2\xf8\xf3\x0f", 5, RDI, RDI, 0, 0},
    {"rorx $5,(%rdi),%rax", "\xc4\xe3\xfb\xf0\x07\x05", 6, RDI, RDI, 0, 0},
    {"movbe (%rdi),%eax", "\x0f\x38\xf0\x07", 4, RDI, RDI, 0, 0},
    {"movbe %eax,(%rdi)", "\x0f\x38\xf1\x07", 4, RDI, RDI, NONE, 0},
    {"bswap %eax", "\x0f\xc8", 2, 0, 0, NONE, 0},
    {"syscall", "\x0f\x05", 2, 0, 0, NONE, 0},
    {"cut off after the opcode", "\x8b", 1, 0, 0, NONE, 0},
    {"nothing", "", 0, 0, 0, NONE, 0},
};

int main(void) {
  int failures = 0;
  int count = (int)(sizeof cases / sizeof cases[0]);
  for (int i = 0; i < count; i++) {
    struct x86_operands o = x86_decode((const uint8_t *)cases[i].bytes, (size_t)cases[i].length);
    int flags = (o.is_atomic ? ATOMIC : 0) | (o.is_call ? CALL : 0);
    /* A store address matters only to what stores, and the other way round; both are compared,
     * since the decoder is meant to be the same everywhere. */
    if (o.load_address != cases[i].load || o.store_address != cases[i].store
        || o.defined != cases[i].defined || flags != cases[i].flags) {
      printf("%s: load %x store %x defined %d flags %d, expected %x %x %d %d\n", cases[i].text,
             o.load_address, o.store_address, o.defined, flags, (unsigned)cases[i].load,
             (unsigned)cases[i].store, cases[i].defined, cases[i].flags);
      failures++;
    }
  }
  printf("%d instructions, %d failures\n", count, failures);
  return failures;
}
