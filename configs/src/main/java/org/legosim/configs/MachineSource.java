package org.legosim.configs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.legosim.timing.ModelException;
import org.legosim.timing.TraceException;

/** Where machine files are looked up by name. */
sealed interface MachineSource {
  /** The tree of a machine's file, if there is such a machine. The name is checked already. */
  Optional<YamlNode> read(String name);

  /** All names, in order. */
  List<String> names();

  /** For messages. */
  String where();

  /** Files {@code NAME.yaml} of a folder. */
  record Folder(Path folder) implements MachineSource {
    @Override
    public Optional<YamlNode> read(String name) {
      Path file = folder.resolve(name + ".yaml");
      return Files.isRegularFile(file) ? Optional.of(StrictYaml.readFile(file)) : Optional.empty();
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.yaml")) {
        for (Path file : files) {
          String fileName = String.valueOf(file.getFileName());
          names.add(fileName.substring(0, fileName.length() - ".yaml".length()));
        }
      } catch (IOException e) {
        throw new TraceException(folder + ": cannot be listed: " + e.getMessage(), e);
      }
      Collections.sort(names);
      return names;
    }

    @Override
    public String where() {
      return folder.toString();
    }
  }

  /** Files packaged with the program; {@code index.txt} names them, one a line. */
  record Packaged() implements MachineSource {
    private static final String FOLDER = "/configs/machines/";

    @Override
    public Optional<YamlNode> read(String name) {
      try (InputStream in = MachineSource.class.getResourceAsStream(FOLDER + name + ".yaml")) {
        return in == null
            ? Optional.empty()
            : Optional.of(StrictYaml.read("configs/machines/" + name + ".yaml", in));
      } catch (IOException e) {
        throw new ModelException("the packaged machine " + name + " cannot be read", e);
      }
    }

    @Override
    public List<String> names() {
      try (InputStream in = MachineSource.class.getResourceAsStream(FOLDER + "index.txt")) {
        if (in == null) {
          throw new ModelException("no machines are packaged with this program");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      } catch (IOException e) {
        throw new ModelException("the list of packaged machines cannot be read", e);
      }
    }

    @Override
    public String where() {
      return "the packaged machines";
    }
  }
}
