package org.legosim.trace.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a traced program as text, without loss: valid UTF-8 becomes its characters, any other byte
 * {@code b} the lone surrogate {@code U+DC00 + b}, which no valid UTF-8 gives.
 */
public final class GuestText {
  private static final char ESCAPED = 0xDC00;
  private static final char FIRST_ESCAPED = 0xDC80;
  private static final char LAST_ESCAPED = 0xDCFF;

  private GuestText() {}

  public static String decode(byte[] bytes, int from, int length) {
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        break;
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPED + (in.get() & 0xff)));
      }
    }
    return out.flip().toString();
  }

  public static byte[] encode(String text) {
    byte[] out = new byte[3 * text.length()];
    int n = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean escaped = i < text.length() && isEscaped(text, i);
      if (i == text.length() || escaped) {
        byte[] plain = text.substring(from, i).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(plain, 0, out, n, plain.length);
        n += plain.length;
        from = i + 1;
      }
      if (escaped) {
        out[n++] = (byte) (text.charAt(i) - ESCAPED);
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static boolean isEscaped(String text, int i) {
    char c = text.charAt(i);
    boolean isPaired = i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    return c >= FIRST_ESCAPED && c <= LAST_ESCAPED && !isPaired;
  }
}
