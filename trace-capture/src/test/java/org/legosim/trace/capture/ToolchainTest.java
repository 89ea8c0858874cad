package org.legosim.trace.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import org.legosim.timing.TraceException;
import org.legosim.trace.TracePacker;

final class ToolchainTest {
  @TempDir
  Path folder;

  @Test
  void missingTool_isOneLineThatSaysWhatToInstall() {
    TraceException missing = assertThrows(
        TraceException.class,
        () -> Capture.prepare(
            new TracePacker(TracePacker.Options.DEFAULT), note -> {}, folder.toString(), folder));
    assertEquals(
        "capture needs qemu-x86_64, which is not installed; on Debian and Ubuntu: apt-get install"
            + " qemu-user gcc",
        missing.getMessage());
    assertEquals(ExitCode.INPUT, missing.exitCode());
  }

  @Test
  void qemuWithoutPlugins_isToldFromOneWithThem() throws IOException {
    executable("gcc", "exit 0");
    executable("qemu-x86_64", "echo qemu-x86_64 version 7.2.1");
    TraceException without =
        assertThrows(TraceException.class, () -> Toolchain.find(folder.toString()));
    assertTrue(String.valueOf(without.getMessage()).contains("was built without plugins"));
    executable("qemu-x86_64", "echo qemu-x86_64 version 10.0.3; echo ' -plugin'");
    assertEquals(3, Toolchain.find(folder.toString()).pluginInterface());
  }

  private void executable(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void pluginInterface_followsTheVersion() {
    assertEquals(1, Toolchain.interfaceOf(7, 2));
    assertEquals(1, Toolchain.interfaceOf(8, 2));
    assertEquals(2, Toolchain.interfaceOf(9, 0));
    assertEquals(3, Toolchain.interfaceOf(9, 1));
    assertEquals(3, Toolchain.interfaceOf(10, 0));
  }

  @Test
  void commandLine_doublesCommasAndKeepsLoaderVariablesFromQemu() {
    Toolchain tools = new Toolchain(Path.of("/q"), Path.of("/gcc"), "v", 1);
    QemuCommand.SharedFiles files =
        new QemuCommand.SharedFiles(Path.of("/t,1"), Path.of("/s"), Path.of("/l"), folder);
    Map<String, String> environment =
        new HashMap<>(Map.of("LD_PRELOAD", "/x.so", "LD_LIBRARY_PATH", "/a,b", "HOME", "/h"));
    List<String> command = QemuCommand.of(
        tools,
        Path.of("/p.so"),
        files,
        new CaptureRequest(List.of("ls", "-l"), Optional.empty(), "entry", 9, 2),
        "entry",
        new ProgramFile(Path.of("/bin/ls"), "ls", List.of("-l")),
        environment);
    assertEquals(
        List.of(
            "/q",
            "-cpu",
            QemuCommand.PROCESSOR,
            "-plugin",
            "/p.so,trace=/t,,1,shared=/s,log=/l,from=entry,most=9,cpus=2",
            "-E",
            "LD_PRELOAD=/x.so",
            "-0",
            "ls",
            "--",
            "/bin/ls",
            "-l"),
        command);
    assertEquals(Map.of("LD_LIBRARY_PATH", "/a,b", "HOME", "/h"), environment);
  }

  @Test
  void request_isChecked() {
    assertThrows(ConfigException.class, () -> CaptureRequest.of(Path.of("t"), List.of()));
    assertThrows(
        ConfigException.class,
        () -> new CaptureRequest(List.of("x"), Optional.empty(), "start", -1, 0));
    assertThrows(
        ConfigException.class,
        () -> new CaptureRequest(List.of("x"), Optional.empty(), "start", 0, 2000));
  }

  @Test
  void unusablePrograms_areRefusedWithTheReason() throws IOException {
    Path text = folder.resolve("text");
    Files.writeString(text, "echo hello\n");
    assertTrue(refusal(text).endsWith("is not an executable file; chmod +x makes it one"));
    assertTrue(text.toFile().setExecutable(true));
    assertTrue(refusal(text).contains("is neither a program nor a script that begins with #!"));
    Path loop = folder.resolve("loop");
    Files.writeString(loop, "#!" + loop + "\n");
    assertTrue(loop.toFile().setExecutable(true));
    assertTrue(refusal(loop).contains("each other's interpreter"));
    assertTrue(refusal(folder.resolve("none")).endsWith("none: no such program"));
  }

  private static String refusal(Path program) {
    return String.valueOf(assertThrows(
            TraceException.class, () -> ProgramFile.find(List.of(program.toString()), ""))
        .getMessage());
  }
}
