package org.legosim.reports.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.legosim.timing.params.Unit;

class AxisTest {
  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).toList();
  }

  @Test
  void powersOfTwo_standEvenly_withATickAtEach() {
    TreeSet<Double> sizes = new TreeSet<>();
    for (int i = 20; i <= 25; i++) {
      sizes.add((double) (1L << i));
    }
    Axis axis = Axis.ofKey("pcache.size", sizes, Unit.BYTES);
    assertEquals("pcache.size [MiB]", axis.title());
    assertEquals(List.of("1", "2", "4", "8", "16", "32"), labels(axis));
    double step = axis.at(2 << 20) - axis.at(1 << 20);
    assertEquals(step, axis.at(32 << 20) - axis.at(16 << 20), 1e-9);
    assertTrue(axis.at(1 << 20) > 0 && axis.at(32 << 20) < 1);
  }

  @Test
  void magnitudes_beginAtZero_unlessTheySpanMuch() {
    Axis linear = Axis.ofMagnitude("latency", 5_000, 14_000, Unit.NS);
    assertEquals("latency [\u00b5s]", linear.title());
    assertEquals(List.of("0", "5", "10", "15"), labels(linear));
    assertEquals(0, linear.at(0), 1e-12);
    Axis log = Axis.ofMagnitude("time", 42e6, 3.1e9, Unit.NS);
    assertEquals(List.of("50 ms", "100 ms", "200 ms", "500 ms", "1 s", "2 s"), labels(log));
  }

  @Test
  void shares_zoomIn_andEndAtOne() {
    Axis axis = Axis.ofShare("hit ratio", 0.9313, 0.9987);
    assertEquals("hit ratio [%]", axis.title());
    assertEquals(List.of("92", "94", "96", "98", "100"), labels(axis));
    assertEquals(1, axis.at(1), 1e-9);
  }

  @Test
  void percentiles_giveEachNineTheSameRoom() {
    Axis axis = Axis.ofPercentiles(10_000);
    assertEquals(List.of("0", "50", "90", "99", "99.9", "99.99"), labels(axis));
    assertEquals(axis.at(0.99) - axis.at(0.9), axis.at(0.999) - axis.at(0.99), 1e-9);
    assertEquals(1, axis.at(0.9999), 1e-9);
  }

  @Test
  void oneValueOrNothing_stillMakesAnAxis() {
    TreeSet<Double> one = new TreeSet<>(List.of(8.0));
    assertEquals(0.5, Axis.ofKey("ways", one, Unit.COUNT).at(8), 1e-9);
    assertTrue(Double.isFinite(Axis.ofMagnitude("x", 0, 0, Unit.COUNT).at(0)));
    assertTrue(Double.isFinite(Axis.ofShare("x", 1, 1).at(1)));
    assertTrue(Double.isFinite(Axis.ofLength("x", 0, Unit.NS).at(0)));
  }
}
