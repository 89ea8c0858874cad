package org.legosim.kernel.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of descriptors. It is keyed by the captured numbers, which the program uses; the kernel's own
 * table has {@value #SIZE} entries, so it is followed beyond its end to tell when the kernel would have
 * refused.
 */
public final class Descriptors {
  /** Entries of the kernel's table. */
  public static final int SIZE = 64;

  /** Numbers that are followed: as many as Linux allows a process by default. */
  public static final int FOLLOWED = 1024;

  private @Nullable OpenFile[] files = new OpenFile[8];
  private final BitSet closesOnExec = new BitSet();
  private final BitSet gone = new BitSet();
  private int open;
  private int users = 1;

  /** What a program that nobody forked begins with: an input that is invalid, and the console twice. */
  public static Descriptors initial() {
    Descriptors table = new Descriptors();
    table.put(0, OpenFile.of(FileKind.STDIN, "stdin"), false);
    OpenFile console = OpenFile.of(FileKind.CONSOLE, "console");
    table.put(1, console, false);
    table.put(2, console, false);
    return table;
  }

  /** The open file, or null; also for numbers that are not followed. */
  public @Nullable OpenFile at(long descriptor) {
    return descriptor >= 0 && descriptor < files.length ? files[(int) descriptor] : null;
  }

  /** True when the descriptor was closed; one that never appeared may come from before the trace. */
  public boolean isGone(long descriptor) {
    return descriptor >= 0 && descriptor < FOLLOWED && gone.get((int) descriptor);
  }

  /** Open descriptors. */
  public int open() {
    return open;
  }

  /** True when the kernel has no entry for one more descriptor. */
  public boolean isFull() {
    return open >= SIZE;
  }

  /** A descriptor appears, in place of the one that was there. */
  public void put(long descriptor, OpenFile file, boolean closingOnExec) {
    if (descriptor < 0 || descriptor >= FOLLOWED) {
      return;
    }
    int number = (int) descriptor;
    file.acquire();
    close(number);
    if (number >= files.length) {
      files = Arrays.copyOf(files, Math.min(FOLLOWED, Math.max(number + 1, 2 * files.length)));
    }
    files[number] = file;
    gone.clear(number);
    closesOnExec.set(number, closingOnExec);
    open++;
  }

  /** A descriptor goes; the file that it stood for, or null when there was none. */
  public @Nullable OpenFile close(long descriptor) {
    OpenFile file = at(descriptor);
    if (file != null) {
      files[(int) descriptor] = null;
      closesOnExec.clear((int) descriptor);
      gone.set((int) descriptor);
      open--;
      file.release();
    }
    return file;
  }

  /** Sets or clears close-on-exec of an open descriptor. */
  public void setClosingOnExec(long descriptor, boolean closes) {
    if (at(descriptor) != null) {
      closesOnExec.set((int) descriptor, closes);
    }
  }

  /** One more thread uses the table. */
  public Descriptors share() {
    users++;
    return this;
  }

  /** The table of a child that does not share. */
  public Descriptors copy() {
    Descriptors copy = new Descriptors();
    for (int number = 0; number < files.length; number++) {
      OpenFile file = files[number];
      if (file != null) {
        copy.put(number, file, closesOnExec.get(number));
      }
    }
    return copy;
  }

  /** A thread does not use the table any more; the files that went with its last user. */
  public List<OpenFile> release() {
    users--;
    return users == 0 ? closeAll(false) : List.of();
  }

  /** The table that a thread has after exec: its own, without what closes then. */
  public Descriptors exec(List<OpenFile> closed) {
    Descriptors own = this;
    if (users > 1) {
      users--;
      own = copy();
    }
    closed.addAll(own.closeAll(true));
    return own;
  }

  private List<OpenFile> closeAll(boolean onlyOnExec) {
    List<OpenFile> closed = new ArrayList<>();
    for (int number = 0; number < files.length; number++) {
      OpenFile file = files[number];
      if (file != null && (!onlyOnExec || closesOnExec.get(number))) {
        close(number);
        closed.add(file);
      }
    }
    return closed;
  }
}
