/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See guest_memory.h.
 */
#define _GNU_SOURCE
#include "guest_memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096 };

/* What Linux lets execve pass: 128 KiB in one string, 6 MiB together (three quarters of the 8 MiB
 * stack limit that bounds it). A request above that fails in the kernel anyway. */
enum { LONGEST_ARGUMENT = 131072, ALL_ARGUMENTS = 6 * 1024 * 1024, MOST_ARGUMENTS = 1 << 20 };

uint64_t guest_base;

/* Where process_vm_readv is forbidden (some containers), the same bytes come from /proc. */
static ssize_t read_through_proc(uint64_t host, void *to, size_t bytes) {
  int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return -1;
  }
  ssize_t got = pread(fd, to, bytes, (off_t)host);
  close(fd);
  return got;
}

static size_t read_within_page(uint64_t address, void *to, size_t bytes) {
  uint64_t host = address + guest_base;
  struct iovec local = {to, bytes};
  struct iovec remote = {(void *)(uintptr_t)host, bytes};
  ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  if (got < 0) {
    got = read_through_proc(host, to, bytes);
  }
  return got < 0 ? 0 : (size_t)got;
}

size_t guest_read(uint64_t address, void *to, size_t bytes) {
  size_t done = 0;
  while (done < bytes) {
    size_t left_in_page = PAGE_BYTES - ((address + done) & (PAGE_BYTES - 1));
    size_t want = bytes - done < left_in_page ? bytes - done : left_in_page;
    size_t got = read_within_page(address + done, (char *)to + done, want);
    done += got;
    if (got < want) {
      break;
    }
  }
  return done;
}

size_t guest_read_string(uint64_t address, char *to, size_t capacity) {
  size_t done = 0;
  while (done < capacity - 1) {
    size_t left_in_page = PAGE_BYTES - ((address + done) & (PAGE_BYTES - 1));
    size_t want = capacity - 1 - done < left_in_page ? capacity - 1 - done : left_in_page;
    size_t got = read_within_page(address + done, to + done, want);
    const char *zero = memchr(to + done, 0, got);
    if (zero != NULL) {
      return (size_t)(zero - to);
    }
    done += got;
    if (got < want) {
      break;
    }
  }
  to[done] = 0;
  return done;
}

struct string_pool {
  char *bytes;
  size_t used;
  size_t capacity;
};

static int pool_append(struct string_pool *pool, uint64_t address) {
  if (pool->capacity - pool->used < LONGEST_ARGUMENT) {
    size_t capacity = pool->capacity * 2 + LONGEST_ARGUMENT;
    char *grown = realloc(pool->bytes, capacity);
    if (grown == NULL) {
      return -1;
    }
    pool->bytes = grown;
    pool->capacity = capacity;
  }
  pool->used += guest_read_string(address, pool->bytes + pool->used, LONGEST_ARGUMENT) + 1;
  return pool->used > ALL_ARGUMENTS ? -1 : 0;
}

static char **pool_to_array(const struct string_pool *pool, size_t count) {
  char **array = malloc((count + 1) * sizeof *array + pool->used);
  if (array == NULL) {
    return NULL;
  }
  char *text = (char *)(array + count + 1);
  if (pool->used > 0) {
    memcpy(text, pool->bytes, pool->used);
  }
  for (size_t i = 0; i < count; i++) {
    array[i] = text;
    text += strlen(text) + 1;
  }
  array[count] = NULL;
  return array;
}

char **guest_read_string_array(uint64_t address, size_t *count) {
  struct string_pool pool = {NULL, 0, 0};
  size_t found = 0;
  while (address != 0) {
    uint64_t pointer;
    if (found == MOST_ARGUMENTS || guest_read(address + found * 8, &pointer, 8) != 8) {
      free(pool.bytes);
      return NULL;
    }
    if (pointer == 0) {
      break;
    }
    if (pool_append(&pool, pointer) != 0) {
      free(pool.bytes);
      return NULL;
    }
    found++;
  }
  char **array = pool_to_array(&pool, found);
  free(pool.bytes);
  *count = found;
  return array;
}
