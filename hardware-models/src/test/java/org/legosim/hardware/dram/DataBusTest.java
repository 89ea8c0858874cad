package org.legosim.hardware.dram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.Seeds;
import org.legosim.timing.engine.RandomStream;

class DataBusTest {
  private record Burst(long start, int user) {}

  @Test
  void gap_isUsedOnlyWhereTheBurstAndItsTurnsFit() {
    DataBus bus = new DataBus(4, 2);
    bus.reserve(0, 0);
    bus.reserve(14, 0);
    assertEquals(4, bus.earliest(0, 0)); // same user: right behind the first
    assertEquals(6, bus.earliest(0, 1)); // another: two idle cycles on either side, 6..10 and 12
    bus.reserve(6, 1);
    assertEquals(18, bus.earliest(0, 0)); // 12..16 would overlap
    assertEquals(20, bus.earliest(13, 2));
  }

  /** Against every start in turn, over all bursts that were ever reserved. */
  @Test
  void earliest_isTheFirstStartThatDisturbsNobody() {
    for (long seed : Seeds.first(100)) {
      RandomStream random = Seeds.stream(seed, "bus");
      int turn = random.nextInt(3);
      DataBus bus = new DataBus(4, turn);
      List<Burst> bursts = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        long wanted = random.nextInt(200);
        int user = random.nextInt(3);
        long expected = wanted;
        while (!fits(bursts, new Burst(expected, user), turn)) {
          expected++;
        }
        assertEquals(expected, bus.earliest(wanted, user), Seeds.replay(seed));
        bus.reserve(expected, user);
        bursts.add(new Burst(expected, user));
      }
    }
  }

  @Test
  void forgottenBursts_areNeverOverlapped() {
    DataBus bus = new DataBus(4, 2);
    for (int i = 0; i < 100; i++) {
      bus.reserve(bus.earliest(0, i & 1), i & 1);
    }
    assertTrue(bus.earliest(0, 0) >= 100 * 6 - 2);
  }

  private static boolean fits(List<Burst> bursts, Burst wanted, int turn) {
    return bursts.stream().allMatch(held -> {
      int idle = held.user == wanted.user ? 0 : turn;
      return wanted.start + 4 + idle <= held.start || held.start + 4 + idle <= wanted.start;
    });
  }
}
