package org.legosim.trace.synth;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.Sites;
import org.legosim.trace.format.BlockEncoder;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * The process that every synthetic trace begins with, its threads' lives as pthread_create and pthread_join leave them in a
 * trace, and its accesses. Data regions begin at multiples of 2 MiB from 4 GiB on.
 */
final class Scene {
  static final int PID = 1000;
  static final long DATA = 1L << 32;
  static final int ACCESS_BYTES = 8;
  static final int PAGE_SHIFT = Ltrace.PAGE_SHIFT;

  static final long MMAP = 9;
  static final long MUNMAP = 11;
  static final long MREMAP = 25;
  static final long CLONE = 56;
  static final long WAIT4 = 61;
  static final long FUTEX = 202;
  static final long EXIT_GROUP = 231;
  static final long FUTEX_WAIT_PRIVATE = 128;
  static final long FUTEX_WAKE_PRIVATE = 129;

  private static final long EXIT = 60;
  private static final long FUTEX_WAIT = 0;
  /** What pthread_create passes: VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID. */
  private static final long THREAD_FLAGS = 0x3d0f00;

  private static final long CODE = 0x400000;
  private static final long CONTROL = 0x500000;
  private static final long CONTROL_BYTES = 0x10000;
  private static final long REGION_ALIGNMENT = 2L << 20;
  private static final long LAST_DATA = 1L << 46;
  private static final int RAX = 0;
  private static final int RBX = 3;
  private static final int SITE_BYTES = 16;
  private static final long FROM_BASE = BlockEncoder.registersOf(1 << RBX, RAX);
  private static final long FROM_LOADED = BlockEncoder.registersOf(1 << RAX, RAX);
  private static final long TO_BASE = BlockEncoder.registersOf(1 << RBX, Sites.NO_REGISTER);

  private final LtraceWriter writer;
  private final int instructions;
  private final List<ThreadWriter> threads = new ArrayList<>();

  Scene(LtraceWriter writer, SynthOptions options) {
    this.writer = writer;
    this.instructions = options.instructions();
  }

  /** Bytes from one region of that many pages to the next. */
  static long regionBytes(long pages) {
    long bytes = pages << PAGE_SHIFT;
    return (bytes + REGION_ALIGNMENT - 1) / REGION_ALIGNMENT * REGION_ALIGNMENT;
  }

  /** Regions side by side, as mappings. */
  static List<Mapping> regions(int count, long pages) {
    List<Mapping> regions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = DATA + i * regionBytes(pages);
      regions.add(new Mapping(start, start + (pages << PAGE_SHIFT), "rw-p", 0, "[anon]"));
    }
    return regions;
  }

  static void requireRoom(long bytes) {
    if (bytes > LAST_DATA - DATA) {
      throw new ConfigException("--pages times --threads: " + bytes
          + " bytes do not fit into an address space; give fewer of either");
    }
  }

  /** The process begins, with its first thread. */
  void begin(String kind, List<Mapping> data) {
    writer.process(new ProcessBlock(PID, PID, 0, kind, List.of("synth", kind)));
    List<Mapping> mappings = new ArrayList<>();
    mappings.add(new Mapping(CODE, CODE + Ltrace.PAGE_BYTES, "r-xp", 0, "[anon]"));
    mappings.add(new Mapping(CONTROL, CONTROL + CONTROL_BYTES, "rw-p", 0, "[anon]"));
    mappings.addAll(data);
    writer.image(PID, new ImageBlock(PID, 0, mappings));
    threads.add(writer.thread(PID, PID));
  }

  /** The first thread makes the others. */
  void startThreads(int count) {
    ThreadWriter first = threads.get(0);
    for (int i = 1; i < count; i++) {
      long word = joinWord(i);
      enter(first, CLONE, THREAD_FLAGS, 0, word, word, 0);
      first.syscallReturn(PID + i, List.of());
      threads.add(writer.thread(PID, PID + i));
    }
  }

  ThreadWriter thread(int index) {
    return threads.get(index);
  }

  /** The first thread waits for each other thread's end; then the process ends. */
  void finish() {
    ThreadWriter first = threads.get(0);
    for (int i = 1; i < threads.size(); i++) {
      enter(first, FUTEX, joinWord(i), FUTEX_WAIT, PID + i, 0);
      ThreadWriter other = threads.get(i);
      enter(other, EXIT, 0);
      other.exit();
      first.syscallReturn(0, List.of());
    }
    exitGroup(first);
  }

  void exitGroup(ThreadWriter out) {
    enter(out, EXIT_GROUP, 0);
    out.exit();
  }

  void enter(ThreadWriter out, long number, long... arguments) {
    out.syscallEnter(1, number, arguments, arguments.length, List.of());
  }

  /** A word that all threads wait at. */
  static long barrierWord() {
    return CONTROL + CONTROL_BYTES - Long.BYTES;
  }

  /** The kernel clears it, and wakes who waits there, when the thread ends. */
  private static long joinWord(int thread) {
    return CONTROL + (long) thread * Long.BYTES;
  }

  /** @param site number of the instruction within the program, so that sites differ */
  void load(ThreadWriter out, long address, int site) {
    access(out, AccessKind.LOAD, address, site, FROM_BASE);
  }

  /** A load whose address the load before it returned. */
  void loadPointer(ThreadWriter out, long address, int site) {
    access(out, AccessKind.LOAD, address, site, FROM_LOADED);
  }

  void store(ThreadWriter out, long address, int site) {
    access(out, AccessKind.STORE, address, site, TO_BASE);
  }

  void atomic(ThreadWriter out, long address, int site) {
    access(out, AccessKind.ATOMIC, address, site, FROM_BASE);
  }

  private void access(ThreadWriter out, int kind, long address, int site, long registers) {
    out.access(
        AccessBatch.shapeOf(kind, ACCESS_BYTES),
        address,
        instructions,
        CODE + (long) site * SITE_BYTES,
        registers);
  }
}
