package org.legosim.reports.table;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes tables of one schema as one Parquet file. Equal tables give equal bytes: row groups end
 * after a fixed number of rows, and the file carries neither time nor any fact of the JVM.
 */
public final class ParquetTableWriter implements AutoCloseable {
  /** Rows of a row group: what a reader holds at once. */
  public static final int ROW_GROUP_ROWS = 1 << 16;

  private final List<Column> columns;
  private final Row row = new Row();
  private final ParquetWriter<Row> writer;
  private long rows;

  /**
   * @param out is closed with the writer
   */
  public ParquetTableWriter(OutputStream out, List<Column> columns) throws IOException {
    this.columns = List.copyOf(columns);
    writer = new Builder(new Sink(out), columns).build();
  }

  /** Appends every row; columns are matched by name, and what the table lacks is absent. */
  public void append(Table table) throws IOException {
    row.table = table;
    row.sources = new int[columns.size()];
    for (int i = 0; i < row.sources.length; i++) {
      String name = columns.get(i).name();
      row.sources[i] = table.has(name) ? table.position(name) : Row.ABSENT;
    }
    for (row.at = 0; row.at < table.rows(); row.at++) {
      writer.write(row);
      rows++;
    }
  }

  public long rows() {
    return rows;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  static MessageType schema(List<Column> columns) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Column column : columns) {
      switch (column.type()) {
        case LONG -> schema.optional(PrimitiveTypeName.INT64).named(column.name());
        case DOUBLE -> schema.optional(PrimitiveTypeName.DOUBLE).named(column.name());
        case TEXT ->
          schema
              .optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      }
    }
    return schema.named("legosim");
  }

  /** The row being written, in place. */
  private static final class Row {
    static final int ABSENT = -1;
    Table table = new Table(List.of());
    int[] sources = {};
    int at;
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final List<Column> columns;

    Builder(OutputFile file, List<Column> columns) {
      super(file);
      this.columns = columns;
      withConf(new PlainParquetConfiguration());
      withCodecFactory(new ZstdCodecs());
      withCompressionCodec(CompressionCodecName.ZSTD);
      withRowGroupRowCountLimit(ROW_GROUP_ROWS);
      withPageWriteChecksumEnabled(true);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract still; the method below is the one called
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new RowWriter(columns);
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return new RowWriter(columns);
    }
  }

  private static final class RowWriter extends WriteSupport<Row> {
    private final List<Column> columns;
    private RecordConsumer consumer;

    @SuppressWarnings("NullAway") // the consumer comes with prepareForWrite, before any row
    RowWriter(List<Column> columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract still; the method below is the one called
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Row row) {
      consumer.startMessage();
      for (int i = 0; i < columns.size(); i++) {
        int source = row.sources[i];
        if (source != Row.ABSENT && !row.table.isAbsent(source, row.at)) {
          Column column = columns.get(i);
          consumer.startField(column.name(), i);
          value(column.type(), row, source);
          consumer.endField(column.name(), i);
        }
      }
      consumer.endMessage();
    }

    private void value(ColumnType type, Row row, int source) {
      switch (type) {
        case LONG -> consumer.addLong(row.table.longAt(source, row.at));
        case DOUBLE -> consumer.addDouble(row.table.doubleAt(source, row.at));
        case TEXT -> consumer.addBinary(Binary.fromString(row.table.textAt(source, row.at)));
      }
    }
  }

  private record Sink(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new PositionOutputStream() {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int b) throws IOException {
          out.write(b);
          position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          position += length;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
