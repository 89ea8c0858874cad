package org.legosim.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command line started as a user starts it: in a virtual machine of its own. */
final class ChildProcess {
  private static final long LIMIT_SECONDS = 900;

  private ChildProcess() {}

  static Outcome run(Path folder, String... arguments) throws IOException, InterruptedException {
    return await(start(folder, List.of(), arguments));
  }

  static Process start(Path folder, List<String> jvmOptions, String... arguments)
      throws IOException {
    return builder(folder, jvmOptions, arguments).start();
  }

  static Process startRedirected(Path folder, Path out, String... arguments) throws IOException {
    return builder(folder, List.of(), arguments).redirectOutput(out.toFile()).start();
  }

  /** With another search path for programs. */
  static Process startWithPath(Path folder, Path searchPath, String... arguments)
      throws IOException {
    ProcessBuilder builder = builder(folder, List.of(), arguments);
    builder.environment().put("PATH", searchPath.toString());
    return builder.start();
  }

  private static ProcessBuilder builder(Path folder, List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.legosim.cli.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  static Outcome await(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    CompletableFuture<String> out = drain(process.getInputStream());
    CompletableFuture<String> err = drain(process.getErrorStream());
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end within " + LIMIT_SECONDS + " s; so far: " + err.join());
    }
    return new Outcome(process.exitValue(), out.join(), err.join());
  }

  private static CompletableFuture<String> drain(InputStream stream) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
