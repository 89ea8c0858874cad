/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See program_options.h.
 */
#define _GNU_SOURCE
#include "program_options.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Value of NAME=VALUE, or NULL when the argument has another name. */
static const char *value_of(const char *argument, const char *name) {
  size_t length = strlen(name);
  return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1
                                                                         : NULL;
}

static bool parse_one(struct program_options *o, const char *argument) {
  const char *value;
  if ((value = value_of(argument, "trace")) != NULL) {
    snprintf(o->paths.trace, PATH_MAX, "%s", value);
  } else if ((value = value_of(argument, "shared")) != NULL) {
    snprintf(o->paths.shared, PATH_MAX, "%s", value);
  } else if ((value = value_of(argument, "log")) != NULL) {
    snprintf(o->paths.log, PATH_MAX, "%s", value);
  } else if ((value = value_of(argument, "from")) != NULL) {
    o->from = strcmp(value, "start") == 0   ? FROM_START
            : strcmp(value, "entry") == 0 ? FROM_ENTRY
                                          : FROM_ADDRESS;
    o->from_address = o->from == FROM_ADDRESS ? strtoull(value, NULL, 0) : 0;
  } else if ((value = value_of(argument, "most")) != NULL) {
    o->most_accesses = strtoull(value, NULL, 10);
  } else if ((value = value_of(argument, "cpus")) != NULL) {
    o->cpus = (uint32_t)strtoul(value, NULL, 10);
  } else if ((value = value_of(argument, "image")) != NULL) {
    o->image = (uint32_t)strtoul(value, NULL, 10);
  } else if ((value = value_of(argument, "fds")) != NULL) {
    return sscanf(value, "%d:%d", &o->trace_fd, &o->shared_fd) == 2;
  } else {
    fprintf(stderr, "legosim capture plugin: unknown option %s\n", argument);
    return false;
  }
  return true;
}

bool options_parse(struct program_options *o, int argc, char **argv) {
  Dl_info self;
  *o = (struct program_options){.trace_fd = -1, .shared_fd = -1};
  for (int i = 0; i < argc; i++) {
    if (!parse_one(o, argv[i])) {
      return false;
    }
  }
  ssize_t length = readlink("/proc/self/exe", o->qemu, PATH_MAX - 1);
  bool is_found = length > 0 && dladdr((void *)options_parse, &self) != 0
      && realpath(self.dli_fname, o->plugin) != NULL;
  return is_found && o->paths.trace[0] == '/' && o->paths.shared[0] == '/'
      && o->paths.log[0] == '/';
}

/* A comma separates options; a doubled one stands for itself. */
static size_t append_escaped(char *to, size_t at, size_t capacity, const char *text) {
  for (; *text != 0 && at + 2 < capacity; text++) {
    to[at++] = *text;
    if (*text == ',') {
      to[at++] = ',';
    }
  }
  to[at] = 0;
  return at;
}

const char *options_for_next_image(const struct program_options *o) {
  static char text[8 * PATH_MAX + 256];
  size_t at = append_escaped(text, 0, sizeof text, o->plugin);
  const char *names[] = {",trace=", ",shared=", ",log="};
  const char *values[] = {o->paths.trace, o->paths.shared, o->paths.log};
  for (int i = 0; i < 3; i++) {
    at += (size_t)snprintf(text + at, sizeof text - at, "%s", names[i]);
    at = append_escaped(text, at, sizeof text, values[i]);
  }
  snprintf(text + at, sizeof text - at, ",from=%s,cpus=%u,image=%u,fds=%d:%d",
           o->from == FROM_ENTRY ? "entry" : "start", o->cpus, o->image + 1, capture_trace_fd(),
           capture_shared_fd());
  return text;
}

/* Lowest address of an executable segment. */
static uint64_t first_code(int fd, const Elf64_Ehdr *elf) {
  uint64_t lowest = UINT64_MAX;
  for (int i = 0; i < elf->e_phnum; i++) {
    Elf64_Phdr segment;
    off_t at = (off_t)(elf->e_phoff + (uint64_t)i * elf->e_phentsize);
    if (pread(fd, &segment, sizeof segment, at) == sizeof segment && segment.p_type == PT_LOAD
        && (segment.p_flags & PF_X) != 0 && segment.p_vaddr < lowest) {
      lowest = segment.p_vaddr;
    }
  }
  return lowest;
}

uint64_t options_relocated(const char *path, uint64_t address, uint64_t code_start) {
  Elf64_Ehdr elf;
  uint64_t relocated = address;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && pread(fd, &elf, sizeof elf, 0) == sizeof elf) {
    relocated = (address == 0 ? elf.e_entry : address) + code_start - first_code(fd, &elf);
  }
  if (fd >= 0) {
    close(fd);
  }
  return relocated;
}

/* Every option that legosim gives QEMU has one value; "--" ends them. */
struct program_command options_program_command(void) {
  static char line[1 << 17];
  struct program_command c = {.processor = "max", .path = ""};
  const char *own_name = NULL;
  bool is_option = true;
  int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t bytes = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
  if (fd >= 0) {
    close(fd);
  }
  const char *end = line + (bytes > 0 ? bytes : 0);
  const char *item = line + strlen(line) + 1; /* after the name of QEMU */
  size_t most = sizeof c.arguments / sizeof c.arguments[0];
  for (; item < end && c.count < most; item += strlen(item) + 1) {
    if (!is_option) {
      c.path = c.count == 0 ? item : c.path;
      c.arguments[c.count] = c.count == 0 && own_name != NULL ? own_name : item;
      c.count++;
    } else if (strcmp(item, "--") == 0) {
      is_option = false;
    } else {
      const char *value = item + strlen(item) + 1;
      own_name = strcmp(item, "-0") == 0 ? value : own_name;
      c.processor = strcmp(item, "-cpu") == 0 ? value : c.processor;
      item = value;
    }
  }
  return c;
}
