package org.legosim.reports.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ParquetTableReader;
import org.legosim.reports.table.Table;
import org.legosim.timing.TraceException;

/**
 * A complete result set, read. Opening it checks every file against the size and SHA-256 of the
 * manifest; the table of points is held in memory, the others are scanned a row group at a time.
 */
public final class ResultSet {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long MOST_MANIFEST_BYTES = 64L << 20;

  private final Path folder;
  private final Manifest manifest;
  private final Table points;

  private ResultSet(Path folder, Manifest manifest, Table points) {
    this.folder = folder;
    this.manifest = manifest;
    this.points = points;
  }

  /**
   * @throws TraceException when a part is missing, damaged, or of another schema version
   */
  public static ResultSet open(Path folder) {
    Path file = folder.resolve(ResultSetWriter.MANIFEST);
    try {
      if (!Files.isRegularFile(file)) {
        throw new TraceException(absent(folder));
      }
      if (Files.size(file) > MOST_MANIFEST_BYTES) {
        throw new TraceException(file + ": larger than " + MOST_MANIFEST_BYTES + " bytes");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Manifest manifest = Manifest.parse(file.toString(), text);
      for (SetFile setFile : SetFile.values()) {
        if (!setFile.isNew() || manifest.has(setFile.fileName())) {
          verify(folder.resolve(setFile.fileName()), file, manifest);
        }
      }
      Path pointsFile = folder.resolve(SetFile.POINTS.fileName());
      Table points = readPoints(pointsFile, manifest);
      return new ResultSet(folder, manifest, points);
    } catch (IOException e) {
      throw new TraceException(folder + ": cannot be read: " + e, e);
    }
  }

  private static String absent(Path folder) {
    Path partial = new Workspace(folder).partial();
    if (Files.isDirectory(partial)) {
      return folder + ": its run was interrupted; complete the result set with --resume";
    }
    return folder
        + ": not a result set (no "
        + ResultSetWriter.MANIFEST
        + " in it); name the folder that run or sweep wrote with --out";
  }

  private static void verify(Path file, Path manifestFile, Manifest manifest) throws IOException {
    Manifest.FileFacts facts =
        manifest.facts(manifestFile.toString(), file.getFileName().toString());
    if (!Files.isRegularFile(file)) {
      throw new TraceException(file + ": missing; restore it or run the simulation again");
    }
    long bytes = Files.size(file);
    if (bytes != facts.bytes()) {
      throw new TraceException(
          file + ": " + bytes + " bytes, " + facts.bytes() + " expected: cut or replaced");
    }
    MessageDigest digest = Sha256.start();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    if (!Sha256.hex(digest.digest(), 0).equals(facts.sha256())) {
      throw new TraceException(
          file + ": damaged (its SHA-256 is not the manifest's); restore it or run again");
    }
  }

  private static Table readPoints(Path file, Manifest manifest) {
    List<Column> columns = ParquetTableReader.schema(file);
    List<Column> fixed = SetFile.POINTS.fixedColumns();
    if (columns.size() < fixed.size() || !columns.subList(0, fixed.size()).equals(fixed)) {
      throw new TraceException(file + ": does not begin with the columns " + fixed);
    }
    Table points = new Table(columns);
    ParquetTableReader.scan(file, group -> {
      for (int row = 0; row < group.rows(); row++) {
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = group.at(i, row);
        }
        points.add(values);
      }
    });
    if (points.rows() != manifest.points()) {
      throw new TraceException(
          file + ": " + points.rows() + " rows, the manifest says " + manifest.points());
    }
    return points;
  }

  public Path folder() {
    return folder;
  }

  public Manifest manifest() {
    return manifest;
  }

  /** The table of points. */
  public Table points() {
    return points;
  }

  /** Hands a table's rows over in order, one row group at a time. */
  public void scan(SetFile file, Consumer<Table> rows) {
    if (file.isNew() && !manifest.has(file.fileName())) {
      return;
    }
    Path path = folder.resolve(file.fileName());
    AtomicLong seen = new AtomicLong();
    ParquetTableReader.scan(path, group -> {
      if (file != SetFile.POINTS && !group.columns().equals(file.fixedColumns())) {
        throw new TraceException(
            path + ": its columns are " + group.columns() + ", not " + file.fixedColumns());
      }
      seen.addAndGet(group.rows());
      rows.accept(group);
    });
    long expected = manifest.facts(path.toString(), file.fileName()).rows();
    if (seen.get() != expected) {
      throw new TraceException(path + ": " + seen.get() + " rows, the manifest says " + expected);
    }
  }
}
