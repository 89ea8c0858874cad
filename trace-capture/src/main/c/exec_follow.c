/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See exec_follow.h.
 */
#define _GNU_SOURCE
#include "exec_follow.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest_memory.h"

enum {
  HEADER_BYTES = 256, /* what the kernel looks at to recognise a program (BINPRM_BUF_SIZE) */
  MOST_SCRIPTS = 5,   /* interpreters that may be scripts themselves */
  FIXED_OPTIONS = 8   /* qemu -cpu MODEL -plugin OPTION -0 NAME -- */
};

enum program_kind { PROGRAM_ELF, PROGRAM_SCRIPT, PROGRAM_OTHER };

struct program {
  char path[PATH_MAX];
  char header[HEADER_BYTES + 1];
};

struct arguments {
  char **items;
  size_t count;
};

static bool starts_with(const char *text, const char *prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A program named by a descriptor, which the new QEMU must be able to open by a path. */
static bool path_of_descriptor(int fd, char *path) {
  char link[64];
  struct stat by_fd;
  struct stat by_path;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0 || fstat(fd, &by_fd) != 0) {
    return false;
  }
  path[length] = 0;
  if (stat(path, &by_path) == 0 && by_path.st_dev == by_fd.st_dev
      && by_path.st_ino == by_fd.st_ino) {
    return true;
  }
  int kept = fcntl(fd, F_DUPFD, 910); /* deleted, or a memfd: it stays open across execve */
  snprintf(path, PATH_MAX, "/proc/self/fd/%d", kept);
  return kept >= 0;
}

static bool is_own_executable(const char *path) {
  char numbered[64];
  snprintf(numbered, sizeof numbered, "/proc/%d/exe", (int)getpid());
  return strcmp(path, "/proc/self/exe") == 0 || strcmp(path, "/proc/thread-self/exe") == 0
      || strcmp(path, numbered) == 0;
}

static bool descriptor_in_path(const char *path, int *fd) {
  const char *number = starts_with(path, "/proc/self/fd/") ? path + strlen("/proc/self/fd/")
                     : starts_with(path, "/dev/fd/")       ? path + strlen("/dev/fd/")
                                                           : NULL;
  if (number == NULL) {
    return false;
  }
  char *end;
  *fd = (int)strtol(number, &end, 10);
  return end != number && *end == 0;
}

static bool resolve(const struct exec_request *r, const struct exec_context *c, char *path) {
  char named[PATH_MAX];
  int fd;
  guest_read_string(r->path_address, named, sizeof named);
  if (named[0] == 0) {
    return (r->flags & AT_EMPTY_PATH) != 0 && path_of_descriptor(r->directory, path);
  }
  if (is_own_executable(named)) {
    snprintf(path, PATH_MAX, "%s", c->program);
    return true;
  }
  if (descriptor_in_path(named, &fd)) {
    return path_of_descriptor(fd, path);
  }
  if (named[0] == '/' || r->directory == AT_FDCWD) {
    memcpy(path, named, strlen(named) + 1);
    return true;
  }
  char folder[PATH_MAX];
  return path_of_descriptor(r->directory, folder)
      && snprintf(path, PATH_MAX, "%s/%s", folder, named) < PATH_MAX;
}

/* The loader that a dynamic program names must exist, or the kernel would refuse the program. */
static bool loader_exists(int fd, const Elf64_Ehdr *elf) {
  for (int i = 0; i < elf->e_phnum; i++) {
    Elf64_Phdr segment;
    off_t at = (off_t)(elf->e_phoff + (uint64_t)i * elf->e_phentsize);
    if (pread(fd, &segment, sizeof segment, at) != sizeof segment) {
      return false;
    }
    if (segment.p_type == PT_INTERP) {
      char loader[PATH_MAX];
      size_t length = segment.p_filesz < sizeof loader ? segment.p_filesz : sizeof loader - 1;
      ssize_t got = pread(fd, loader, length, (off_t)segment.p_offset);
      loader[got > 0 ? got : 0] = 0;
      return access(loader, X_OK) == 0;
    }
  }
  return true;
}

static bool is_native_elf(int fd, const char *header) {
  Elf64_Ehdr elf;
  memcpy(&elf, header, sizeof elf);
  return memcmp(elf.e_ident, ELFMAG, SELFMAG) == 0 && elf.e_ident[EI_CLASS] == ELFCLASS64
      && elf.e_machine == EM_X86_64 && (elf.e_type == ET_EXEC || elf.e_type == ET_DYN)
      && loader_exists(fd, &elf);
}

/* Under QEMU a set-user-id program would run without its rights, so it runs outside the capture. */
static bool changes_rights(const struct stat *status) {
  return ((status->st_mode & S_ISUID) != 0 && status->st_uid != geteuid())
      || ((status->st_mode & S_ISGID) != 0 && status->st_gid != getegid());
}

static enum program_kind inspect(struct program *p, const struct exec_context *c) {
  struct stat status;
  enum program_kind kind = PROGRAM_OTHER;
  if (faccessat(AT_FDCWD, p->path, X_OK, AT_EACCESS) != 0) {
    return PROGRAM_OTHER;
  }
  int fd = open(p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    if (fd >= 0) {
      close(fd);
    }
    return PROGRAM_OTHER;
  }
  memset(p->header, 0, sizeof p->header);
  ssize_t got = pread(fd, p->header, HEADER_BYTES, 0);
  if (got >= 2 && p->header[0] == '#' && p->header[1] == '!') {
    kind = PROGRAM_SCRIPT;
  } else if (got >= (ssize_t)sizeof(Elf64_Ehdr) && is_native_elf(fd, p->header)) {
    kind = PROGRAM_ELF;
  } else if (got >= SELFMAG && memcmp(p->header, ELFMAG, SELFMAG) == 0) {
    c->log("process %d runs %s outside the capture: it is no x86-64 program", getpid(), p->path);
  }
  if (kind == PROGRAM_ELF && changes_rights(&status)) {
    c->log("process %d runs %s outside the capture: it changes its user or group", getpid(),
           p->path);
    kind = PROGRAM_OTHER;
  }
  close(fd);
  return kind;
}

/* "#! interpreter [one argument]", as the kernel splits it. */
static bool split_first_line(char *header, char **interpreter, char **argument) {
  char *line = header + 2;
  line[strcspn(line, "\n")] = 0;
  size_t end = strlen(line);
  while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
    line[--end] = 0;
  }
  *interpreter = line + strspn(line, " \t");
  char *space = *interpreter + strcspn(*interpreter, " \t");
  *argument = NULL;
  if (*space != 0) {
    *space = 0;
    *argument = space + 1 + strspn(space + 1, " \t");
  }
  return **interpreter != 0;
}

/* Replaces a script by its interpreter: interpreter [argument] script-path
 * arguments-after-the-first. */
static bool enter_script(struct program *p, struct arguments *a) {
  char *interpreter;
  char *argument;
  if (!split_first_line(p->header, &interpreter, &argument)) {
    return false;
  }
  size_t before = argument == NULL ? 2 : 3;
  size_t after = a->count > 0 ? a->count - 1 : 0;
  char **items = malloc((before + after + 1) * sizeof *items);
  if (items == NULL) {
    return false;
  }
  items[0] = strdup(interpreter);
  if (argument != NULL) {
    items[1] = strdup(argument);
  }
  items[before - 1] = strdup(p->path);
  for (size_t i = 0; i < after; i++) {
    items[before + i] = a->items[i + 1];
  }
  items[before + after] = NULL;
  a->items = items; /* the earlier array stays alive: its strings are still in use */
  a->count = before + after;
  snprintf(p->path, sizeof p->path, "%s", items[0]);
  return true;
}

/* Variables for the loader concern the captured program, not QEMU itself: they go by -E, which
 * takes everything but commas. Keeps the others in `environment` and returns how many options it
 * wrote. */
static size_t move_loader_variables(char **environment, char **options) {
  size_t written = 0;
  size_t kept = 0;
  for (size_t i = 0; environment[i] != NULL; i++) {
    if (starts_with(environment[i], "LD_") && strchr(environment[i], ',') == NULL) {
      options[written++] = "-E";
      options[written++] = environment[i];
    } else {
      environment[kept++] = environment[i];
    }
  }
  environment[kept] = NULL;
  return written;
}

static void run(
    const struct exec_context *c, const struct program *p, const struct arguments *a,
    char **environment, size_t variables) {
  char **command = malloc((FIXED_OPTIONS + 2 * variables + a->count + 2) * sizeof *command);
  if (command == NULL) {
    return;
  }
  size_t n = 0;
  command[n++] = (char *)c->qemu;
  command[n++] = "-cpu";
  command[n++] = (char *)c->processor;
  command[n++] = "-plugin";
  command[n++] = (char *)c->plugin_option;
  n += move_loader_variables(environment, command + n);
  command[n++] = "-0";
  command[n++] = a->count > 0 ? a->items[0] : "";
  command[n++] = "--";
  command[n++] = (char *)p->path;
  for (size_t i = 1; i < a->count; i++) {
    command[n++] = a->items[i];
  }
  command[n] = NULL;
  c->before();
  execve(c->qemu, command, environment);
  c->log("process %d runs %s outside the capture: %m", getpid(), p->path);
  free(command);
}

void exec_follow(const struct exec_request *request, const struct exec_context *context) {
  struct program program;
  struct arguments arguments;
  size_t variables;
  if (!resolve(request, context, program.path)) {
    return;
  }
  enum program_kind kind = inspect(&program, context);
  if (kind == PROGRAM_OTHER) {
    return;
  }
  arguments.items = guest_read_string_array(request->arguments_address, &arguments.count);
  char **environment = guest_read_string_array(request->environment_address, &variables);
  bool is_ready = arguments.items != NULL && environment != NULL;
  for (int depth = 0; is_ready && kind == PROGRAM_SCRIPT && depth < MOST_SCRIPTS; depth++) {
    is_ready = enter_script(&program, &arguments);
    kind = is_ready ? inspect(&program, context) : PROGRAM_OTHER;
  }
  if (is_ready && kind == PROGRAM_ELF) {
    run(context, &program, &arguments, environment, variables);
  }
  /* Not replaced after all. The few blocks above are kept: a failed execve is rare and short. */
}
