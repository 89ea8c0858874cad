package org.legosim.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.TraceScanner;
import org.legosim.trace.text.TextReader;
import org.legosim.trace.text.TextWriter;

/** Small traces for tests, as files, as text, and at random. */
public final class TestTraces {
  private TestTraces() {}

  /** The seed of this run: {@code -Dtest.seed=}, or the clock. Printed, so that a failure can be repeated. */
  public static long seed(String test) {
    String given = System.getProperty("test.seed");
    long seed = given == null ? System.nanoTime() : Long.decode(given);
    System.out.println(test + ": -Dtest.seed=" + seed);
    return seed;
  }

  /** Writes a capture: unpacked, without an index. */
  public static Path capture(Path file, Consumer<LtraceWriter> content) {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        LtraceWriter writer =
            new LtraceWriter(channel, file.toString(), new FileHeader(false, false, 62, 0))) {
      content.accept(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Converts text to a capture. */
  public static Path fromText(Path file, String text) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      new TextReader()
          .convert(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              file.getFileName() + ".txt",
              header -> new LtraceWriter(channel, file.toString(), header));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Converts a capture to text. */
  public static String toText(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      ScannedTrace scanned = TraceScanner.scan(channel, file.toString(), false);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      TextWriter.write(channel, file.toString(), scanned, out, "text", Long.MAX_VALUE);
      return out.toString(StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A random text in canonical layout, with every kind of line. */
  public static String randomText(Random random, int lines) {
    return new RandomText(random).text(lines);
  }

  private static final class RandomText {
    private record Name(int pid, int tid) {}

    private final Random random;
    private final StringBuilder out = new StringBuilder("legosim-text 1\n");
    private final List<Name> threads = new ArrayList<>();
    private final List<Integer> processes = new ArrayList<>();
    private int nextId = 100;
    private int currentPid;

    RandomText(Random random) {
      this.random = random;
    }

    String text(int lines) {
      addProcess(0);
      while (out.chars().filter(c -> c == '\n').count() < lines) {
        run();
      }
      return out.toString();
    }

    private void addProcess(int parent) {
      int pid = nextId++;
      processes.add(pid);
      currentPid = pid;
      String arguments = random.nextBoolean() ? "" : " [\"a\\x00\\xffb\",\"\\\"\\\\\"]";
      out.append("P ")
          .append(pid)
          .append(' ')
          .append(parent)
          .append(" \"pr\\xc3\\xa9 ")
          .append(pid)
          .append('"');
      out.append(arguments).append('\n');
      mappings();
      threads.add(new Name(pid, pid));
      lastRun = null;
      runOf(threads.get(threads.size() - 1));
    }

    private void mappings() {
      long at = 0x400000;
      for (int i = random.nextInt(3); i > 0; i--) {
        long end = at + 0x1000L * (1 + random.nextInt(5));
        String name = Arrays.asList("[anon]", "\"/bin/x y\"", "[stack]").get(random.nextInt(3));
        out.append("M 0x%x 0x%x r-xp %d %s\n".formatted(at, end, random.nextInt(3) * 4096, name));
        at = end + 0x1000L * random.nextInt(2);
      }
    }

    private Name lastRun;

    private void run() {
      int choice = random.nextInt(12);
      if (choice == 0) {
        addProcess(processes.get(random.nextInt(processes.size())));
        return;
      }
      if (choice == 1) {
        Name of = threads.get(random.nextInt(threads.size()));
        Name added = new Name(of.pid(), nextId++);
        threads.add(added);
        runOf(added);
        return;
      }
      Name next = threads.get(random.nextInt(threads.size()));
      if (!next.equals(lastRun)) {
        runOf(next);
      }
    }

    private void runOf(Name thread) {
      if (currentPid != thread.pid()) {
        out.append("P ").append(thread.pid()).append('\n');
        currentPid = thread.pid();
      }
      out.append("T ").append(thread.tid()).append('\n');
      lastRun = thread;
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        record();
      }
    }

    private void record() {
      int choice = random.nextInt(30);
      switch (choice) {
        case 0 -> out.append("! mark \"m\\x0a%d\"\n".formatted(random.nextInt(9)));
        case 1 -> out.append("! signal %d\n".formatted(random.nextInt(64)));
        case 2 -> {
          out.append("! exec\n");
          mappings();
        }
        case 3, 4 ->
          out.append("> %d %d%s%s\n"
              .formatted(
                  random.nextInt(500),
                  random.nextInt(330),
                  arguments(),
                  random.nextBoolean() ? "" : " [\"/etc\",\"\"]"));
        case 5, 6 ->
          out.append("< %s%s\n".formatted(value(), random.nextInt(4) > 0 ? "" : " [\"3\",\"4\"]"));
        default -> {
          char kind = "LSLSLAI".charAt(random.nextInt(7));
          long address = 0x7f0000000000L + random.nextInt(1 << random.nextInt(30));
          out.append("%c 0x%x %d %d%s\n"
              .formatted(
                  kind,
                  random.nextInt(50) == 0 ? random.nextLong() : address,
                  1 << random.nextInt(7),
                  count(),
                  site()));
        }
      }
    }

    private long count() {
      return random.nextInt(1000) == 0 ? Integer.MAX_VALUE : random.nextInt(1 << random.nextInt(8));
    }

    private String arguments() {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(7); i > 0; i--) {
        text.append(' ').append(value());
      }
      return text.toString();
    }

    private String value() {
      return switch (random.nextInt(4)) {
        case 0 -> "0";
        case 1 -> "-" + (1 + random.nextInt(1 << 16));
        case 2 -> "0x%x".formatted((1L << 16) + random.nextInt(1 << 30));
        default -> "0x%x".formatted(random.nextLong() | 1L << 62);
      };
    }

    private String site() {
      String registers = List.of("", ":-", ":3", ":3+5>0", ":>7").get(random.nextInt(5));
      return switch (random.nextInt(4)) {
        case 0 -> "";
        case 1 -> registers.isEmpty() ? "" : " @?" + registers;
        default -> " @0x%x%s".formatted(0x401000 + random.nextInt(40), registers);
      };
    }
  }
}
