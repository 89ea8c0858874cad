package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;

/** The usual records: 64 bytes, two stores and four loads. See {@link ChampsimReader}. */
public final class ChampsimImporter extends ForeignImporter {
  public ChampsimImporter() {
    super("champsim");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    try (ImportSession session = new ImportSession(target, false, X86_64, name)) {
      ChampsimReader reader = new ChampsimReader(format(), 64, 16, 32);
      requireSome(reader.read(new BinaryInput(in, name, reader.recordBytes()), session), name);
    }
  }
}
