package org.legosim.kernel.check;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.pcache.LineContents;
import org.legosim.kernel.pcache.PcacheInspection;
import org.legosim.kernel.pcache.SharedPages;
import org.legosim.kernel.processor.AccessAudit;
import org.legosim.kernel.rpc.PageContent;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.trace.Mapping;

/**
 * The check that a program reads what was stored last, whatever way the page took since: pcache, victim
 * cache, a message with a dirty line, memory node, copy on write, mremap. Every store gives its page a
 * new number in a {@link ReferenceMemory} and in the line that the CPU's translation leads to; every
 * access compares the two.
 *
 * <p>Not judged: pages of shared mappings, which the real kernel does not keep one after a fork, and
 * what a fixed mmap leaves mapped in its range, as the real kernel does.
 */
public final class ContentOracle implements AccessAudit, SharedPages {
  /** The only size of a line that it can follow. */
  public static final long PAGE_BYTES = 4096;

  private static final long USER_END = 1L << 47;

  private final PcacheInspection pcache;
  private final LineContents lines;
  private final List<ReferenceMemory> spaces = new ArrayList<>();
  private long stores;
  private long forkStore;
  private long valuesRead;
  private long staleAccesses;

  public ContentOracle(PcacheInspection pcache) {
    this.pcache = pcache;
    this.lines = pcache.contents();
  }

  private ReferenceMemory space(int index) {
    while (spaces.size() <= index) {
      spaces.add(new ReferenceMemory());
    }
    return spaces.get(index);
  }

  @Override
  public void access(Access access) {
    ReferenceMemory.Cell cell = space(access.space).cell(access.address);
    int line = (int) access.frame;
    staleAccesses += pcache.isHeld(access.space, access.address, line) ? 0 : 1;
    long found = lines.of(line);
    if (cell.isOpen) {
      cell.isOpen = false;
      cell.content = found;
    }
    if (cell.bss != null && !cell.isUnjudged && !cell.bss.accepts(cell, access, found)) {
      throw new InvariantViolation(bssViolation(access));
    }
    if (found != cell.content && !cell.isUnjudged) {
      throw new InvariantViolation(violation(access, cell, found));
    }
    valuesRead = valuesRead * 31 + found;
    if (access.isStore) {
      cell.content = ++stores;
      cell.writerTid = access.tid;
      cell.writtenPs = access.timePs;
      lines.set(line, cell.content);
    }
  }

  @Override
  public long staleAccesses() {
    return staleAccesses;
  }

  /**
   * A number for all that programs have found, in order: of a program with one thread the same wherever
   * its memory lies.
   */
  public long valuesRead() {
    return valuesRead;
  }

  private String violation(Access access, ReferenceMemory.Cell cell, long found) {
    StringBuilder out = new StringBuilder("content: ");
    out.append(access.isStore ? "a store to" : "a load from")
        .append(" 0x")
        .append(Long.toHexString(access.address))
        .append(" by thread ")
        .append(access.tid)
        .append(" on CPU ")
        .append(access.cpu)
        .append(" at about ")
        .append(access.timePs)
        .append(" ps finds ")
        .append(found > stores ? "data that nobody stored" : PageContent.describe(found));
    describeOwner(out, access.space, found);
    if (!pcache.isHeld(access.space, access.address, (int) access.frame)) {
      out.append(", by a stale translation,");
    }
    out.append(" and not ").append(PageContent.describe(cell.content));
    if (cell.writerTid != 0) {
      out.append(", by thread ")
          .append(cell.writerTid)
          .append(" at about ")
          .append(cell.writtenPs)
          .append(" ps");
    }
    return out.append(". ")
        .append(pcache.describe(access.space, access.address, (int) access.frame))
        .toString();
  }

  private String bssViolation(Access access) {
    return "content: a load from 0x"
        + Long.toHexString(access.address)
        + " by thread "
        + access.tid
        + " on CPU "
        + access.cpu
        + " at about "
        + access.timePs
        + " ps finds bytes of the program's file and not zeroes: the address is in its bss, behind the data"
        + " in the file's last page. "
        + pcache.describe(access.space, access.address, (int) access.frame);
  }

  /** Whose data it is, when it is the newest of some page. */
  private void describeOwner(StringBuilder out, int space, long content) {
    if (content <= 0 || content > stores) {
      return;
    }
    for (int i = 0; i < spaces.size(); i++) {
      int index = i;
      boolean[] isFound = {false};
      spaces.get(i).visit(0, USER_END, (page, cell) -> {
        if (cell.content == content && !isFound[0]) {
          isFound[0] = true;
          out.append(", the data of page 0x")
              .append(Long.toHexString(page))
              .append(index == space ? "" : " of address space " + index);
        }
      });
      if (isFound[0]) {
        return;
      }
    }
    out.append(", which is older");
  }

  @Override
  public void image(int space, List<Mapping> mappings) {
    ReferenceMemory memory = space(space);
    memory.clear();
    for (Mapping mapping : mappings) {
      String protection = mapping.protection();
      memory.map(
          mapping.start() & -PAGE_BYTES,
          pageUp(mapping.end()),
          protection.length() > 3 && protection.charAt(3) == 's',
          mapping.isAnonymous() ? "" : mapping.name(),
          mapping.fileOffset(),
          mapping.hasBss() ? (int) (mapping.end() & (PAGE_BYTES - 1)) : 0);
    }
  }

  @Override
  public void mapped(
      int space, long start, long bytes, boolean isShared, String file, long offsetBytes) {
    ReferenceMemory memory = space(space);
    long end = start + pageUp(bytes);
    memory.drop(start, end, address -> pcache.isPresent(space, address));
    memory.map(start, end, isShared, file, offsetBytes, 0);
    if (!file.isEmpty()) {
      keepMarks(space, start, end);
    }
  }

  /** A file mapped over anonymous memory: the kernel leaves its marks, as it leaves its lines, and fills those pages with zeroes. */
  private void keepMarks(int space, long start, long end) {
    for (long address = start; address < end; address += PAGE_BYTES) {
      if (pcache.isMarked(space, address)) {
        space(space).put(address, new ReferenceMemory.Cell());
      }
    }
  }

  @Override
  public void unmapped(int space, long start, long bytes) {
    space(space).unmap(start, start + pageUp(bytes));
  }

  @Override
  public void moved(int space, long from, long oldBytes, long to, long newBytes) {
    space(space).move(from, pageUp(oldBytes), to, pageUp(newBytes));
  }

  @Override
  public void forkBegins(int parent) {
    forkStore = stores;
  }

  /** A page that the fork found in the pcache: the child has what the parent has at this moment. */
  @Override
  public void shared(int parent, int child, long address, boolean isCopied) {
    if (parent == child) {
      return;
    }
    ReferenceMemory.Cell cell = space(parent).cell(address);
    space(child).put(address, isCopied ? cell.copy() : cell);
  }

  @Override
  public void forkEnds(int parent, int child) {
    if (parent == child) {
      return;
    }
    ReferenceMemory copy = space(child);
    copy.inherit(space(parent));
    long before = forkStore;
    space(parent).visit(0, USER_END, (address, cell) -> {
      if (!copy.has(address)) {
        ReferenceMemory.Cell inherited = cell.copy();
        inherited.isOpen |= cell.content > before;
        copy.put(address, inherited);
      }
    });
  }

  @Override
  public void released(int space) {
    space(space).clear();
  }

  private static long pageUp(long bytes) {
    return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
  }
}
