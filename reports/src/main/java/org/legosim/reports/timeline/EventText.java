package org.legosim.reports.timeline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.legosim.reports.Json;
import org.legosim.reports.Printable;
import org.legosim.timing.OutputException;
import org.legosim.timing.timeline.SliceDetails;

/** The characters of a timeline: events one a line, written as they come. */
final class EventText {
  private static final int BUFFER_CHARS = 1 << 16;
  private static final int NAME_CHARS_MAX = 160;
  private static final int NAMES_KEPT = 4096;
  private static final long PS_PER_US = 1_000_000;

  private final OutputStream out;
  private final Function<IOException, OutputException> failure;
  private final StringBuilder text = new StringBuilder(BUFFER_CHARS + 1024);
  private final Map<String, String> quoted = new LinkedHashMap<>();
  private boolean isFirst = true;

  /**
   * @param failure what to throw when {@code out} fails
   */
  EventText(OutputStream out, Function<IOException, OutputException> failure) {
    this.out = out;
    this.failure = failure;
    text.append("{\"traceEvents\":[\n");
  }

  /** A name as a JSON string, short and without what could act on a terminal. */
  String quote(String name) {
    String known = quoted.get(name);
    if (known != null) {
      return known;
    }
    int end =
        name.offsetByCodePoints(0, Math.min(NAME_CHARS_MAX, name.codePointCount(0, name.length())));
    String made = Json.compact(Printable.of(name.substring(0, end)));
    if (quoted.size() < NAMES_KEPT) {
      quoted.put(name, made);
    }
    return made;
  }

  /** Opens an event; the caller adds members and calls {@link #endEvent}. */
  EventText event(String phase, int process) {
    if (!isFirst) {
      text.append(",\n");
    }
    isFirst = false;
    text.append("{\"ph\":\"").append(phase).append("\",\"pid\":").append(process);
    return this;
  }

  EventText thread(int thread) {
    return number("tid", thread);
  }

  EventText number(String key, long value) {
    text.append(",\"").append(key).append("\":").append(value);
    return this;
  }

  /** A member whose value is JSON already. */
  EventText raw(String key, String json) {
    text.append(",\"").append(key).append("\":").append(json);
    return this;
  }

  /** A time in the format's microseconds; six decimals are picoseconds, so nothing is rounded. */
  EventText time(String key, long ps) {
    text.append(",\"").append(key).append("\":");
    appendTime(text, ps);
    return this;
  }

  static void appendTime(StringBuilder to, long ps) {
    to.append(ps / PS_PER_US).append('.');
    long fraction = ps % PS_PER_US;
    for (long digit = PS_PER_US / 10; digit > 1 && fraction < digit; digit /= 10) {
      to.append('0');
    }
    to.append(fraction);
  }

  /** The values of a slice. */
  EventText values(SliceDetails details) {
    if (details.count() == 0) {
      return this;
    }
    text.append(",\"args\":{");
    for (int i = 0; i < details.count(); i++) {
      text.append(i == 0 ? "\"" : ",\"").append(details.key(i)).append("\":");
      switch (details.form(i)) {
        case TEXT -> text.append(quote(details.text(i)));
        case NUMBER -> text.append(details.number(i));
        case ADDRESS ->
          text.append("\"0x").append(Long.toHexString(details.number(i))).append('"');
      }
    }
    text.append('}');
    return this;
  }

  void endEvent() {
    text.append('}');
    if (text.length() >= BUFFER_CHARS) {
      flush();
    }
  }

  /** Ends the array and the document. */
  void finish(Map<String, ?> facts) {
    text.append("\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":");
    text.append(Json.compact(facts)).append("}\n");
    flush();
  }

  private void flush() {
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failure.apply(e);
    }
    text.setLength(0);
  }
}
