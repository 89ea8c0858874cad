package org.legosim.trace.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.legosim.timing.OutputException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.Sites;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.format.BlockDecoder;
import org.legosim.trace.format.CanonicalReader;
import org.legosim.trace.format.GuestText;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.ThreadBlocks;
import org.legosim.trace.format.ThreadReader;

/** Writes the text form in the canonical order and layout: reading it back gives the same trace digest. */
public final class TextWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final String KEYS = "ILSA";
  private static final int SMALL = 1 << 16;
  private static final int FLUSH_CHARS = 1 << 16;

  private final ScannedTrace trace;
  private final CanonicalReader reader;
  private final OutputStream out;
  private final StringBuilder text = new StringBuilder(2 * FLUSH_CHARS);
  private final Map<Integer, ProcessBlock> processes = new HashMap<>();
  private final Map<Long, ImageBlock> images = new HashMap<>();
  private final Map<Integer, Integer> imageOfProcess = new HashMap<>();
  private final Set<Integer> begun = new HashSet<>();
  private final AccessBatch batch = new AccessBatch();
  private int currentThread = -1;
  private int currentPid = -1;

  private TextWriter(ScannedTrace trace, CanonicalReader reader, OutputStream out) {
    this.trace = trace;
    this.reader = reader;
    this.out = out;
    trace.processes().forEach(process -> processes.put(process.pid(), process));
    trace.images().forEach(image -> images.put(key(image.pid(), image.image()), image));
  }

  /**
   * Writes a whole trace.
   *
   * @param outName of the output, for messages
   * @param limit records to write at most
   */
  public static void write(
      FileChannel channel,
      String name,
      ScannedTrace trace,
      OutputStream out,
      String outName,
      long limit) {
    try (CanonicalReader reader = new CanonicalReader(channel, name, trace.threads())) {
      new TextWriter(trace, reader, out).write(limit);
    } catch (IOException e) {
      throw new OutputException(outName + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes an open trace.
   *
   * @param outName of the output, for messages
   * @param limit records to write at most
   */
  public static void write(LtraceFile trace, OutputStream out, String outName, long limit) {
    ScannedTrace scanned = trace.scan();
    try (CanonicalReader reader = trace.records(scanned)) {
      new TextWriter(scanned, reader, out).write(limit);
    } catch (IOException e) {
      throw new OutputException(outName + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private void write(long limit) throws IOException {
    text.append(TextReader.MAGIC).append(" 1");
    if (trace.header().areInstructionsAssumed()) {
      text.append(' ').append(TextReader.ASSUMED);
    }
    text.append('\n');
    long left = limit;
    for (int kind = reader.next(batch);
        kind != AccessSource.END && left > 0;
        kind = reader.next(batch)) {
      if (kind == ThreadReader.ORDER) {
        continue;
      }
      switchTo(reader.thread());
      if (kind == AccessSource.EVENT) {
        writeEvent();
        left--;
      } else {
        int count = (int) Math.min(left, batch.count);
        writeAccesses(count);
        left -= count;
      }
      flush(FLUSH_CHARS);
    }
    if (left > 0) {
      for (ProcessBlock process : trace.processes()) {
        if (!begun.contains(process.pid())) {
          begin(process);
        }
      }
    }
    flush(0);
    out.flush();
  }

  private void switchTo(int thread) {
    if (thread == currentThread) {
      return;
    }
    currentThread = thread;
    ThreadBlocks blocks = trace.threads().get(thread);
    int pid = blocks.pid();
    if (pid != currentPid) {
      currentPid = pid;
      if (begun.contains(pid)) {
        text.append("P ").append(pid).append('\n');
      } else {
        begin(processes.getOrDefault(pid, ProcessBlock.unnamed(pid)));
      }
    }
    text.append("T ").append(blocks.tid()).append('\n');
  }

  private void begin(ProcessBlock process) {
    begun.add(process.pid());
    text.append("P ")
        .append(process.pid())
        .append(' ')
        .append(process.parentPid())
        .append(' ');
    putString(process.name());
    putStrings(process.arguments());
    text.append('\n');
    putImage(process.pid());
  }

  private void putImage(int pid) {
    ImageBlock image = images.get(key(pid, imageOfProcess.getOrDefault(pid, 0)));
    if (image == null) {
      return;
    }
    for (Mapping mapping : image.mappings()) {
      text.append("M ");
      putHex(mapping.start());
      text.append(' ');
      putHex(mapping.end());
      text.append(' ').append(mapping.protection()).append(' ');
      putNumber(mapping.fileOffset());
      text.append(' ');
      if (isBracketed(mapping.name())) {
        text.append(mapping.name());
      } else {
        putString(mapping.name());
      }
      text.append('\n');
    }
  }

  /** Whether a mapping's name is one of the kernel's, such as {@code [stack]}, which need no quotes. */
  private static boolean isBracketed(String name) {
    int end = name.length() - 1;
    return end > 1
        && name.charAt(0) == '['
        && name.charAt(end) == ']'
        && name.substring(1, end).chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
  }

  private void writeAccesses(int count) {
    BlockDecoder sites = reader.reader().sites();
    for (int i = 0; i < count; i++) {
      int shape = batch.shape[i];
      text.append(KEYS.charAt(AccessBatch.kindOf(shape))).append(' ');
      putHex(batch.address[i]);
      text.append(' ').append(AccessBatch.bytesOf(shape)).append(' ').append(batch.instructions[i]);
      putSite(sites, batch.site[i]);
      text.append('\n');
    }
  }

  private void putSite(BlockDecoder sites, int site) {
    boolean isPcKnown = sites.isPcKnown(site);
    boolean areRegistersKnown = sites.areRegistersKnown(site);
    if (!isPcKnown && !areRegistersKnown) {
      return;
    }
    text.append(" @");
    if (isPcKnown) {
      putHex(sites.programCounter(site));
    } else {
      text.append('?');
    }
    if (areRegistersKnown) {
      putRegisters(sites.addressRegisters(site), sites.definedRegister(site));
    }
  }

  private void putRegisters(int set, int defined) {
    text.append(':');
    if (set == 0 && defined == Sites.NO_REGISTER) {
      text.append('-');
    }
    for (int rest = set; rest != 0; rest &= rest - 1) {
      if (rest != set) {
        text.append('+');
      }
      text.append(Integer.numberOfTrailingZeros(rest));
    }
    if (defined != Sites.NO_REGISTER) {
      text.append('>').append(defined);
    }
  }

  private void writeEvent() {
    switch (batch.eventKind) {
      case SYSCALL_ENTER -> {
        text.append("> ").append(batch.eventInstructions).append(' ').append(batch.eventNumber);
        for (int i = 0; i < reader.reader().argumentCount(); i++) {
          text.append(' ');
          putNumber(batch.eventArguments[i]);
        }
        putStrings(List.of(batch.eventStrings));
      }
      case SYSCALL_RETURN -> {
        text.append("< ");
        putNumber(batch.eventResult);
        putStrings(List.of(batch.eventStrings));
      }
      case SIGNAL -> text.append("! signal ").append(batch.eventNumber);
      case MARK -> {
        text.append("! mark ");
        putString(batch.eventStrings[0]);
      }
      case EXIT -> {
        text.append("! exit");
        // A thread that follows with the same tid is another one and is named again.
        currentThread = -1;
      }
      case EXEC -> text.append("! exec");
    }
    text.append('\n');
    if (batch.eventKind == EventKind.EXEC) {
      imageOfProcess.merge(currentPid, 1, Integer::sum);
      putImage(currentPid);
    }
  }

  /** Small numbers in decimal, others as 64 bits in hexadecimal. */
  private void putNumber(long value) {
    if (value >= -SMALL && value < SMALL) {
      text.append(value);
    } else {
      putHex(value);
    }
  }

  private void putHex(long value) {
    text.append("0x");
    int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
    for (int i = 4 * (digits - 1); i >= 0; i -= 4) {
      text.append(HEX[(int) (value >>> i) & 0xf]);
    }
  }

  private void putStrings(List<String> strings) {
    if (strings.isEmpty()) {
      return;
    }
    text.append(" [");
    for (int i = 0; i < strings.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      putString(strings.get(i));
    }
    text.append(']');
  }

  private void putString(String value) {
    text.append('"');
    for (byte b : GuestText.encode(value)) {
      if (b == '"' || b == '\\') {
        text.append('\\').append((char) b);
      } else if (b >= ' ' && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append("\\x").append(HEX[b >> 4 & 0xf]).append(HEX[b & 0xf]);
      }
    }
    text.append('"');
  }

  private void flush(int above) throws IOException {
    if (text.length() > above) {
      out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
      text.setLength(0);
    }
  }

  private static long key(int pid, int image) {
    return (long) pid << Integer.SIZE | image;
  }
}
