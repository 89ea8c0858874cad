package org.legosim.reports.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.Table;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.params.Unit;

/**
 * The file of one finished point while its sweep runs: a magic word, the digest of the plan it
 * belongs to, metric definitions, the tables, and SHA-256 over everything before it.
 */
final class PointFile {
  private static final byte[] MAGIC = "LEGOSIM-POINT-2\n".getBytes(StandardCharsets.US_ASCII);
  private static final long MOST_BYTES = 1L << 29;

  private PointFile() {}

  static byte[] encode(String planDigest, PointTables point) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      text(out, planDigest);
      text(out, point.id());
      out.writeInt(point.metrics().size());
      for (Metric metric : point.metrics()) {
        text(out, metric.name());
        text(out, metric.unit().name());
        text(out, metric.definition());
        text(out, metric.identity());
      }
      for (SetFile file : SetFile.values()) {
        table(out, point.table(file));
      }
      out.write(Sha256.start().digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing is written to memory but memory
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException saying why this is not the whole, undamaged file of a point of that plan
   */
  static PointTables decode(Path file, String planDigest) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("larger than " + MOST_BYTES + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes.length - Sha256.BYTES;
    if (length < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException("not the file of a point");
    }
    MessageDigest digest = Sha256.start();
    digest.update(bytes, 0, length);
    if (!Arrays.equals(digest.digest(), 0, Sha256.BYTES, bytes, length, bytes.length)) {
      throw new IOException("its checksum does not match");
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, MAGIC.length, length - MAGIC.length))) {
      PointTables point = content(in, planDigest);
      if (in.available() != 0) {
        throw new IOException("it is longer than its content");
      }
      return point;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("its content makes no sense: " + e.getMessage(), e);
    }
  }

  private static PointTables content(DataInputStream in, String planDigest) throws IOException {
    if (!text(in).equals(planDigest)) {
      throw new IOException("it belongs to another plan");
    }
    String id = text(in);
    int count = size(in);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      metrics.add(new Metric(text(in), Unit.valueOf(text(in)), text(in), text(in)));
    }
    Map<SetFile, Table> tables = new EnumMap<>(SetFile.class);
    for (SetFile file : SetFile.values()) {
      tables.put(file, table(in));
    }
    return new PointTables(id, metrics, tables);
  }

  private static void table(DataOutputStream out, Table table) throws IOException {
    out.writeInt(table.columns().size());
    out.writeInt(table.rows());
    for (Column column : table.columns()) {
      text(out, column.name());
      out.writeByte(column.type().ordinal());
    }
    for (int row = 0; row < table.rows(); row++) {
      for (int column = 0; column < table.columns().size(); column++) {
        boolean present = !table.isAbsent(column, row);
        out.writeBoolean(present);
        if (present) {
          switch (table.columns().get(column).type()) {
            case LONG -> out.writeLong(table.longAt(column, row));
            case DOUBLE -> out.writeDouble(table.doubleAt(column, row));
            case TEXT -> text(out, table.textAt(column, row));
          }
        }
      }
    }
  }

  private static Table table(DataInputStream in) throws IOException {
    int columnCount = size(in);
    int rowCount = size(in);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < columnCount; i++) {
      columns.add(new Column(text(in), ColumnType.values()[in.readByte()]));
    }
    Table table = new Table(columns);
    for (int row = 0; row < rowCount; row++) {
      Object[] values = new Object[columnCount];
      for (int i = 0; i < columnCount; i++) {
        if (in.readBoolean()) {
          values[i] = switch (columns.get(i).type()) {
            case LONG -> (Object) in.readLong();
            case DOUBLE -> (Object) in.readDouble();
            case TEXT -> text(in);
          };
        }
      }
      table.add(values);
    }
    return table;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[size(in)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A length, which can be no more than the bytes that are left. */
  private static int size(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > in.available()) {
      throw new IOException("it claims a length of " + size);
    }
    return size;
  }
}
