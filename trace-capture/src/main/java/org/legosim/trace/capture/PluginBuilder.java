package org.legosim.trace.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;

/**
 * Builds the capture plugin from the sources in this jar, once per version of the sources, of QEMU and of
 * the compiler's options, into a cache folder.
 */
final class PluginBuilder {
  private static final String LIBRARY = "libcapture.so";
  private static final int KEY_BYTES = 8;

  /** All files of the plugin; a test compares this list with the folder. */
  static final List<String> SOURCES = List.of(
      "block_writer.c",
      "block_writer.h",
      "call_values.c",
      "call_values.h",
      "capture_file.c",
      "capture_file.h",
      "capture_plugin.c",
      "code_sites.c",
      "code_sites.h",
      "exec_follow.c",
      "exec_follow.h",
      "fatal_signal.c",
      "fatal_signal.h",
      "guest_image.c",
      "guest_image.h",
      "guest_memory.c",
      "guest_memory.h",
      "guest_thread.c",
      "guest_thread.h",
      "program_calls.c",
      "program_events.c",
      "program_events.h",
      "program_options.c",
      "program_options.h",
      "program_records.c",
      "program_records.h",
      "program_signals.c",
      "program_signals.h",
      "program_state.h",
      "qemu_plugin_abi.h",
      "syscall_table.c",
      "syscall_table.h",
      "x86_operands.c",
      "x86_operands.h");

  private static final List<String> OPTIONS =
      List.of("-std=gnu11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra");

  private final Toolchain tools;
  private final Path cache;

  /** @param cache folder for built plugins, made when it is missing */
  PluginBuilder(Toolchain tools, Path cache) {
    this.tools = tools;
    this.cache = cache;
  }

  /** Where built plugins are kept unless the user says otherwise. */
  static Path defaultCache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base = configured == null || configured.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(configured);
    return base.resolve("legosim").resolve("capture");
  }

  /** The plugin, built if it is not there yet. */
  Path build() {
    Path folder = cache.resolve(key());
    Path library = folder.resolve(LIBRARY);
    if (Files.isRegularFile(library)) {
      return library;
    }
    try {
      Files.createDirectories(cache);
      Path work = Files.createTempDirectory(cache, "build");
      try {
        compile(work);
        publish(work, folder);
      } finally {
        deleteTree(work);
      }
    } catch (IOException e) {
      throw new OutputException(
          cache + ": cannot hold the capture plugin: " + e.getMessage()
              + "; set XDG_CACHE_HOME to a folder that can be written",
          e);
    }
    return library;
  }

  /** Another process may have built the same plugin in the meantime; either will do. */
  private static void publish(Path work, Path folder) throws IOException {
    try {
      Files.move(work, folder);
    } catch (FileSystemException e) {
      if (!Files.isRegularFile(folder.resolve(LIBRARY))) {
        throw e;
      }
    }
  }

  private void compile(Path work) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(tools.compiler().toString());
    command.addAll(OPTIONS);
    command.add("-DLEGOSIM_QEMU_PLUGIN_VERSION=" + tools.pluginInterface());
    command.add("-o");
    command.add(work.resolve(LIBRARY).toString());
    for (String source : SOURCES) {
      Path file = work.resolve(source);
      Files.write(file, read(source));
      if (source.endsWith(".c")) {
        command.add(file.toString());
      }
    }
    Path log = work.resolve("log");
    Process compiler = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    int exitCode = waitFor(compiler);
    if (exitCode != 0) {
      throw new TraceException("the capture plugin cannot be built; the compiler says:\n"
          + Files.readString(log, StandardCharsets.UTF_8).strip());
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new TraceException("interrupted while the capture plugin was built", e);
    }
  }

  private String key() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String source : SOURCES) {
        digest.update(read(source));
      }
      digest.update(String.join(" ", OPTIONS).getBytes(StandardCharsets.UTF_8));
      digest.update(tools.qemuVersion().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(String source) {
    try (InputStream in = PluginBuilder.class.getResourceAsStream("c/" + source)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + source);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new TraceException(source + ": cannot be read from the jar: " + e.getMessage(), e);
    }
  }

  static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A leftover in a temporary folder harms nobody, and there is nothing to do about it.
    }
  }
}
