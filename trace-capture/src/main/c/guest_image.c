/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU runs the guest in its own address space, below everything it maps for itself. The kernel's
 * list of mappings therefore holds the guest's, but with QEMU's protections: it takes the execute
 * right away from guest code, which only QEMU's translation of it runs. The program headers of the
 * mapped file give that right back, and show where the kernel would have split a mapping.
 */
#define _GNU_SOURCE
#include "guest_image.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest_memory.h"

enum { MOST_SEGMENTS = 16, MOST_MAPPINGS = 4096, PAGE_BYTES = 4096 };
enum { PROTECT_READ = 1, PROTECT_WRITE = 2, PROTECT_EXECUTE = 4, PROTECT_SHARED = 8 };

/* QEMU is a position-independent program, which Linux places above this address with all it maps.
 * */
static const uint64_t GUEST_END = 0x500000000000u;

/* Longest entry: four varints, a byte, a path with its length. */
enum { ENTRY_BYTES_MOST = 4 * 10 + 1 + 3 + PATH_MAX };

struct mapping {
  uint64_t start;
  uint64_t end;
  uint64_t file_offset;
  uint8_t protection;
  char path[PATH_MAX];
};

/* A loadable segment at the addresses where it is mapped, in whole pages. */
struct segment {
  uint64_t start;
  uint64_t end;
  bool is_executable;
};

/* The program file that was seen last. Its mappings follow each other. */
struct program_file {
  char path[PATH_MAX];
  struct segment segments[MOST_SEGMENTS];
  int count;
};

struct image {
  struct stream *payload;
  uint64_t count;
  uint64_t previous_end;
  bool has_guard; /* the mapping before is one inaccessible page, as QEMU puts below the stack */
};

static bool parse_line(const char *line, struct mapping *m) {
  char flags[5];
  int path_at = 0;
  int fields = sscanf(
      line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*u %n", &m->start, &m->end, flags,
      &m->file_offset, &path_at);
  if (fields != 4) {
    return false;
  }
  m->protection = (uint8_t)((flags[0] == 'r' ? PROTECT_READ : 0)
                            | (flags[1] == 'w' ? PROTECT_WRITE : 0)
                            | (flags[2] == 'x' ? PROTECT_EXECUTE : 0)
                            | (flags[3] == 's' ? PROTECT_SHARED : 0));
  snprintf(m->path, sizeof m->path, "%s", path_at > 0 ? line + path_at : "");
  m->path[strcspn(m->path, "\n")] = 0;
  return true;
}

static uint64_t page_floor(uint64_t address) {
  return address & ~(uint64_t)(PAGE_BYTES - 1);
}

/* Notes the segments of a program whose first byte is mapped at `start`; none for another file. */
static void read_segments(struct program_file *file, const char *path, uint64_t start) {
  Elf64_Ehdr elf;
  uint64_t bias = 0;
  file->count = 0;
  snprintf(file->path, sizeof file->path, "%s", path);
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return;
  }
  bool is_elf = pread(fd, &elf, sizeof elf, 0) == sizeof elf
      && memcmp(elf.e_ident, ELFMAG, SELFMAG) == 0 && elf.e_ident[EI_CLASS] == ELFCLASS64;
  for (int i = 0; is_elf && i < elf.e_phnum && file->count < MOST_SEGMENTS; i++) {
    Elf64_Phdr h;
    off_t at = (off_t)(elf.e_phoff + (uint64_t)i * elf.e_phentsize);
    if (pread(fd, &h, sizeof h, at) != sizeof h || h.p_type != PT_LOAD) {
      continue;
    }
    if (file->count == 0) {
      bias = start - page_floor(h.p_vaddr);
    }
    file->segments[file->count++] = (struct segment){
        bias + page_floor(h.p_vaddr),
        bias + page_floor(h.p_vaddr + h.p_filesz + PAGE_BYTES - 1),
        (h.p_flags & PF_X) != 0};
  }
  close(fd);
}

static void append(struct image *image, const struct mapping *m) {
  struct stream *s = image->payload;
  if (image->count == MOST_MAPPINGS || s->used + ENTRY_BYTES_MOST + 10 > GUEST_IMAGE_BYTES) {
    return;
  }
  uint64_t bytes = m->end - m->start;
  bool is_stack = m->path[0] == 0 && image->has_guard && m->start == image->previous_end;
  bool is_heap = strcmp(m->path, "[heap]") == 0; /* QEMU's own, were it ever below GUEST_END */
  const char *name = is_stack ? "[stack]" : m->path[0] == 0 ? "[anon]" : m->path;
  image->has_guard = m->protection == 0 && bytes == PAGE_BYTES && m->path[0] == 0;
  image->previous_end = m->end;
  if (image->has_guard || is_heap) {
    return;
  }
  put_varint(s, m->start - guest_base);
  put_varint(s, m->end - guest_base);
  put_byte(s, m->protection);
  put_varint(s, m->path[0] == '/' ? m->file_offset : 0);
  put_string(s, name, strlen(name));
  image->count++;
}

/* Splits a mapping of a program file at its segments and gives each piece its execute right. */
static void append_pieces(
    struct image *image, struct program_file *file, struct mapping *m) {
  bool is_file = m->path[0] == '/';
  if (is_file && (m->file_offset == 0 || strcmp(m->path, file->path) != 0)) {
    read_segments(file, m->path, m->start - m->file_offset);
  }
  for (int i = 0; is_file && i < file->count && m->start < m->end; i++) {
    const struct segment *s = &file->segments[i];
    if (s->end <= m->start || s->start > m->start) {
      continue;
    }
    struct mapping piece = *m;
    piece.end = s->end < m->end ? s->end : m->end;
    piece.protection |= s->is_executable ? PROTECT_EXECUTE : 0;
    append(image, &piece);
    m->file_offset += piece.end - m->start;
    m->start = piece.end;
  }
  if (m->start < m->end) {
    append(image, m);
  }
}

void guest_image_describe(struct stream *payload) {
  struct stream entries = {malloc(GUEST_IMAGE_BYTES), 0};
  struct image image = {.payload = &entries};
  struct program_file file = {.count = 0};
  struct mapping m;
  char line[PATH_MAX + 128];
  FILE *maps = fopen("/proc/self/maps", "re");
  while (entries.bytes != NULL && maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    if (parse_line(line, &m) && m.start >= guest_base && m.start - guest_base < GUEST_END) {
      append_pieces(&image, &file, &m);
    }
  }
  if (maps != NULL) {
    fclose(maps);
  }
  put_varint(payload, image.count);
  memcpy(payload->bytes + payload->used, entries.bytes, entries.used);
  payload->used += entries.used;
  free(entries.bytes);
}
