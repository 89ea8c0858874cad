package org.legosim.trace.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;
import org.legosim.trace.TracePacker;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.pack.TraceIndex;

/**
 * Captures one run of an unmodified program, with its threads and with the processes it forks and executes.
 *
 * <p>The program reads this process's standard input and writes to its standard output and error, as it would
 * without a capture. While it runs, blocks are appended to {@code OUT.partial}; afterwards they are packed and
 * renamed to {@code OUT}. An interrupted capture leaves {@code OUT.partial}, which {@code trace pack} can read.
 */
public final class Capture {
  /**
   * What came of it.
   *
   * @param exitCode of the program; 128 + n when a signal n ended it
   * @param capturedBytes before packer
   * @param index of the packed trace; none when it was streamed
   */
  public record Outcome(int exitCode, long capturedBytes, Optional<TraceIndex> index) {}

  private static final long POLL_MS = 50;
  private static final int SHARED_BYTES = 4096;

  /** In the page that the plugin's processes share: bytes of the trace that end with a whole block. */
  private static final int AT_COMPLETE_BYTES = 72;

  private final Toolchain tools;
  private final Path plugin;
  private final TracePacker packer;
  private final Consumer<String> notes;

  private Capture(Toolchain tools, Path plugin, TracePacker packer, Consumer<String> notes) {
    this.tools = tools;
    this.plugin = plugin;
    this.packer = packer;
    this.notes = notes;
  }

  /**
   * Finds what a capture needs and builds the plugin if it is not in the cache.
   *
   * @param notes takes lines for the user
   * @throws TraceException when QEMU or the compiler is missing
   */
  public static Capture prepare(TracePacker packer, Consumer<String> notes) {
    return prepare(packer, notes, searchPath(), PluginBuilder.defaultCache());
  }

  static Capture prepare(
      TracePacker packer, Consumer<String> notes, String searchPath, Path cache) {
    Toolchain tools = Toolchain.find(searchPath);
    return new Capture(tools, new PluginBuilder(tools, cache).build(), packer, notes);
  }

  static String searchPath() {
    String path = System.getenv("PATH");
    return path == null ? "" : path;
  }

  /** Runs the program to its end, and waits for the processes it left behind. */
  public Outcome run(CaptureRequest request) {
    ProgramFile program = ProgramFile.find(request.command(), searchPath());
    String start = startOf(request, program);
    try {
      Path work = Files.createTempDirectory("legosim-capture");
      try {
        return request.output().isPresent()
            ? intoFile(request, program, start, work, request.output().get())
            : new StreamedCapture(this, work).run(request, program, start);
      } finally {
        PluginBuilder.deleteTree(work);
      }
    } catch (IOException e) {
      throw new OutputException("the capture failed: " + e.getMessage(), e);
    }
  }

  private static String startOf(CaptureRequest request, ProgramFile program) {
    String from = request.from();
    boolean isPlace =
        from.equals(CaptureRequest.FROM_START) || from.equals(CaptureRequest.FROM_ENTRY);
    return isPlace ? from : "0x" + Long.toHexString(ElfSymbols.address(program.path(), from));
  }

  private Outcome intoFile(
      CaptureRequest request, ProgramFile program, String start, Path work, Path output)
      throws IOException {
    Path target = output.toAbsolutePath();
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    startTrace(partial, request, program);
    QemuCommand.SharedFiles files = files(partial, work);
    Process process = launch(request, program, start, files, false);
    InterruptedCapture onInterrupt = InterruptedCapture.watch(process, partial, notes);
    try {
      int exitCode = waitFor(process);
      onInterrupt.awaitInterruptAfter(exitCode);
      waitForOthers(files.shared());
      forwardLog(files.log());
      cutOffUnfinished(partial, files.shared());
      requireRecords(partial, exitCode, program);
      long capturedBytes = Files.size(partial);
      TraceIndex index = packer.pack(partial, target);
      Files.delete(partial);
      return new Outcome(exitCode, capturedBytes, Optional.of(index));
    } finally {
      onInterrupt.stop();
    }
  }

  QemuCommand.SharedFiles files(Path trace, Path work) throws IOException {
    Path shared = work.resolve("shared");
    Files.write(shared, new byte[SHARED_BYTES]);
    return new QemuCommand.SharedFiles(
        trace.toAbsolutePath(),
        shared.toAbsolutePath(),
        work.resolve("log").toAbsolutePath(),
        work);
  }

  Process launch(
      CaptureRequest request,
      ProgramFile program,
      String start,
      QemuCommand.SharedFiles files,
      boolean isOutputTaken)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder().inheritIO();
    List<String> command = new ArrayList<>();
    if (isOutputTaken) {
      // The trace has standard output to itself: what the program prints goes to standard error.
      command.addAll(List.of("sh", "-c", "exec \"$@\" >&2", "sh"));
    }
    if (request.processors() > 0) {
      command.addAll(Processors.shown(request.processors(), files.folder()));
    }
    command.addAll(
        QemuCommand.of(tools, plugin, files, request, start, program, builder.environment()));
    return builder.command(command).start();
  }

  /** Writes the file's header, and what is known before the program runs. */
  void startTrace(Path file, CaptureRequest request, ProgramFile program) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new OutputException(file + ": there is no folder " + folder + "; make it first");
    }
    try (FileChannel channel = FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
        LtraceWriter writer = new LtraceWriter(channel, file.toString(), header())) {
      writer.remark(remarks(request, program));
    } catch (IOException e) {
      throw new OutputException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static FileHeader header() {
    Instant now = Instant.now();
    long startNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return new FileHeader(false, false, Ltrace.ARCHITECTURE_X86_64, startNs);
  }

  private Map<String, String> remarks(CaptureRequest request, ProgramFile program) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", String.join(" ", request.command()));
    facts.put("program", program.path().toAbsolutePath().toString());
    facts.put("program sha256", FileDigest.of(program.path()));
    facts.put("working directory", Path.of("").toAbsolutePath().toString());
    facts.put("recorded from", request.from());
    if (request.mostAccesses() > 0) {
      facts.put("limit", String.format(Locale.ROOT, "%,d accesses", request.mostAccesses()));
    }
    if (request.processors() > 0) {
      facts.put("processors shown", Integer.toString(request.processors()));
    }
    facts.put("captured by", tools.qemuVersion());
    facts.put("host", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return facts;
  }

  static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new TraceException("the capture was interrupted", e);
    }
  }

  /** Every process of a capture holds a lock on the shared file, which ends with the last of them. */
  void waitForOthers(Path shared) throws IOException {
    boolean isTold = false;
    try (FileChannel channel = FileChannel.open(shared, StandardOpenOption.WRITE)) {
      for (long polls = 0; channel.tryLock() == null; polls++) {
        if (!isTold && polls * POLL_MS > TimeUnit.SECONDS.toMillis(1)) {
          isTold = true;
          notes.accept("the program has ended; waiting for processes that it left running");
        }
        sleep();
      }
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TraceException("the capture was interrupted", e);
    }
  }

  void forwardLog(Path log) throws IOException {
    if (Files.exists(log)) {
      Files.readString(log, StandardCharsets.ISO_8859_1)
          .lines()
          .forEach(line -> notes.accept("capture: " + line));
    }
  }

  /** A process that was killed while it wrote may have left a piece of a block as the last thing in the file. */
  private void cutOffUnfinished(Path partial, Path shared) throws IOException {
    ByteBuffer page = ByteBuffer.wrap(Files.readAllBytes(shared)).order(ByteOrder.LITTLE_ENDIAN);
    long completeBytes = page.getLong(AT_COMPLETE_BYTES);
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      if (completeBytes > 0 && channel.size() > completeBytes) {
        channel.truncate(completeBytes);
        notes.accept("capture: a block that a killed process had not finished was cut off");
      }
    }
  }

  private static void requireRecords(Path partial, int exitCode, ProgramFile program)
      throws IOException {
    try (FileChannel channel = FileChannel.open(partial)) {
      if (!FirstRecords.isIn(channel)) {
        throw new TraceException(program.path() + ": ended with exit code " + exitCode
            + " before anything was recorded; does recording begin at a place that it reaches?");
      }
    } catch (TraceException e) {
      Files.delete(partial);
      throw e;
    }
  }
}
