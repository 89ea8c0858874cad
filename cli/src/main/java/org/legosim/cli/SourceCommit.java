package org.legosim.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which source the running program was built from, as far as its folder tells. */
final class SourceCommit {
  private static final String UNKNOWN = "unknown";

  private SourceCommit() {}

  /** The commit of the project's folder, with {@code -dirty} when its files differ from it. */
  static String current() {
    String home = System.getProperty("legosim.home", "");
    return home.isEmpty() ? UNKNOWN : of(Path.of(home));
  }

  static String of(Path folder) {
    if (!Files.exists(folder.resolve(".git"))) {
      return UNKNOWN;
    }
    String commit = git(folder, "rev-parse", "HEAD");
    if (commit.isEmpty()) {
      return UNKNOWN;
    }
    String changes = git(folder, "status", "--porcelain", "--untracked-files=no");
    return changes.isEmpty() ? commit : commit + "-dirty";
  }

  private static String git(Path folder, String... arguments) {
    try {
      ProcessBuilder builder = new ProcessBuilder("git", "-C", folder.toString());
      builder.command().addAll(List.of(arguments));
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
