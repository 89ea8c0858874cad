package org.legosim.kernel.connect;

import java.util.Locale;
import org.legosim.timing.Units;

/**
 * One thing that a node does, or that happens to it, while its connections are set up.
 *
 * @param node its number
 * @param timePs when it is done, since the first node was switched on
 * @param stage the step of the boot that it belongs to
 * @param text what it is
 */
public record SetupStep(int node, long timePs, Stage stage, String text) {
  /** Steps of the boot, in their order. */
  public enum Stage {
    MADS("ib_mad"),
    CLIENT("ib_register_client"),
    PORT("ib_query_port"),
    LID("compare the LID"),
    CONTEXT("client_init_ctx: pd, mr, cqs"),
    QUEUE_PAIRS("client_init_ctx: queue pairs"),
    THREADS("FIT threads"),
    RINGS("receive rings"),
    CONNECT("connect queue pairs"),
    SLEEP("sleep"),
    ADDRESSES("send ring addresses"),
    JOIN("wait until all have joined");

    private final String title;

    Stage(String title) {
      this.title = title;
    }

    /** As the list of the boot's steps names it. */
    public String title() {
      return title;
    }
  }

  /** A line for people: node, seconds, stage, what. */
  String line(String name) {
    return String.format(
        Locale.ROOT, "%-4s %s s  %s: %s\n", name, seconds(timePs), stage.title, text);
  }

  /** Seconds with six digits behind the point, rounded down. */
  static String seconds(long ps) {
    return String.format(
        Locale.ROOT,
        "%4d.%06d",
        ps / Units.PS_PER_SECOND,
        ps % Units.PS_PER_SECOND / Units.PS_PER_US);
  }
}
