package org.legosim.trace.capture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command line that runs a program under QEMU with the capture plugin. */
final class QemuCommand {
  /**
   * Files that the processes of a capture share. All paths are absolute.
   *
   * @param folder a temporary one, for whatever else is needed
   */
  record SharedFiles(Path trace, Path shared, Path log, Path folder) {}

  /**
   * All that QEMU can imitate: with its default model programs use narrower vectors than on a real processor. But
   * without fast string instructions: QEMU carries them out byte by byte, while a processor moves whole lines;
   * told that they are slow, the C library copies with vectors.
   */
  static final String PROCESSOR = "max,-erms,-fsrm";

  private QemuCommand() {}

  /**
   * @param start {@code start}, {@code entry} or an address of the program file
   * @param environment of the captured program; the variables of its dynamic loader are taken out, since
   *     they must not reach QEMU itself, and handed over as options
   */
  static List<String> of(
      Toolchain tools,
      Path plugin,
      SharedFiles files,
      CaptureRequest request,
      String start,
      ProgramFile program,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(tools.qemu().toString());
    command.addAll(List.of("-cpu", PROCESSOR));
    command.add("-plugin");
    command.add(escape(plugin)
        + ",trace=" + escape(files.trace())
        + ",shared=" + escape(files.shared())
        + ",log=" + escape(files.log())
        + ",from=" + start
        + ",most=" + request.mostAccesses()
        + ",cpus=" + request.processors());
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      // QEMU splits the value of -E at commas.
      if (variable.getKey().startsWith("LD_") && !variable.getValue().contains(",")) {
        command.addAll(List.of("-E", variable.getKey() + "=" + variable.getValue()));
        environment.remove(variable.getKey());
      }
    }
    command.addAll(List.of("-0", program.ownName(), "--", program.path().toString()));
    command.addAll(program.arguments());
    return command;
  }

  /** QEMU takes a comma as the end of an option's value, and two as one. */
  private static String escape(Path path) {
    return path.toString().replace(",", ",,");
  }
}
