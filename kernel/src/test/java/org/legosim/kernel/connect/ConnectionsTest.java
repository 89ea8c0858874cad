package org.legosim.kernel.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.boot.BootSequence;
import org.legosim.kernel.boot.BootStep;
import org.legosim.kernel.failure.FailureParams;
import org.legosim.kernel.failure.FailurePlan;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.Units;

/** Row 24 of the diary: how nodes get their connections, what can fail meanwhile, and what comes of it. */
class ConnectionsTest {
  private static final long MS = Units.PS_PER_MS;
  private static final long SECOND = Units.PS_PER_SECOND;
  private static final long SEND_PS = 2_000_000;
  private static final Map<String, String> SIMULATED = Map.of("fit.connect.when", "simulated");

  private static Connections boot(int nodes, List<String> failures, String... faults) {
    List<String> names = List.of("P0", "M0", "M1", "M2").subList(0, nodes);
    return new Connections(
        Defaults.of(ConnectParams.class, SIMULATED),
        new SetupShape(names, 12, 1, 4 << 20, 20_000, SEND_PS),
        FailurePlan.of(new FailureParams(failures), names),
        ConnectDefects.of(List.of(faults)));
  }

  private static long timePs(Connections made, int node, SetupStep.Stage stage) {
    return made.steps().stream()
        .filter(step -> step.node() == node && step.stage() == stage)
        .mapToLong(SetupStep::timePs)
        .max()
        .orElseThrow();
  }

  /** 7 x 8 s of datagrams; 12 x (5 + 3.4) ms; 12 x 2 x 3.4 ms and 1,537 receives; 10 s; one send. */
  @Test
  void twoNodes_takeTheSumOfTheirSteps() {
    Connections made = boot(2, List.of());
    long initPs = 56 * SECOND + 12 * 8_400 * Units.PS_PER_US;
    long readyPs = initPs + 24 * 3_400 * Units.PS_PER_US + 1_537 * 20_000;
    assertEquals(56 * SECOND, timePs(made, 0, SetupStep.Stage.LID));
    assertEquals(initPs, timePs(made, 0, SetupStep.Stage.RINGS));
    assertEquals(readyPs, timePs(made, 0, SetupStep.Stage.CONNECT));
    assertEquals(readyPs + 10 * SECOND, timePs(made, 1, SetupStep.Stage.SLEEP));
    assertEquals(readyPs + 10 * SECOND + SEND_PS, made.startPs());
    made.verifyStarts(0);
    assertTrue(made.hasContext(0));
  }

  /** The diary's log of three nodes: 70 ms to the seventh failure, 82 ms for a peer, 60 to 75 s in all. */
  @Test
  void timesOfTheDiary() {
    long failsPs = timePs(boot(3, List.of("P0 modify-qp 6")), 0, SetupStep.Stage.QUEUE_PAIRS);
    assertTrue(Math.abs(failsPs - 56 * SECOND - 69 * MS) < 15 * MS, failsPs + " ps");
    Connections made = boot(3, List.of());
    long peerPs = timePs(made, 0, SetupStep.Stage.CONNECT)
        - made.steps().stream()
            .filter(s -> s.node() == 0 && s.stage() == SetupStep.Stage.CONNECT)
            .findFirst()
            .orElseThrow()
            .timePs();
    assertTrue(Math.abs(peerPs - 82 * MS) < MS, peerPs + " ps");
    assertTrue(made.startPs() > 60 * SECOND && made.startPs() < 75 * SECOND);
  }

  @Test
  void bothEndsOfAConnection_nameTheSameQueuePair_andNoneIsNamedTwice() {
    Connections made = boot(4, List.of());
    for (int node = 0; node < 4; node++) {
      Set<Integer> own = new TreeSet<>();
      for (int peer = 0; peer < 4; peer++) {
        for (int connection = 0; peer != node && connection < 12; connection++) {
          assertEquals(
              made.localQueuePair(peer, node, connection),
              made.remoteQueuePair(node, peer, connection));
          own.add(made.localQueuePair(node, peer, connection));
        }
      }
      assertEquals(new TreeSet<>(Stream.iterate(80, i -> i + 1).limit(36).toList()), own);
    }
    assertEquals(80 + 12 + 5, made.remoteQueuePair(1, 2, 5));
    assertEquals(80 + 12 + 5, made.remoteQueuePair(2, 0, 5));
  }

  @Test
  void datagramsThatAreLostOrRefused_costTimeAndNothingElse() {
    Connections made = boot(2, List.of("P0 mads-lost 1", "P0 mad-ifc 1"));
    made.verifyStarts(0);
    assertTrue(made.text().contains("ib_process_mad mad_ifc fails"), made.text());
    // M0 has its pause behind it when P0 has its first datagrams: its adapter sends again.
    long atM0 = timePs(made, 1, SetupStep.Stage.SLEEP);
    assertEquals(16 * SECOND, timePs(made, 0, SetupStep.Stage.SLEEP) - atM0);
    long again = (timePs(made, 1, SetupStep.Stage.ADDRESSES) - SEND_PS - atM0)
        / Defaults.of(ConnectParams.class, SIMULATED).ackTimeoutPs();
    assertEquals(1, again);
    assertTrue(made.text().contains("sent again 1 times for want of an answer"), made.text());
  }

  @Test
  void portThatIsActiveLate_isLookedAtEverySecond() {
    Connections made = boot(2, List.of("P0 port-late 2500 ms"));
    assertEquals(59 * SECOND, timePs(made, 0, SetupStep.Stage.PORT));
    assertTrue(made.text().contains("active after 4 looks"), made.text());
  }

  @Test
  void wrongNumberOfAPort_haltsTheNode_andTheOthersWaitForIt() {
    Connections made = boot(3, List.of("M1 lid 14"));
    String text =
        assertThrows(InvariantViolation.class, () -> made.verifyStarts(0)).getMessage();
    assertTrue(text.contains("P0: its connection to M1 has failed"), text);
    assertTrue(text.contains("M1: halts: its port has LID 14, the table"), text);
  }

  /** 8 attempts of 8.6 s: a node that comes 68 s late is still found, at 80 s later no more. */
  @Test
  void nodeThatBootsLate_isFoundByTheRetries_orNotAtAll() {
    Connections late = boot(2, List.of("M0 boot-late 40 s"));
    late.verifyStarts(0);
    // M0 makes its end 30 s after P0's pause: the fourth repetition, 34.4 s after it, arrives.
    assertTrue(
        late.text().contains("to M0, sent again 4 times for want of an answer"), late.text());
    assertEquals(
        timePs(late, 1, SetupStep.Stage.ADDRESSES),
        late.startPs(),
        "M0 is ready with its own send");
    Connections gone = boot(2, List.of("M0 boot-late 90 s"));
    String text =
        assertThrows(InvariantViolation.class, () -> gone.verifyStarts(0)).getMessage();
    assertTrue(text.contains("its connection to M0 has failed"), text);
    assertTrue(gone.text().contains("no answer in 8 attempts"), gone.text());
  }

  /** F-16: with the defect the node starts programs without a context; without it, it halts. */
  @Test
  void queuePairThatCannotBeModified_leavesNoContext() {
    Connections defect = boot(2, List.of("P0 modify-qp 6"), "F-16");
    defect.verifyStarts(0);
    assertFalse(defect.hasContext(0));
    Connections corrected = boot(2, List.of("P0 modify-qp 6"));
    assertTrue(corrected.hasContext(0));
    String text =
        assertThrows(InvariantViolation.class, () -> corrected.verifyStarts(0)).getMessage();
    assertTrue(text.startsWith("boot: P0: Fail to modify qp[6]"), text);
    assertTrue(text.contains("M0: its connection to P0 has failed"), text);
  }

  @Test
  void everyStage_isAStepOfTheBoot() {
    List<String> boot =
        BootSequence.legoOs().steps().stream().map(BootStep::name).toList();
    List<String> stages =
        Stream.of(SetupStep.Stage.values()).map(SetupStep.Stage::title).toList();
    assertEquals(stages, boot.stream().filter(stages::contains).collect(Collectors.toList()));
  }

  @Test
  void whatIsNotUnderstood_isRefusedWithItsReason() {
    Map.of(
            "P7 modify-qp 6", "there is no node P7; the machine's nodes are P0, M0",
            "P0 explode", "'explode' is nothing that can fail",
            "P0 lid x", "lid needs a number",
            "P0 port-late 3", "'3' is no time",
            "P0", "write NODE WHAT",
            "P0+P0 unreachable 1 ms", "P0 is named twice",
            "P0 cut-from M0+P0 1 ms", "P0 is on both sides",
            "M0 down 5 ms..3 ms", "over before it begins",
            "P0 down 5 ms", "takes its programs with it",
            "M0 slow 5", "write how many times")
        .forEach((failure, reason) -> {
          String text = assertThrows(ConfigException.class, () -> boot(2, List.of(failure)))
              .getMessage();
          assertTrue(text.contains(reason), text);
        });
    ConnectParams two = new ConnectParams(
        ConnectParams.When.SIMULATED,
        80,
        List.of("13", "16"),
        7,
        Defaults.of(ConnectParams.class).madInterval(),
        SECOND,
        Defaults.of(ConnectParams.class).createQueuePair(),
        Defaults.of(ConnectParams.class).modifyQueuePair(),
        128,
        10 * SECOND,
        21,
        7);
    SetupShape three = new SetupShape(List.of("P0", "M0", "M1"), 12, 1, 4 << 20, 0, 0);
    String text = assertThrows(
            ConfigException.class,
            () -> new Connections(two, three, FailurePlan.NONE, ConnectDefects.NONE))
        .getMessage();
    assertTrue(text.contains("2 numbers for 3 nodes (P0, M0, M1)"), text);
  }
}
