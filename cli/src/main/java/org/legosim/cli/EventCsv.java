package org.legosim.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.legosim.kernel.pcache.EventLog;

/** Writes every pcache event as a line of CSV, in order. */
final class EventCsv implements EventLog, AutoCloseable {
  private static final String HEADER = "time_ps,cpu,kind,tgid,uva,set,way\n";

  private final OutputFile file;
  private final OutputStream out;
  private final StringBuilder line = new StringBuilder(96);

  EventCsv(Path path) {
    file = OutputFile.create(path);
    out = file.stream();
    line.append(HEADER);
    writeLine();
  }

  @Override
  public void event(long timePs, int cpu, char kind, int tgid, long address, int set, int way) {
    line.append(timePs).append(',').append(cpu).append(',').append(kind).append(',');
    line.append(tgid).append(",0x").append(Long.toHexString(address)).append(',');
    line.append(set).append(',').append(way).append('\n');
    writeLine();
  }

  private void writeLine() {
    try {
      out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw file.failed(e);
    }
    line.setLength(0);
  }

  void complete() {
    file.complete();
  }

  @Override
  public void close() {
    file.close();
  }
}
