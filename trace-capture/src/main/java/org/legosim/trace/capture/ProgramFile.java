package org.legosim.trace.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.TraceException;

/**
 * The program that a command names: found as a shell finds it, and, when it is a script, replaced by its
 * interpreter as the kernel would.
 *
 * @param path to run
 * @param ownName what the program sees as its name, {@code argv[0]}
 * @param arguments those after the name
 */
record ProgramFile(Path path, String ownName, List<String> arguments) {
  private static final int MOST_SCRIPTS = 5;
  private static final int HEADER_BYTES = 256;
  private static final int ELF_MAGIC = 0x464c_457f;
  private static final int ELF_CLASS_64 = 2;
  private static final int AT_ELF_CLASS = 4;
  private static final int AT_ELF_MACHINE = 18;
  private static final int MACHINE_X86_64 = 62;
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  ProgramFile {
    arguments = List.copyOf(arguments);
  }

  static ProgramFile find(List<String> command, String searchPath) {
    String name = command.get(0);
    Path path = locate(name, searchPath);
    ProgramFile program = new ProgramFile(path, name, command.subList(1, command.size()));
    for (int depth = 0; depth <= MOST_SCRIPTS; depth++) {
      byte[] head = head(program.path);
      if (head.length < 2 || head[0] != '#' || head[1] != '!') {
        requireElf(program.path, head);
        return program;
      }
      program = program.interpreter(new String(head, StandardCharsets.ISO_8859_1));
    }
    throw new TraceException(name + ": more than " + MOST_SCRIPTS
        + " scripts that are each other's interpreter; name the interpreter itself");
  }

  private static Path locate(String name, String searchPath) {
    if (name.contains("/")) {
      Path path = Path.of(name);
      requireExecutable(path);
      return path;
    }
    for (String folder : (searchPath.isEmpty() ? DEFAULT_PATH : searchPath).split(":", -1)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new TraceException(
        name + ": no such program in the folders of PATH; give its path, or install it");
  }

  private static void requireExecutable(Path path) {
    if (!Files.exists(path)) {
      throw new TraceException(path + ": no such program");
    }
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new TraceException(path + ": is not an executable file; chmod +x makes it one");
    }
  }

  private static byte[] head(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HEADER_BYTES);
    } catch (IOException e) {
      throw new TraceException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireElf(Path path, byte[] head) {
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    boolean isElf = head.length > AT_ELF_MACHINE + 1 && elf.getInt(0) == ELF_MAGIC;
    if (!isElf) {
      throw new TraceException(path
          + ": is neither a program nor a script that begins with #!; a shell script without that line"
          + " is captured with sh in front of it");
    }
    if (head[AT_ELF_CLASS] != ELF_CLASS_64 || elf.getShort(AT_ELF_MACHINE) != MACHINE_X86_64) {
      throw new TraceException(path + ": is no 64-bit x86 program; only those can be captured");
    }
  }

  /** "#! interpreter [one argument]": what the kernel runs is interpreter [argument] script arguments. */
  private ProgramFile interpreter(String head) {
    int lineEnd = head.indexOf('\n');
    String line = head.substring(2, lineEnd < 0 ? head.length() : lineEnd).strip();
    if (line.isEmpty()) {
      throw new TraceException(path + ": the first line names no interpreter after #!");
    }
    String[] words = line.split("[ \t]+", 2);
    List<String> all = new ArrayList<>();
    if (words.length == 2) {
      all.add(words[1]);
    }
    all.add(path.toString());
    all.addAll(arguments);
    Path found = Path.of(words[0]);
    requireExecutable(found);
    return new ProgramFile(found, words[0], all);
  }
}
