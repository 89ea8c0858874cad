package org.legosim.benchmarks;

import java.util.concurrent.TimeUnit;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hold model: each event that is delivered schedules one, so as many stay pending. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventQueueBenchmark {
  private static final int EVENTS = 100_000;
  private static final int SPREAD_PS = 1_000_000;

  @Param({"16", "1024"})
  int pending;

  private Simulation simulation = new Simulation(1);
  private Hold hold = new Hold(simulation);

  /** Sends itself an event at a random later time for each one it gets. */
  private static final class Hold implements Actor {
    private final Simulation simulation;
    private final RandomStream random;
    private final int id;
    private int left;

    Hold(Simulation simulation) {
      this.simulation = simulation;
      this.random = simulation.stream("hold");
      this.id = simulation.register(this);
    }

    void send() {
      long timePs = simulation.nowPs() + random.nextInt(SPREAD_PS);
      simulation.schedule(id, id, Simulation.PRIORITY_NORMAL, timePs, 0);
    }

    @Override
    public void onEvent(long payload) {
      simulation.progress();
      send();
      if (--left == 0) {
        simulation.stop();
      }
    }

    @Override
    public String name() {
      return "hold";
    }

    @Override
    public void describe(StringBuilder out) {
      out.append("holding");
    }

    @Override
    public boolean isQuiescent() {
      return true;
    }
  }

  /** Fills a fresh queue. */
  @Setup(Level.Trial)
  public void fill() {
    simulation = new Simulation(1);
    hold = new Hold(simulation);
    for (int i = 0; i < pending; i++) {
      hold.send();
    }
  }

  /** One delivery and one insertion. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long holdOneEvent() {
    hold.left = EVENTS;
    simulation.run();
    return simulation.nowPs();
  }
}
