/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See capture_file.h.
 */
#define _GNU_SOURCE
#include "capture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
  SHARED_BYTES = 4096,
  HEADER_BYTES = 88,
  CODEC_STORED = 0,
  FLAG_LAST = 1,
  LIMITED_SHARE = 1024, /* what a thread holds of a limited capture: so far may it fall short */
  CRC_TABLES = 8
};

static const uint32_t SHARED_MAGIC = 0x4c534831u;
static const uint32_t BLOCK_MAGIC = 0x3142544cu; /* "LTB1" */
static const uint32_t CRC32C_POLYNOMIAL = 0x82f63b78u;

/* Zeroed by whoever starts the capture; the first process fills it in. */
struct shared_page {
  uint32_t magic;
  uint32_t has_limit;
  _Atomic uint64_t sequence;
  _Atomic int64_t accesses_left;
  uint64_t start_ns;
  pthread_mutex_t file_lock; /* robust: whoever holds it may be killed */
  uint64_t file_bytes;       /* of a regular file, all blocks complete */
  uint32_t is_regular_file;
  _Atomic uint32_t has_failed;
};

/* The program that started the capture reads this one when all processes have ended. */
_Static_assert(offsetof(struct shared_page, file_bytes) == 72, "Capture.java knows this offset");

static struct shared_page *shared;
static struct capture_paths paths;
static int trace_fd = -1;
static int shared_fd = -1;
static bool is_cut_off; /* this process lost the file; the others go on */
static __thread bool must_reopen;
static pthread_mutex_t descriptor_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t crc_table[CRC_TABLES][256];

static void crc_prepare(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) {
      c = (c & 1) != 0 ? CRC32C_POLYNOMIAL ^ c >> 1 : c >> 1;
    }
    crc_table[0][i] = c;
  }
  for (uint32_t i = 0; i < 256; i++) {
    for (int k = 1; k < CRC_TABLES; k++) {
      uint32_t before = crc_table[k - 1][i];
      crc_table[k][i] = crc_table[0][before & 255] ^ before >> 8;
    }
  }
}

/* Eight bytes a step: byte k of the step is 7 - k bytes away from the end of it. */
static uint32_t crc_add(uint32_t crc, const uint8_t *bytes, size_t count) {
  for (; count >= 8; count -= 8, bytes += 8) {
    uint64_t step;
    memcpy(&step, bytes, 8);
    step ^= crc;
    crc = 0;
    for (int k = 0; k < 8; k++) {
      crc ^= crc_table[7 - k][step >> (8 * k) & 255];
    }
  }
  while (count-- > 0) {
    crc = crc_table[0][(crc ^ *bytes++) & 255] ^ crc >> 8;
  }
  return crc;
}

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t capture_elapsed_ns(void) {
  return now_ns() - shared->start_ns;
}

uint64_t capture_next_sequence(void) {
  return atomic_fetch_add(&shared->sequence, 1) + 1;
}

bool capture_is_full(void) {
  return shared->has_limit && atomic_load(&shared->accesses_left) <= 0;
}

uint32_t capture_reserve_accesses(uint32_t most) {
  if (!shared->has_limit) {
    return most;
  }
  int64_t wanted = most < LIMITED_SHARE ? most : LIMITED_SHARE;
  int64_t before = atomic_fetch_sub(&shared->accesses_left, wanted);
  int64_t given = before < 0 ? 0 : before < wanted ? before : wanted;
  atomic_fetch_add(&shared->accesses_left, wanted - given);
  return (uint32_t)given;
}

void capture_return_accesses(uint32_t unused) {
  if (shared->has_limit) {
    atomic_fetch_add(&shared->accesses_left, unused);
  }
}

bool capture_is_writable(void) {
  return !is_cut_off && !atomic_load_explicit(&shared->has_failed, memory_order_relaxed);
}

void capture_log(const char *format, ...) {
  int fd = open(paths.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    return;
  }
  char line[PATH_MAX + 256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length > 0) {
    size_t end = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
    line[end] = '\n';
    if (write(fd, line, end + 1) < 0) {
      /* Nowhere is left to report this. */
    }
  }
  close(fd);
}

/* Out of the way of the numbers that the captured program gets from its own opens. */
static int move_up(int fd, int lowest) {
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  for (int other = 200; moved < 0 && other >= 20; other /= 10) {
    moved = fcntl(fd, F_DUPFD_CLOEXEC, other); /* the limit on descriptors is below `lowest` */
  }
  if (moved < 0) {
    return fd;
  }
  close(fd);
  return moved;
}

static int open_high(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC);
  return fd < 0 ? -1 : move_up(fd, 900);
}

/* The lock is shared by all processes that may still write, through fork and exec: whoever started
 * the capture knows that it has ended when it can lock the file for itself. */
static bool open_shared(int inherited) {
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  shared_fd = inherited >= 0 ? inherited : open_high(paths.shared, O_RDWR);
  return shared_fd >= 0 && fcntl(shared_fd, F_OFD_SETLK, &lock) == 0;
}

static bool open_trace(int inherited) {
  trace_fd = inherited >= 0 ? inherited : open_high(paths.trace, O_WRONLY | O_APPEND);
  return trace_fd >= 0;
}

static void first_process(uint64_t most_accesses) {
  struct stat status = {.st_size = 0};
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&shared->file_lock, &attributes);
  shared->has_limit = most_accesses > 0;
  atomic_store(&shared->accesses_left, (int64_t)most_accesses);
  shared->start_ns = now_ns();
  shared->is_regular_file = fstat(trace_fd, &status) == 0 && S_ISREG(status.st_mode);
  shared->file_bytes = (uint64_t)status.st_size;
  shared->magic = SHARED_MAGIC;
}

bool capture_open(
    const struct capture_paths *where, int inherited_trace, int inherited_shared,
    uint64_t most_accesses) {
  paths = *where;
  crc_prepare();
  if (!open_trace(inherited_trace) || !open_shared(inherited_shared)) {
    capture_log("cannot open %s or %s: %m", paths.trace, paths.shared);
    return false;
  }
  void *page =
      mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, shared_fd, 0);
  if (page == MAP_FAILED) {
    capture_log("cannot map %s: %m", paths.shared);
    return false;
  }
  shared = page;
  if (shared->magic != SHARED_MAGIC) {
    first_process(most_accesses);
  }
  capture_inherit(false);
  return true;
}

static void put_u32(uint8_t *header, int offset, uint32_t value) {
  memcpy(header + offset, &value, 4);
}

static void put_u64(uint8_t *header, int offset, uint64_t value) {
  memcpy(header + offset, &value, 8);
}

static void fill_header(uint8_t *bytes, const struct block_header *h) {
  int stream_count = h->kind == BLOCK_RECORDS ? STREAM_COUNT : 1;
  uint32_t payload = 0;
  uint32_t crc = ~0u;
  memset(bytes, 0, HEADER_BYTES);
  for (int i = 0; i < stream_count; i++) {
    payload += (uint32_t)h->streams[i].used;
    crc = crc_add(crc, h->streams[i].bytes, h->streams[i].used);
    if (h->kind == BLOCK_RECORDS) {
      put_u32(bytes, 40 + 4 * i, (uint32_t)h->streams[i].used);
    }
  }
  put_u32(bytes, 0, BLOCK_MAGIC);
  bytes[4] = (uint8_t)h->kind;
  bytes[5] = CODEC_STORED;
  bytes[6] = h->is_last ? FLAG_LAST : 0;
  put_u32(bytes, 8, h->id.pid);
  put_u32(bytes, 12, h->id.tid);
  put_u32(bytes, 16, h->id.image);
  put_u32(bytes, 20, h->number);
  put_u32(bytes, 24, payload);
  put_u32(bytes, 28, payload);
  put_u32(bytes, 32, h->accesses);
  put_u32(bytes, 36, h->entries);
  put_u32(bytes, 60, h->sites);
  put_u64(bytes, 64, h->first_sequence);
  put_u64(bytes, 72, h->start_ns);
  put_u32(bytes, 80, ~crc);
  put_u32(bytes, 84, ~crc_add(~0u, bytes, 84));
}

/* A signal may cut a write short; on a pipe that is no error, and the lock is held. */
static bool write_all(struct iovec *parts, int count) {
  while (count > 0) {
    ssize_t written = writev(trace_fd, parts, count);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    while (count > 0 && (size_t)written >= parts->iov_len) {
      written -= (ssize_t)parts->iov_len;
      parts++;
      count--;
    }
    if (count > 0) {
      parts->iov_base = (uint8_t *)parts->iov_base + written;
      parts->iov_len -= (size_t)written;
    }
  }
  return true;
}

/* A process that was killed in the middle of its write left a piece of a block behind: cut it off.
 * */
static void lock_file(void) {
  if (pthread_mutex_lock(&shared->file_lock) == EOWNERDEAD) {
    if (shared->is_regular_file && ftruncate(trace_fd, (off_t)shared->file_bytes) != 0) {
      capture_log("cannot remove a half-written block: %m");
    }
    pthread_mutex_consistent(&shared->file_lock);
  }
}

void capture_write_block(const struct block_header *h) {
  uint8_t header[HEADER_BYTES];
  struct iovec parts[1 + STREAM_COUNT] = {{header, HEADER_BYTES}};
  int count = 1;
  uint64_t bytes = HEADER_BYTES;
  fill_header(header, h);
  for (int i = 0; i < (h->kind == BLOCK_RECORDS ? STREAM_COUNT : 1); i++) {
    if (h->streams[i].used > 0) {
      parts[count++] = (struct iovec){h->streams[i].bytes, h->streams[i].used};
      bytes += h->streams[i].used;
    }
  }
  pthread_mutex_lock(&descriptor_lock);
  lock_file();
  if (capture_is_writable()) {
    if (write_all(parts, count)) {
      shared->file_bytes += bytes;
    } else {
      capture_log("cannot write to %s: %m; the capture ends there", paths.trace);
      atomic_store(&shared->has_failed, 1);
    }
  }
  pthread_mutex_unlock(&shared->file_lock);
  pthread_mutex_unlock(&descriptor_lock);
}

void capture_after_fork(void) {
  pthread_mutex_init(&descriptor_lock, NULL);
  must_reopen = false;
}

void capture_inherit(bool is_inherited) {
  fcntl(trace_fd, F_SETFD, is_inherited ? 0 : FD_CLOEXEC);
  fcntl(shared_fd, F_SETFD, is_inherited ? 0 : FD_CLOEXEC);
}

int capture_trace_fd(void) {
  return trace_fd;
}

int capture_shared_fd(void) {
  return shared_fd;
}

static void step_aside(int *fd, uint64_t first, uint64_t last) {
  if (*fd < 0 || (uint64_t)*fd < first || (uint64_t)*fd > last) {
    return;
  }
  int moved = last < INT_MAX ? fcntl(*fd, F_DUPFD_CLOEXEC, (int)last + 1) : -1;
  if (moved >= 0) {
    *fd = moved; /* the guest closes the old number */
  } else {
    *fd = -1; /* no number is safe: the files are opened again afterwards */
  }
}

void capture_before_close(uint64_t first, uint64_t last) {
  bool is_ours = ((uint64_t)trace_fd >= first && (uint64_t)trace_fd <= last)
      || ((uint64_t)shared_fd >= first && (uint64_t)shared_fd <= last);
  if (!is_ours) {
    return;
  }
  pthread_mutex_lock(&descriptor_lock);
  step_aside(&trace_fd, first, last);
  step_aside(&shared_fd, first, last);
  if (trace_fd >= 0 && shared_fd >= 0) {
    pthread_mutex_unlock(&descriptor_lock);
  } else {
    must_reopen = true; /* the lock is kept: nobody may write in between */
  }
}

void capture_after_close(void) {
  if (!must_reopen) {
    return;
  }
  must_reopen = false;
  if ((trace_fd < 0 && !open_trace(-1)) || (shared_fd < 0 && !open_shared(-1))) {
    capture_log("process %d closed all descriptors and cannot open the trace again: %m", getpid());
    is_cut_off = true;
  }
  pthread_mutex_unlock(&descriptor_lock);
}
