package org.legosim.kernel.memory;

import java.util.List;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.trace.Mapping;

/**
 * Which requests need the storage node, and what they ask it for. Reads and writes are handed on; a
 * file's page that is touched for the first time is read; the loader opens the program and its
 * interpreter and reads their headers.
 *
 * <p>Source: LegoOS {@code managers/memory/m2s_read_write.c}, {@code handle_file.c}, {@code loader/}.
 */
final class FileRequests {
  /** What the loader reads of a program first. */
  private static final long HEADER_BYTES = 128;

  /** The program headers that follow: nine of 56 bytes. */
  private static final long PROGRAM_HEADERS_BYTES = 504;

  /** Copies of read data at a memory node that does not keep it: out of the reply, into the answer. */
  private static final int READ_COPIES = 2;

  /** What the storage node keeps of a change of areas. */
  private static final long AREA_CHANGE_BYTES = 48;

  private final MemoryNode node;
  private final ExecutionContext context;
  private final StoragePath path;

  FileRequests(MemoryNode node, ExecutionContext context) {
    this.node = node;
    this.context = context;
    this.path = new StoragePath(node, context);
  }

  StoragePath path() {
    return path;
  }

  /** True for a request about files that is answered without the semaphore of its address space. */
  boolean isForFiles(Request request) {
    return node.hasStorage()
        && switch (request.opcode) {
          case READ, WRITE, FSYNC, LSEEK, STAT, RENAME -> true;
          default -> false;
        };
  }

  /** True when the request cannot be answered without the storage node. Changes nothing. */
  boolean asksStorage(Request request) {
    if (!node.hasStorage()) {
      return false;
    }
    FilePages pages = node.storage().pages();
    return switch (request.opcode) {
      case READ, WRITE -> pages == null || !pages.hasAll(request);
      case FSYNC, LSEEK, STAT, RENAME, EXECVE -> true;
      case MMAP, MUNMAP, BRK, MREMAP -> node.storage().replicas() != null;
      default -> false;
    };
  }

  /** A line of another memory node: kept, or dropped; the time that takes. */
  long appendReplica(Request request) {
    ReplicaLogs replicas = node.hasStorage() ? node.storage().replicas() : null;
    if (replicas == null) {
      throw new ModelException(context.name() + " was sent a replica without replication");
    }
    return replicas.append(request, context);
  }

  /** Works out what a request asks of the storage node; false for nothing. */
  boolean plan(Rpc rpc) {
    Request request = rpc.request();
    path.begin(rpc);
    FilePages pages = node.storage().pages();
    switch (request.opcode) {
      case READ -> {
        if (pages == null) {
          path.add(Opcode.M2S_READ, request.text, offset(request), request.length, 0);
        } else {
          pages.use(request, false, path);
        }
      }
      case WRITE -> {
        if (pages == null) {
          path.add(Opcode.M2S_WRITE, request.text, offset(request), request.length, 0);
        } else {
          pages.use(request, true, path);
        }
      }
      case FSYNC -> {
        if (pages != null) {
          pages.sync(request.text, path);
        }
      }
      case LSEEK -> path.add(Opcode.M2S_LSEEK, request.text, 0, 0, 0);
      case STAT -> path.add(Opcode.STAT, request.text, 0, 0, 0);
      case RENAME -> {
        if (pages != null) {
          pages.rename(request.text, request.otherText);
        }
        path.addRename(request.text, request.otherText);
      }
      case EXECVE -> load(request);
      case MMAP, MUNMAP, BRK, MREMAP -> {
        String log = "areas of process " + request.tgid + " of node " + request.sourceNode;
        path.add(Opcode.M2S_REPLICA_VMA, log, 0, AREA_CHANGE_BYTES, 0);
      }
      default -> {
        // the others do not touch files, or only at a page
      }
    }
    return !path.isEmpty();
  }

  private static long offset(Request request) {
    return request.argument[Request.FILE_OFFSET];
  }

  private void load(Request request) {
    List<Mapping> mappings = node.stagedMappings(request.sourceNode, request.tgid);
    String program = "";
    String interpreter = "";
    for (Mapping mapping : mappings) {
      if (mapping.isAnonymous() || mapping.name().startsWith("[")) {
        continue;
      }
      if (program.isEmpty()) {
        program = mapping.name();
      } else if (interpreter.isEmpty() && !mapping.name().equals(program)) {
        interpreter = mapping.name();
      }
    }
    open(program);
    open(interpreter);
    for (Mapping mapping : mappings) {
      if (mapping.hasBss() && (mapping.end() & (PageTable.PAGE_BYTES - 1)) != 0) {
        // zeroing the rest of the page that the data ends in takes the page from the file first
        Area area = MappedImage.areaOf(mapping);
        long last = area.end() - PageTable.PAGE_BYTES;
        path.add(
            Opcode.M2S_READ,
            area.file(),
            area.offsetBytes() + last - area.start(),
            PageTable.PAGE_BYTES,
            0);
      }
    }
  }

  private void open(String file) {
    if (!file.isEmpty()) {
      path.add(Opcode.OPEN, file, 0, 0, 0);
      path.add(Opcode.M2S_READ, file, 0, HEADER_BYTES, 0);
      path.add(Opcode.M2S_READ, file, HEADER_BYTES, PROGRAM_HEADERS_BYTES, 0);
    }
  }

  /** Work of this node on data that was handed on, in picoseconds. */
  long copiesPs(Request request) {
    return switch (request.opcode) {
      case READ ->
        (node.storage().pages() == null ? READ_COPIES : 1) * node.copy.chargeBytes(request.length);
      case WRITE -> node.copy.chargeBytes(request.length);
      default -> 0;
    };
  }

  /** Counts a request that was answered by handing it on. */
  void answered(Request request) {
    switch (request.opcode) {
      case READ -> node.counters().reads++;
      case WRITE -> node.counters().writes++;
      default -> node.counters().others++;
    }
  }

  /** Works out which pages of files a miss touches for the first time; false for none. */
  boolean misses(Rpc rpc, AddressSpace space) {
    Request request = rpc.request();
    if (!node.hasStorage() || request.opcode != Opcode.PCACHE_MISS) {
      return false;
    }
    path.begin(rpc);
    if (request.length <= PageTable.PAGE_BYTES) {
      addMissing(space, request.address & -PageTable.PAGE_BYTES);
    } else {
      long line = request.address & -request.length;
      for (long page = line; page < line + request.length; page += PageTable.PAGE_BYTES) {
        if (LineBytes.in(page - line, request.sectors, request.sectorShift) > 0) {
          addMissing(space, page);
        }
      }
    }
    return !path.isEmpty();
  }

  private void addMissing(AddressSpace space, long page) {
    Area area = space.areas.find(page);
    if (area != null && !area.isAnonymous() && !space.isPresent(page)) {
      path.add(
          Opcode.M2S_READ,
          area.file(),
          area.offsetBytes() + page - area.start(),
          PageTable.PAGE_BYTES,
          0);
    }
  }
}
