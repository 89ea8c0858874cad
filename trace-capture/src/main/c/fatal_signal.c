/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See fatal_signal.h.
 */
#define _GNU_SOURCE
#include "fatal_signal.h"

#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void (*notify)(void);

static bool is_job_control(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU
      || signal == SIGCONT;
}

static int kill_and_tell(pid_t pid, int signal) {
  if (pid == getpid() && !is_job_control(signal)) {
    notify();
  }
  return kill(pid, signal);
}

static uint64_t dynamic_value(const ElfW(Dyn) *dynamic, int64_t tag) {
  for (; dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == tag) {
      return dynamic->d_un.d_val;
    }
  }
  return 0;
}

static void replace(void **slot) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *start = (void *)((uintptr_t)slot & ~(page - 1));
  /* QEMU is linked with its relocations read-only; they are so again afterwards. */
  if (mprotect(start, page, PROT_READ | PROT_WRITE) == 0) {
    *slot = (void *)kill_and_tell;
    mprotect(start, page, PROT_READ);
  }
}

static void replace_in(const struct dl_phdr_info *object, uint64_t table, uint64_t bytes,
                       const ElfW(Sym) *symbols, const char *names) {
  const ElfW(Rela) *r = (const ElfW(Rela) *)table;
  for (uint64_t i = 0; table != 0 && i < bytes / sizeof *r; i++) {
    uint64_t type = ELF64_R_TYPE(r[i].r_info);
    const char *name = names + symbols[ELF64_R_SYM(r[i].r_info)].st_name;
    if ((type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT) && strcmp(name, "kill") == 0) {
      replace((void **)(object->dlpi_addr + r[i].r_offset));
    }
  }
}

/* The first object of the list is the program itself, QEMU. */
static int visit_object(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  (void)data;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type == PT_DYNAMIC) {
      const ElfW(Dyn) *d =
          (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
      const ElfW(Sym) *symbols = (const ElfW(Sym) *)dynamic_value(d, DT_SYMTAB);
      const char *names = (const char *)dynamic_value(d, DT_STRTAB);
      if (symbols != NULL && names != NULL) {
        replace_in(object, dynamic_value(d, DT_JMPREL), dynamic_value(d, DT_PLTRELSZ), symbols,
                   names);
        replace_in(object, dynamic_value(d, DT_RELA), dynamic_value(d, DT_RELASZ), symbols, names);
      }
    }
  }
  return 1; /* look at no further object */
}

void fatal_signal_intercept(void (*before_death)(void)) {
  notify = before_death;
  dl_iterate_phdr(visit_object, NULL);
}
