package org.legosim.trace.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginSourcesTest {
  private static final Path SOURCES = Path.of("src/main/c");

  @TempDir
  Path folder;

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }

  @Test
  void allSources_areUnpacked() throws IOException {
    List<String> names =
        sources().stream().map(file -> String.valueOf(file.getFileName())).toList();
    assertEquals(PluginBuilder.SOURCES, names);
  }

  /** QEMU loads the plugin, so what is linked into it is under QEMU's licence. */
  @Test
  void everySource_saysItsLicence() throws IOException {
    for (Path source : sources()) {
      List<String> lines = Files.readAllLines(source);
      assertEquals("/* SPDX-License-Identifier: GPL-2.0-or-later", lines.get(0), source::toString);
      assertTrue(lines.size() <= 400, source + " has " + lines.size() + " lines");
      assertTrue(lines.stream().allMatch(line -> line.length() <= 100), source::toString);
    }
  }

  @Test
  void plugin_compilesWithoutWarningsForEveryInterface() throws IOException {
    Native.require(Toolchain.COMPILER, "gcc");
    for (int version : List.of(1, 3)) {
      List<String> command = new ArrayList<>(List.of(
          "gcc", "-std=gnu11", "-O2", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Werror"));
      command.add("-DLEGOSIM_QEMU_PLUGIN_VERSION=" + version);
      sources().stream().map(Path::toString).filter(p -> p.endsWith(".c")).forEach(command::add);
      Native.run(command);
    }
  }

  @Test
  void operandDecoder_knowsItsInstructions() {
    Native.require(Toolchain.COMPILER, "gcc");
    Path test = Native.compile(
        folder,
        "x86_operands_test.c",
        "-I" + SOURCES,
        SOURCES.resolve("x86_operands.c").toString());
    assertTrue(Native.run(List.of(test.toString())).endsWith(" 0 failures\n"));
  }
}
