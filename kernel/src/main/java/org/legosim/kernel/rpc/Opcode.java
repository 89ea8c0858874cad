package org.legosim.kernel.rpc;

/**
 * Operations between nodes with the sizes of their fixed parts. A message starts with a 16-byte
 * header (operation, source node, length); FIT adds its own 32 bytes.
 *
 * <p>Source: LegoOS {@code include/lego/rpc/opcode.h} and {@code struct_*.h}.
 */
public enum Opcode {
  PCACHE_MISS(0x20000000, 40, 4096),
  PCACHE_FLUSH(0x30000000, 4128, 4),
  PCACHE_ZEROFILL(0x30000002, 40, 4),
  MMAP(9, 320, 16),
  MPROTECT(10, 40, 4),
  MUNMAP(11, 40, 4),
  BRK(12, 32, 8),
  MREMAP(25, 64, 16),
  MSYNC(26, 48, 4),
  FORK(57, 48, 8),
  EXECVE(59, 288, 24),
  READ(0, 320, 8),
  WRITE(1, 320, 8),
  OPEN(2, 272, 4),
  STAT(4, 272, 152),
  /** About files that the memory node keeps data of. */
  FSYNC(74, 280, 4),
  LSEEK(8, 280, 8),
  /** Of a processor node to a storage node: operation, path, arguments; FIT's header is all else. */
  ACCESS(21, 264, 4),
  TRUNCATE(76, 268, 4),
  GETDENTS(78, 276, 8),
  RENAME(82, 516, 4),
  MKDIR(83, 264, 4),
  RMDIR(84, 260, 4),
  UNLINK(87, 260, 4),
  READLINK(89, 264, 8),
  STATFS(137, 260, 124),
  /** Of a memory node to a storage node, for a file's path. */
  M2S_READ(0, 284, 8),
  M2S_WRITE(1, 284, 8),
  M2S_LSEEK(8, 284, 8),
  /** A batch of lines that a second memory node kept; the lines come on top. */
  M2S_REPLICA_FLUSH(0x60000001, 16, 4),
  /** What a call did to the areas of a process. */
  M2S_REPLICA_VMA(0x60000002, 64, 4),
  /** A flushed line for a second memory node, one way. */
  PCACHE_REPLICA(0x30000001, 4144, 0),
  /** Between memory nodes: a part of a mapping. Sizes of these are those of the processor's calls. */
  M2M_MMAP(0x40000001, 320, 16),
  M2M_MUNMAP(0x40000002, 40, 4),
  M2M_MREMAP_GROW(0x40000003, 64, 16),
  M2M_MREMAP_MOVE(0x40000004, 64, 16),
  /** Pages leave a node, in the reply, or arrive at one, in the request. */
  M2M_MREMAP_MOVE_SPLIT(0x40000005, 64, 16),
  M2M_FORK(0x40000008, 48, 8),
  /** A memory node asks the monitor where a new mapping goes: header, process, length; a node. */
  M2MM_CONSULT(0x50000003, 32, 8),
  /** A memory node tells the monitor its memory, what is free of it, and the requests it had. */
  M2MM_STATUS_REPORT(0x50000004, 40, 4),
  /** The profiling echo: sizes are the caller's. */
  TEST(0x0ffffff0, 24, 4);

  private final int code;
  private final int requestBytes;
  private final int replyBytes;

  Opcode(int code, int requestBytes, int replyBytes) {
    this.code = code;
    this.requestBytes = requestBytes;
    this.replyBytes = replyBytes;
  }

  /** True for what the home node of an address space asks of the nodes that own parts of it. */
  public boolean isBetweenMemoryNodes() {
    return code >>> 28 == 4;
  }

  public int code() {
    return code;
  }

  /** Bytes of the request, common header included, payload of variable length excluded. */
  public int requestBytes() {
    return requestBytes;
  }

  /** Bytes of a successful reply without its variable part. */
  public int replyBytes() {
    return replyBytes;
  }
}
