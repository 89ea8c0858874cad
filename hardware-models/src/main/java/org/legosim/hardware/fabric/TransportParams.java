package org.legosim.hardware.fabric;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** The reliable connection's timers and counts, as a queue pair is given them. */
public record TransportParams(
    @Parameter(
        key = "network.rc.timeout",
        unit = Unit.COUNT,
        defaultValue = "21",
        range = "1..31",
        doc =
            "Exponent n of the time without an acknowledgement after which packets are sent again:"
                + " 4.096 us x 2^n",
        source = "LegoOS net/lego/fit_internal.c: timeout 21, which is 8.59 s")
    int timeoutExponent,

    @Parameter(
        key = "network.rc.retries",
        unit = Unit.COUNT,
        defaultValue = "7",
        range = "0..7",
        doc = "Times that packets are sent again without progress before the queue pair fails",
        source = "LegoOS net/lego/fit_internal.c: retry_cnt 7")
    int retries,

    @Parameter(
        key = "network.rc.receiverRetries",
        unit = Unit.COUNT,
        defaultValue = "7",
        range = "0..7",
        doc =
            "Times that a message is sent again to a receiver that had posted no receive; 7: for ever",
        source = "LegoOS net/lego/fit_internal.c: rnr_retry 7")
    int receiverRetries,

    @Parameter(
        key = "network.rc.receiverTimer",
        unit = Unit.PS,
        defaultValue = "640 us",
        doc = "Time that a sender waits before it tries such a receiver again",
        source = "LegoOS net/lego/fit_internal.c: min_rnr_timer 12, which encodes 0.64 ms",
        status = Status.ASSUMED)
    Constant receiverTimerPs) {

  private static final long TICK_PS = 4_096_000;

  /** Time without an acknowledgement after which packets are sent again. */
  public long timeoutPs() {
    return TICK_PS << timeoutExponent;
  }
}
