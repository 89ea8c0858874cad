package org.legosim.kernel.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.legosim.timing.ModelException;

class ProcessMonitorTest {
  @Test
  void theNodeWithTheFewestProcesses_isChosen() {
    ProcessMonitor monitor = new ProcessMonitor(3);
    int[] expected = {0, 1, 2, 0, 1};
    for (int node : expected) {
      assertEquals(node, monitor.choose());
      monitor.started(node);
    }
    monitor.ended(1);
    monitor.ended(1);
    assertEquals(1, monitor.choose());
    assertThrows(ModelException.class, () -> monitor.ended(1));
  }

  @Test
  void virtualNode_hasItsNodesNumber_andAnAddressBehind10000() {
    ProcessMonitor.VirtualNode node = new ProcessMonitor(300).virtualNode(259);
    assertEquals(259, node.id());
    assertEquals("10.0.1.3", node.dotted());
  }
}
