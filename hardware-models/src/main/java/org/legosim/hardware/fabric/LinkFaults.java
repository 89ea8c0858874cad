package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.RandomStream;

/** What goes wrong with a packet on a link, drawn from the run's seed in the order of sending. */
@HotPath
final class LinkFaults {
  /** In place of a delay: the packet never arrives. */
  static final long LOST = -1;

  private static final int MILLION = 1_000_000;

  private final LinkFaultParams params;
  private final RandomStream random;
  private final Packets packets;
  private final boolean isAny;

  LinkFaults(LinkFaultParams params, RandomStream random, Packets packets) {
    this.params = params;
    this.random = random;
    this.packets = packets;
    isAny = params.isAny();
  }

  boolean isAny() {
    return isAny;
  }

  /** Time for which the packet is held up, or {@link #LOST}; marks it when it arrives changed. */
  long delayPs(Channel channel, int packet, long nowPs) {
    boolean isOut = channel.cableOf != Channel.NO_NODE && params.isDown(channel.cableOf, nowPs);
    if (isOut || isHit(params.lostPerMillion())) {
      channel.lost++;
      return LOST;
    }
    if (isHit(params.corruptedPerMillion())) {
      channel.corrupted++;
      packets.isBad[packet] = true;
    }
    return isHit(params.delayedPerMillion()) ? params.delayPs() : 0;
  }

  private boolean isHit(int perMillion) {
    return perMillion > 0 && random.nextInt(MILLION) < perMillion;
  }
}
