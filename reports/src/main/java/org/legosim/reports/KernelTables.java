package org.legosim.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.SyscallRow;

/** What the simulated kernel measured of itself, laid out as it is known from real ones. */
public final class KernelTables {
  private static final double PS_PER_SECOND = 1e12;
  private static final long PS_PER_US = 1_000_000;
  private static final long PS_PER_NS = 1_000;
  private static final String INDENT = "  ";

  private KernelTables() {}

  /** System calls as {@code strace -C} prints them, most time first. */
  public static String strace(List<SyscallRow> rows) {
    List<SyscallRow> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(SyscallRow::totalPs).reversed());
    long totalPs = rows.stream().mapToLong(SyscallRow::totalPs).sum();
    StringBuilder text = new StringBuilder();
    text.append("% time     seconds  usecs/call     calls    errors syscall\n");
    String rule = "------ ----------- ----------- --------- --------- ----------------\n";
    text.append(rule);
    for (SyscallRow row : sorted) {
      call(text, row, totalPs);
    }
    text.append(rule);
    long calls = rows.stream().mapToLong(SyscallRow::calls).sum();
    long errors = rows.stream().mapToLong(SyscallRow::errors).sum();
    call(text, new SyscallRow(0, "total", calls, errors, totalPs, 0), totalPs);
    return text.toString();
  }

  private static void call(StringBuilder text, SyscallRow row, long totalPs) {
    double share = totalPs == 0 ? 0 : 100.0 * row.totalPs() / totalPs;
    right(text, Numbers.fixed(share, 2), 6);
    right(text, Numbers.fixed(row.totalPs() / PS_PER_SECOND, 6), 12);
    right(text, Long.toString(row.calls() == 0 ? 0 : row.totalPs() / row.calls() / PS_PER_US), 12);
    right(text, Long.toString(row.calls()), 10);
    right(text, row.errors() == 0 ? "" : Long.toString(row.errors()), 10);
    text.append(' ').append(Printable.of(row.name())).append('\n');
  }

  /** Profile points as the kernel prints them, node by node, each below the one around it. */
  public static String profile(List<ProfileRow> rows) {
    StringBuilder text = new StringBuilder();
    text.append("     seconds      count   avg(ns) profile point\n");
    text.append("------------ ---------- --------- ----------------\n");
    for (ProfileRow row : rows) {
      right(text, Numbers.fixed(row.totalPs() / PS_PER_SECOND, 9), 12);
      right(text, Long.toString(row.count()), 11);
      right(text, Long.toString(row.totalPs() / row.count() / PS_PER_NS), 10);
      text.append(' ').append(Printable.of(row.node())).append(' ');
      text.append(INDENT.repeat(row.point().depth()));
      text.append(row.point().kernelName()).append('\n');
    }
    return text.toString();
  }

  private static void right(StringBuilder text, String cell, int width) {
    text.append(" ".repeat(Math.max(0, width - cell.length()))).append(cell);
  }
}
