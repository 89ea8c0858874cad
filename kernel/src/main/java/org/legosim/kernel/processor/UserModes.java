package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.hardware.MemoryHierarchy;
import org.legosim.hardware.SocketMemory;
import org.legosim.hardware.core.CoreParams;
import org.legosim.timing.Frequency;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Simulation;

/** Builds the hardware of a node's CPUs: their private parts and what each socket shares. */
final class UserModes {
  private final Simulation simulation;
  private final String name;
  private final CpuModel model;
  private final Topology topology;
  private final Cost coldRecords;
  private final NodeServices services;
  private final PhysicalLayout layout;
  private final List<SocketMemory> sockets = new ArrayList<>();

  UserModes(
      Simulation simulation,
      String name,
      CpuModel model,
      Topology topology,
      Cost coldRecords,
      NodeServices services) {
    this.simulation = simulation;
    this.name = name;
    this.model = model;
    this.topology = topology;
    this.coldRecords = coldRecords;
    this.services = services;
    this.layout = new PhysicalLayout(services.frames(), services.pageShift(), services.sets());
    if (!model.isPageLevel()) {
      for (int socket = 0; socket < topology.sockets(); socket++) {
        sockets.add(new SocketMemory(
            simulation,
            name + ".socket" + socket,
            model.caches(),
            frequency(),
            model.dram().config(),
            layout.bytes()));
      }
    }
  }

  private Frequency frequency() {
    return new Frequency(model.core().frequencyHz().value());
  }

  CoreParams core() {
    return model.core();
  }

  UserMode create(int cpu) {
    AuditPoint audit = new AuditPoint(services.audit(), cpu);
    if (model.isPageLevel()) {
      return new PageMode(model.core(), simulation.ledger(), coldRecords, services, audit);
    }
    MemoryHierarchy memory = new MemoryHierarchy(
        simulation,
        name + ".cpu" + cpu,
        model.caches(),
        frequency(),
        sockets.get(topology.socketOf(cpu)),
        layout.bytes());
    return new HierarchyMode(
        model,
        simulation.ledger(),
        memory,
        new FrameGenerations(services),
        layout,
        services.pageShift(),
        services.lookupShift(),
        audit);
  }

  long llcMisses() {
    long misses = 0;
    for (SocketMemory socket : sockets) {
      misses += socket.cache().misses();
    }
    return misses;
  }
}
