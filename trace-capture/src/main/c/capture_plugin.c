/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * legosim's capture plugin for QEMU user mode: records what a program does to its memory,
 * instruction by instruction, with its system calls, threads and processes, as an .ltrace file.
 *
 *   qemu-x86_64 -cpu max -plugin libcapture.so,trace=FILE,shared=PAGE,log=LOG -0 NAME -- PROGRAM
 * ...
 *
 * This file holds QEMU's callbacks. Beside it: block_writer (the format), capture_file (what all
 * processes share), guest_thread (threads, and holding them still), code_sites and x86_operands
 * (what is known of each instruction), program_events, _records, _signals, _calls (what happens to
 * the program, and what is recorded of it), exec_follow, guest_image, guest_memory, fatal_signal.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "capture_file.h"
#include "code_sites.h"
#include "guest_memory.h"
#include "guest_thread.h"
#include "program_events.h"
#include "qemu_plugin_abi.h"

#define LIKELY(x) __builtin_expect((x) != 0, 1)

/* QEMU refuses a plugin that asks for an interface newer, or much older, than its own. */
QEMU_PLUGIN_EXPORT int qemu_plugin_version = LEGOSIM_QEMU_PLUGIN_VERSION;

enum { MOST_COALESCED_BYTES = 64, LONGEST_INSTRUCTION = 16 };

static struct guest_thread *current(void) {
  struct guest_thread *t = current_thread;
  return LIKELY(t) ? t : program_thread_begins();
}

/* True when the callback brought another part of the access that is pending. QEMU splits vectors
 * into words; and while the program has a single thread, an atomic into its load and its store. */
static bool joins_pending(
    struct pending_access *p, uint8_t kind, uint64_t address, uint32_t bytes) {
  bool is_next = address == p->address + p->bytes;
  if (kind == p->kind && is_next && p->bytes + bytes <= MOST_COALESCED_BYTES) {
    p->bytes = (uint8_t)(p->bytes + bytes);
    return true;
  }
  return p->kind == ACCESS_ATOMIC && kind == ACCESS_STORE && address >= p->address
      && address + bytes <= p->address + p->bytes;
}

static void on_access(
    unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data) {
  (void)vcpu;
  struct guest_thread *t = current();
  if (!t->is_recording) {
    return;
  }
  const struct instruction *i = data;
  struct pending_access *p = &t->pending;
  uint32_t bytes = 1u << qemu_plugin_mem_size_shift(info);
  uint8_t kind = info >> 16 & QEMU_PLUGIN_MEM_RW; /* load 1, store 2, both 3: the format's kinds */
  uint64_t position = t->block_start + i->position;
  if (i->is_atomic && kind == ACCESS_LOAD) {
    kind = ACCESS_ATOMIC;
  }
  if (p->bytes > 0) {
    if (p->instruction == i && p->position == position
        && joins_pending(p, kind, address, bytes)) {
      return;
    }
    program_emit_pending(t);
  }
  p->instruction = i;
  p->position = position;
  p->address = address;
  p->kind = kind;
  p->bytes = (uint8_t)bytes;
  if (kind == ACCESS_ATOMIC) {
    p->sequence = capture_next_sequence();
  }
}

static void on_block(unsigned int vcpu, void *data) {
  (void)vcpu;
  struct guest_thread *t = current();
  const struct code_block *b = data;
  if (!LIKELY(atomic_load_explicit(&threads_must_stop, memory_order_relaxed) == 0)) {
    thread_park(t);
  }
  if (!LIKELY(!b->is_special)) {
    program_reaches_special(t, b->address);
  }
  t->block_start = t->retired;
  t->retired += b->instructions;
}

static size_t copy_instruction(const struct qemu_plugin_insn *in, uint8_t *bytes) {
  size_t length = qemu_plugin_insn_size(in);
  length = length < LONGEST_INSTRUCTION ? length : LONGEST_INSTRUCTION;
#if LEGOSIM_QEMU_PLUGIN_VERSION >= 3
  return qemu_plugin_insn_data(in, bytes, length);
#else
  memcpy(bytes, qemu_plugin_insn_data(in), length);
  return length;
#endif
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
  (void)id;
  uint8_t bytes[LONGEST_INSTRUCTION];
  size_t count = qemu_plugin_tb_n_insns(tb);
  struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
  program_is_loaded((uint64_t)(uintptr_t)qemu_plugin_insn_haddr(first), qemu_plugin_tb_vaddr(tb),
                    qemu_plugin_start_code());
  qemu_plugin_register_vcpu_tb_exec_cb(
      tb, on_block, QEMU_PLUGIN_CB_NO_REGS,
      code_block_new(qemu_plugin_tb_vaddr(tb), (uint32_t)count));
  for (size_t i = 0; i < count; i++) {
    struct qemu_plugin_insn *in = qemu_plugin_tb_get_insn(tb, i);
    size_t length = copy_instruction(in, bytes);
    qemu_plugin_register_vcpu_mem_cb(
        in, on_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
        instruction_new(qemu_plugin_insn_vaddr(in), bytes, length, (uint32_t)i));
  }
}

static void on_syscall(
    qemu_plugin_id_t id, unsigned int vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
    uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8) {
  (void)id;
  (void)vcpu;
  (void)a7;
  (void)a8;
  struct guest_call call = {(uint64_t)number, {a1, a2, a3, a4, a5, a6}, 0};
  program_enters_call(current(), &call);
}

static void on_syscall_return(
    qemu_plugin_id_t id, unsigned int vcpu, int64_t number, int64_t result) {
  (void)id;
  (void)vcpu;
  (void)number;
  program_returns_from_call(current(), result);
}

static void on_exit(qemu_plugin_id_t id, void *data) {
  (void)id;
  (void)data;
  program_ends();
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(
    qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  if (info->system_emulation || strcmp(info->target_name, "x86_64") != 0) {
    return -1;
  }
  if (!program_configure(argc, argv)) {
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_vcpu_syscall_cb(id, on_syscall);
  qemu_plugin_register_vcpu_syscall_ret_cb(id, on_syscall_return);
  qemu_plugin_register_atexit_cb(id, on_exit, NULL);
  pthread_atfork(NULL, NULL, program_has_forked);
  return 0;
}
