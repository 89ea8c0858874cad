/* SPDX-License-Identifier: Apache-2.0
 *
 * Instructions whose records are known exactly, between two marks: calls of getppid. Without a C
 * library, so that nothing else runs. Build: gcc -nostdlib -static -o chase chase.c
 */
__asm__(
    ".data\n"
    ".balign 64\n"
    "ring: .quad ring\n"
    "word: .quad 0\n"
    ".quad 0,0,0,0,0,0,0,0,0,0\n"
    "wide: .quad 1,2,3,4,5,6,7,8\n"
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "  mov $110, %eax\n"
    "  syscall\n"
    "  lea ring(%rip), %rdi\n"
    "  mov (%rdi), %rdi\n"          /* a pointer chase: rdi from rdi */
    "  mov (%rdi), %rdi\n"
    "  lea word(%rip), %rsi\n"
    "  mov $5, %eax\n"
    "  lock xadd %eax, (%rsi)\n"    /* one atomic of four bytes */
    "  xchg %rax, (%rsi)\n"         /* one of eight, without a prefix */
    "  lea wide(%rip), %rbx\n"
    "  xor %ecx, %ecx\n"
    "  movdqu (%rbx,%rcx,8), %xmm0\n" /* one load of sixteen bytes */
    "  movdqu %xmm0, 48(%rsi)\n"    /* one store across a line */
    "  addq $1, (%rsi)\n"           /* a load and a store of one instruction */
    "  push %rbx\n"
    "  pop %r12\n"
    "  mov $110, %eax\n"
    "  syscall\n"
    "  mov $60, %eax\n"
    "  xor %edi, %edi\n"
    "  syscall\n");
