package org.legosim.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.legosim.reports.Json;
import org.legosim.reports.Printable;
import org.legosim.trace.TraceVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether a trace is whole. */
@Command(
    name = "verify",
    description = {
      "Checks that a trace is whole.",
      "Every checksum and every record, and that index, gates and digest are what the records give.",
      "Exits with 3 and the place of the first thing that is wrong."
    })
final class TraceVerifyCommand implements Runnable {
  private final Console console;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  @Parameters(paramLabel = "TRACE", description = "A trace in any form.")
  private Path trace;

  TraceVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TraceVerifier.Result result = TraceVerifier.verify(trace);
    console.out().print(format == Format.JSON ? json(result) : text(result));
  }

  private String text(TraceVerifier.Result result) {
    String what = result.blocks() == 0
        ? "readable, not native: nothing but its records could be checked"
        : "whole: " + TraceStreams.counted(result.blocks(), "block", "blocks")
            + (result.isPacked() ? ", index and gates fit the records" : ", not packed");
    return Printable.of(trace.toString()) + ": " + what + "\n"
        + TraceStreams.counted(TraceStreams.accesses(result.index()), "access", "accesses")
        + ", digest " + result.index().digest() + "\n";
  }

  private static String json(TraceVerifier.Result result) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("whole", true);
    document.put("packed", result.isPacked());
    document.put("blocks", result.blocks());
    document.put("accesses", TraceStreams.accesses(result.index()));
    document.put("digest", result.index().digest());
    return Json.text(document);
  }
}
