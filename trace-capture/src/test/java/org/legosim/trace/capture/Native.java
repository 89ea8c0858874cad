package org.legosim.trace.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.legosim.trace.TestTraces;
import org.legosim.trace.TracePacker;

/** Programs, compilers and captures for the tests of this package. */
final class Native {
  private static final Path SOURCES = Path.of("src/test/c");

  private static final TracePacker PACKER = new TracePacker(TracePacker.Options.DEFAULT);

  /** Built once for all tests, and again when a source has changed. */
  private static final Path PLUGINS = Path.of("target", "capture-plugin");

  private Native() {}

  /** Skips the calling test, saying why, where a program is not installed. */
  static Path require(String program, String debianPackage) {
    Optional<Path> found = Toolchain.locate(program, Capture.searchPath());
    assumeTrue(
        found.isPresent(),
        () -> program + " is not installed (apt-get install " + debianPackage + ")");
    return found.orElseThrow();
  }

  static void requireCapture() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "capture is for Linux on x86-64");
    require(Toolchain.QEMU, "qemu-user");
    require(Toolchain.COMPILER, "gcc");
  }

  /** Compiles a program of the test sources. */
  static Path compile(Path folder, String source, String... options) {
    return compileFile(folder, SOURCES.resolve(source), options);
  }

  static Path compileFile(Path folder, Path source, String... options) {
    Path program = folder.resolve(String.valueOf(source.getFileName()).replace(".c", ""));
    List<String> command = new ArrayList<>(List.of(Toolchain.COMPILER, "-O1"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-o", program.toString(), source.toString()));
    run(command);
    return program;
  }

  /** Runs a command that must succeed, and returns what it printed. */
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream in = process.getInputStream()) {
        String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, Capture.waitFor(process), () -> command + ":\n" + output);
        return output;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A captured run: its exit code, its trace in text form, and what the user was told. */
  record Run(int exitCode, String text, List<String> notes) {
    /** Lines that begin so. */
    List<String> lines(String prefix) {
      return text.lines().filter(line -> line.startsWith(prefix)).toList();
    }

    String withoutPid() {
      String first = lines("P ").get(0).split(" ")[1];
      String hex = "0x" + Integer.toHexString(Integer.parseInt(first));
      return text.replaceAll("\\b(" + first + "|" + hex + ")\\b", "PID");
    }
  }

  static Run capture(Path folder, String... command) {
    return capture(CaptureRequest.of(folder.resolve("t.ltrace"), Arrays.asList(command)));
  }

  static Run capture(CaptureRequest request) {
    List<String> notes = new ArrayList<>();
    Capture.Outcome outcome =
        Capture.prepare(PACKER, notes::add, Capture.searchPath(), PLUGINS).run(request);
    Path output = request.output().orElseThrow();
    return new Run(outcome.exitCode(), TestTraces.toText(output), notes);
  }
}
