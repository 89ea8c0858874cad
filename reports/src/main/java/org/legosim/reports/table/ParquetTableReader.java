package org.legosim.reports.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.legosim.timing.TraceException;

/**
 * Reads the Parquet files that {@link ParquetTableWriter} writes, one row group at a time. Whatever
 * is wrong with a file, and whatever it claims, ends in a {@link TraceException} that names it, after
 * memory bounded by the limits below.
 */
public final class ParquetTableReader {
  private static final int MOST_GROUP_ROWS = 1 << 20;
  private static final long MOST_GROUP_BYTES = 1L << 30;
  private static final int MOST_COLUMNS = 4096;

  private ParquetTableReader() {}

  /** The file's columns. */
  public static List<Column> schema(Path file) {
    return guarded(file, reader -> columns(reader.getFileMetaData().getSchema()));
  }

  /** Hands every row group to {@code rows} as a table, in order. */
  public static void scan(Path file, Consumer<Table> rows) {
    guarded(file, reader -> {
      MessageType schema = reader.getFileMetaData().getSchema();
      List<Column> columns = columns(schema);
      String createdBy = reader.getFileMetaData().getCreatedBy();
      for (BlockMetaData group : reader.getRowGroups()) {
        check(group, columns, Files.size(file));
      }
      for (int i = 0; i < reader.getRowGroups().size(); i++) {
        PageReadStore pages = reader.readNextRowGroup();
        rows.accept(table(pages, schema, columns, createdBy));
      }
      return columns;
    });
  }

  private interface Reading<T> {
    T read(ParquetFileReader reader) throws IOException;
  }

  @SuppressWarnings("PMD.AvoidCatchingGenericException")
  private static <T> T guarded(Path file, Reading<T> reading) {
    ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodecs())
        .withPageChecksumVerification(true)
        .build();
    try {
      FooterCheck.check(file);
      try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
        return reading.read(reader);
      }
    } catch (TraceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new TraceException(
          file
              + ": cannot be read as a table of a result set: "
              + e.getMessage()
              + "; restore the file or run the simulation again",
          e);
    }
  }

  private static List<Column> columns(MessageType schema) throws IOException {
    if (schema.getFieldCount() > MOST_COLUMNS) {
      throw new IOException(schema.getFieldCount() + " columns, more than " + MOST_COLUMNS);
    }
    List<Column> columns = new ArrayList<>();
    for (Type field : schema.getFields()) {
      if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
        throw new IOException("column " + field.getName() + " is not a plain value");
      }
      columns.add(new Column(field.getName(), type(field)));
    }
    return columns;
  }

  private static ColumnType type(Type field) throws IOException {
    PrimitiveTypeName name = field.asPrimitiveType().getPrimitiveTypeName();
    return switch (name) {
      case INT64 -> ColumnType.LONG;
      case DOUBLE -> ColumnType.DOUBLE;
      case BINARY -> ColumnType.TEXT;
      default ->
        throw new IOException("column " + field.getName() + " is of the unknown type " + name);
    };
  }

  private static void check(BlockMetaData group, List<Column> columns, long fileBytes)
      throws IOException {
    if (group.getRowCount() < 0 || group.getRowCount() > MOST_GROUP_ROWS) {
      throw new IOException("a row group claims " + group.getRowCount() + " rows");
    }
    if (group.getColumns().size() != columns.size()) {
      throw new IOException(
          "a row group has " + group.getColumns().size() + " columns of " + columns.size());
    }
    long bytes = 0;
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      boolean inside = chunk.getStartingPos() >= 0
          && chunk.getTotalSize() >= 0
          && chunk.getTotalSize() <= fileBytes - chunk.getStartingPos();
      if (!inside || chunk.getTotalUncompressedSize() < 0) {
        throw new IOException("column " + chunk.getPath() + " lies outside of the file");
      }
      if (chunk.getValueCount() != group.getRowCount()) {
        throw new IOException("column " + chunk.getPath() + " has " + chunk.getValueCount()
            + " values for " + group.getRowCount() + " rows");
      }
      bytes = Math.addExact(bytes, chunk.getTotalUncompressedSize());
    }
    if (bytes > MOST_GROUP_BYTES) {
      throw new IOException("a row group claims " + bytes + " bytes");
    }
  }

  private static Table table(
      PageReadStore pages, MessageType schema, List<Column> columns, String createdBy)
      throws IOException {
    Table table = new Table(columns);
    for (long i = 0; i < pages.getRowCount(); i++) {
      table.addRow();
    }
    ColumnReadStoreImpl readers = new ColumnReadStoreImpl(pages, new Unused(), schema, createdBy);
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor descriptor = schema.getColumns().get(i);
      fill(table, i, readers.getColumnReader(descriptor), descriptor.getMaxDefinitionLevel());
    }
    return table;
  }

  private static void fill(Table table, int column, ColumnReader reader, int present)
      throws IOException {
    ColumnType type = table.columns().get(column).type();
    for (int row = 0; row < table.rows(); row++) {
      if (reader.getCurrentDefinitionLevel() == present) {
        switch (type) {
          case LONG -> table.setLong(column, row, reader.getLong());
          case DOUBLE -> table.setDouble(column, row, finite(reader.getDouble(), table, column));
          case TEXT -> table.setText(column, row, reader.getBinary().toStringUsingUTF8());
        }
      }
      reader.consume();
    }
  }

  private static double finite(double value, Table table, int column) throws IOException {
    if (!Double.isFinite(value)) {
      throw new IOException("column " + table.columns().get(column).name() + " holds " + value
          + ", which is no result");
    }
    return value;
  }

  /** Column readers want a converter for whole records; values are taken column by column here. */
  private static final class Unused extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
