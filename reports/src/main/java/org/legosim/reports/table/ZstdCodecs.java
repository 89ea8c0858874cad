package org.legosim.reports.table;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard for Parquet pages without Hadoop's codec classes. Level and library are fixed, so equal
 * pages give equal bytes on every JVM; a page that claims more than {@link #MOST_PAGE_BYTES} is
 * refused before memory is taken for it.
 */
final class ZstdCodecs implements CompressionCodecFactory {
  static final int MOST_PAGE_BYTES = 64 << 20;
  private static final int LEVEL = 3;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException("pages are compressed by " + codec + ", not by ZSTD");
    }
    return new Decompressor();
  }

  @Override
  public void release() {}

  private static byte[] array(BytesInput input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) input.size());
    input.writeAllTo(bytes);
    return bytes.toByteArray();
  }

  private static final class Compressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      return BytesInput.from(Zstd.compress(array(bytes), LEVEL));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {}
  }

  private static final class Decompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int pageBytes) throws IOException {
      return BytesInput.from(plain(array(bytes), pageBytes));
    }

    @Override
    public void decompress(ByteBuffer input, int bytes, ByteBuffer output, int pageBytes)
        throws IOException {
      byte[] compressed = new byte[bytes];
      input.get(compressed);
      output.put(plain(compressed, pageBytes));
    }

    @Override
    public void release() {}

    private static byte[] plain(byte[] compressed, int pageBytes) throws IOException {
      if (pageBytes < 0 || pageBytes > MOST_PAGE_BYTES) {
        throw new IOException("a page claims " + pageBytes + " bytes");
      }
      byte[] page = new byte[pageBytes];
      long written = Zstd.decompressByteArray(page, 0, pageBytes, compressed, 0, compressed.length);
      if (Zstd.isError(written) || written != pageBytes) {
        throw new IOException("a page does not decompress to its " + pageBytes + " bytes");
      }
      return page;
    }
  }
}
