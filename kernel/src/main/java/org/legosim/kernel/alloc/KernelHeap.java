package org.legosim.kernel.alloc;

import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.results.ProfilePoint;

/**
 * A node's kernel memory: pages by order, small objects by size, and what is in them. Takes no simulated
 * time: the costs of what allocates contain that.
 *
 * <p>kmalloc puts a header of 8 bytes with the size before the object, so an object is aligned to 8 bytes
 * and no more; from 4088 bytes on it takes whole pages and keeps their order in {@code page->private},
 * for kfree. An order of 0 need not be kept: it is what the buddy leaves there.
 */
public final class KernelHeap {
  /** Objects of this size and more get whole pages. */
  public static final int WHOLE_PAGES_BYTES = 4088;

  /** kmalloc's header and alignment. */
  public static final int HEADER_BYTES = 8;

  private static final long DIRECT_MAP = 0xffff880000000000L;
  /** Below are the kernel's image and what was taken before the allocators work. */
  private static final long FIRST_BYTES = 1L << 30;

  private static final int PAGES_MAX = 1 << 20;

  private final KernelContents contents = new KernelContents(DIRECT_MAP + FIRST_BYTES);
  private final AllocParams params;
  private final Buddy buddy;
  private final Slob slob;
  private final Profile.Counter kmallocs;

  /** Of no node, for tests. */
  public KernelHeap(String memory, AllocParams params, AllocDefects defects) {
    this(memory, params, defects, new Profile(null));
  }

  /**
   * @param memory the node that has it; names it in messages
   * @param profile counts its allocations
   */
  public KernelHeap(String memory, AllocParams params, AllocDefects defects, Profile profile) {
    this.params = params;
    this.kmallocs = profile.counter(memory, ProfilePoint.DO_KMALLOC_NODE);
    this.buddy = new Buddy(memory, PAGES_MAX, defects, contents);
    this.slob = new Slob(buddy, contents, params.pages() == AllocParams.Contents.ZEROED);
  }

  /** Address of a new object that holds what was there before. */
  public long kmalloc(int bytes, String owner) {
    kmallocs.counted();
    if (bytes <= 0) {
      throw new ModelException("kmalloc of " + bytes + " bytes for " + owner);
    }
    long address;
    if (bytes < WHOLE_PAGES_BYTES) {
      long header = slob.allocate(bytes + HEADER_BYTES, HEADER_BYTES);
      contents.write(header, bytes);
      address = header + HEADER_BYTES;
    } else {
      int order = orderOf(bytes);
      address = pages(order, owner);
      if (order > 0) {
        buddy.setPagePrivate(contents.pageOf(address), order);
      }
    }
    if (params.kmalloc() == AllocParams.Contents.ZEROED) {
      contents.clear(address, bytes);
    }
    return address;
  }

  /** The same, zeroed. */
  public long kzalloc(int bytes, String owner) {
    long address = kmalloc(bytes, owner);
    contents.clear(address, bytes);
    return address;
  }

  /** Gives an object back that {@link #kmalloc} made. */
  public void kfree(long address) {
    if (params.kfree() == AllocParams.Freeing.NOTHING) {
      return;
    }
    int page = contents.pageOf(address);
    if (slob.holds(page)) {
      long header = address - HEADER_BYTES;
      slob.free(header, (int) contents.read(header) + HEADER_BYTES);
    } else {
      buddy.free(page, buddy.pagePrivate(page));
    }
  }

  /** Address of 2^order pages. */
  public long pages(int order, String owner) {
    long address = contents.addressOf(buddy.allocate(order, owner));
    if (params.pages() == AllocParams.Contents.ZEROED) {
      contents.clear(address, (long) KernelContents.PAGE_BYTES << order);
    }
    return address;
  }

  /** Gives pages back that {@link #pages} made. */
  public void freePages(long address, int order) {
    buddy.free(contents.pageOf(address), order);
  }

  /** The order of the block that {@code bytes} need. */
  public static int orderOf(long bytes) {
    long pages = (bytes + KernelContents.PAGE_BYTES - 1) / KernelContents.PAGE_BYTES;
    return Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
  }

  /** The word of 8 bytes at {@code address}. */
  public long read(long address) {
    return contents.read(address);
  }

  public void write(long address, long value) {
    contents.write(address, value);
  }

  /** An ASCII text with a zero behind it. */
  public void writeText(long address, String text) {
    contents.writeText(address, text);
  }

  /** Pages that somebody has. */
  public long pagesOwned() {
    return buddy.owners().pagesOwned();
  }
}
