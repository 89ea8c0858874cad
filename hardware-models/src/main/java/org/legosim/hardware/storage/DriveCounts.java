package org.legosim.hardware.storage;

/** What a drive has done. */
public final class DriveCounts {
  long reads;
  long writes;
  long flushes;
  long readBytes;
  long writtenBytes;
  long flashReads;
  long pagesFromBuffer;

  DriveCounts() {}

  public long reads() {
    return reads;
  }

  public long writes() {
    return writes;
  }

  public long flushes() {
    return flushes;
  }

  public long readBytes() {
    return readBytes;
  }

  public long writtenBytes() {
    return writtenBytes;
  }

  /** Pages that dies read, those read ahead included. */
  public long flashReads() {
    return flashReads;
  }

  /** Pages of reads that were in the drive's buffer, or on their way there. */
  public long pagesFromBuffer() {
    return pagesFromBuffer;
  }
}
