package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * gem5's packet traces: the bytes {@code gem5}, then messages of Google's protocol buffers, each after its length; the first is a
 * header. Of a packet the command (1 read, 4 write), address, size, flags (0x100 instruction fetch) and the
 * instruction's address are used. Ticks are dropped: a program's trace has no times.
 */
public final class Gem5Importer extends ForeignImporter {
  private static final String MAGIC = "gem5";
  private static final int READ = 1;
  private static final int WRITE = 4;
  private static final long FETCH_FLAG = 0x100;
  private static final int MOST_MESSAGE_BYTES = 1 << 20;

  private static final int FIELD_COMMAND = 2;
  private static final int FIELD_ADDRESS = 3;
  private static final int FIELD_SIZE = 4;
  private static final int FIELD_FLAGS = 5;
  private static final int FIELD_PC = 7;
  private static final int FIELDS = 8;

  public Gem5Importer() {
    super("gem5");
  }

  @Override
  public boolean recognises(byte[] head, int length) {
    byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
    return length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    BinaryInput input = new BinaryInput(in, name, MAGIC.length());
    if (!input.startsWith(MAGIC)) {
      throw input.error("does not begin with the word gem5");
    }
    byte[] message = new byte[MOST_MESSAGE_BYTES];
    ProtobufFields fields = new ProtobufFields(FIELDS);
    long accesses = 0;
    boolean isHeader = true;
    try (ImportSession session = new ImportSession(target, true, UNKNOWN_ARCHITECTURE, name)) {
      for (long length = input.varintOrEnd(); length >= 0; length = input.varintOrEnd()) {
        if (length > MOST_MESSAGE_BYTES) {
          throw input.error("a message of " + length + " bytes; the file is damaged");
        }
        input.message(message, (int) length);
        if (isHeader) {
          isHeader = false;
          continue;
        }
        if (!fields.read(message, (int) length)) {
          throw input.error("a packet that is no protocol buffer message");
        }
        session.access(
            kindOf(fields, input),
            fields.get(FIELD_SIZE, 0),
            fields.get(FIELD_ADDRESS, 0),
            1,
            fields.get(FIELD_PC, Ltrace.NO_PC),
            input.place());
        accesses++;
      }
    }
    requireSome(accesses, name);
  }

  private static int kindOf(ProtobufFields fields, BinaryInput input) {
    long command = fields.get(FIELD_COMMAND, 0);
    if (command == READ) {
      boolean isFetch = (fields.get(FIELD_FLAGS, 0) & FETCH_FLAG) != 0;
      return isFetch ? AccessKind.FETCH : AccessKind.LOAD;
    }
    if (command == WRITE) {
      return AccessKind.STORE;
    }
    throw input.error(
        "command " + command
            + " is neither 1 (read request) nor 4 (write request); record the trace where only those occur");
  }
}
