package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the packaged jar, as a user starts them. */
class LauncherIT {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @TempDir
  private Path folder;

  @Test
  void runsFromAnotherFolderAndThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("sim"), ROOT.resolve("legosim"));
    Outcome outcome = launch(Map.of("LEGOSIM_BUILD", "no"), link, "--version");
    Files.delete(link);
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals("", outcome.err());
    assertTrue(outcome.out().matches("legosim [0-9.]+\\n"), outcome.out());
  }

  @Test
  void passesArgumentsWithSpacesAndTheExitCode() throws Exception {
    Outcome outcome = launch(Map.of("LEGOSIM_BUILD", "no"), ROOT.resolve("legosim"), "--x y");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("'--x y'"), outcome.err());
  }

  @Test
  void findsThePresetsFromAnotherFolder() throws Exception {
    Outcome outcome =
        launch(Map.of("LEGOSIM_BUILD", "no"), ROOT.resolve("legosim"), "machine", "list");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(outcome.out().contains("legoos-osdi18"), outcome.out());
  }

  /** The main job, with nothing but what is packed: Parquet, its codec, the report. */
  @Test
  void theDemoMakesATableParquetFilesAndAReport() throws Exception {
    Map<String, String> environment = Map.of("LEGOSIM_BUILD", "no");
    Outcome outcome = launch(environment, ROOT.resolve("legosim"), "demo");
    assertEquals(0, outcome.exitCode(), outcome.err());
    Path set = folder.resolve("results/demo");
    for (String file : List.of("points.parquet", "misses.parquet", "manifest.json", "host.json")) {
      assertTrue(Files.size(set.resolve(file)) > 0, file);
    }
    assertTrue(Files.size(folder.resolve("results/demo.html")) > 0);
    List<Double> hitPercents = outcome
        .out()
        .lines()
        .filter(line -> line.contains(" % "))
        .map(line -> Double.valueOf(line.replaceAll(".* ([0-9.]+) % .*", "$1")))
        .toList();
    assertEquals(30, hitPercents.size(), outcome.out());
    assertTrue(Collections.min(hitPercents) < 50, "no knee: " + hitPercents);
    assertTrue(Collections.max(hitPercents) > 98, "no knee: " + hitPercents);
    Outcome same =
        launch(environment, ROOT.resolve("legosim"), "compare", "results/demo", "results/demo");
    assertEquals(0, same.exitCode(), same.err());
  }

  @Test
  void saysWhatToInstallWhenItMustBuildAndThereIsNoMaven() throws Exception {
    Path copy = copyOfTheLauncher();
    Map<String, String> environment = Map.of("PATH", pathWithoutMaven().toString());
    Outcome outcome = launch(environment, copy, "--help");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("apt-get install maven"), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  @Test
  void aJarThatWasCutWhileBeingWrittenIsNotRun() throws Exception {
    Path copy = copyOfTheLauncher();
    Path jar = copy.resolveSibling("cli/target/legosim.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "PK, but without its end");
    Map<String, String> environment = Map.of("PATH", pathWithoutMaven().toString());
    Outcome outcome = launch(environment, copy, "--help");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("apt-get install maven"), outcome.err());
  }

  private Path copyOfTheLauncher() throws IOException {
    Files.createDirectories(folder.resolve("clone/cli/src/main"));
    Files.createFile(folder.resolve("clone/pom.xml"));
    return Files.copy(ROOT.resolve("legosim"), folder.resolve("clone/legosim"));
  }

  /** The few tools that the launcher itself uses. */
  private Path pathWithoutMaven() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("sh", "readlink", "sed", "tail", "head", "find", "mkdir", "rm")) {
      for (String place : List.of("/bin", "/usr/bin")) {
        Path original = Path.of(place, tool);
        if (Files.exists(original) && !Files.exists(tools.resolve(tool))) {
          Files.copy(original, tools.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return tools;
  }

  private Outcome launch(Map<String, String> environment, Path launcher, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return ChildProcess.await(builder.start());
  }
}
