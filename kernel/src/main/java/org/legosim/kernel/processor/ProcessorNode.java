package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.legosim.hardware.core.CoreParams;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.sched.SchedDefects;
import org.legosim.kernel.smp.SmpKernel;
import org.legosim.timing.Units;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage;

/**
 * A processor node: its CPUs, the tasks of the traces it replays, the gates between them and where
 * tasks are placed.
 *
 * <p>Placement is the real kernel's, {@link org.legosim.kernel.sched.Placement}.
 */
public final class ProcessorNode {
  private final Simulation simulation;
  private final String name;
  private final ProcessorParams params;
  private final Topology topology;
  private final KernelCosts costs;
  private final NodeServices services;
  private final UserModes modes;
  private final List<Cpu> cpus = new ArrayList<>();
  private final NodeScheduler scheduling;
  private final SmpKernel smp;
  private final CallTargets targets;
  private final DispatchLock dispatchLock;
  private final SchedDefects defects;
  private final List<ShootdownPath> shootdownPaths = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<UserProcess> processes = new ArrayList<>();
  private final NodeFiles files;
  private final Children children = new Children();
  private final NodeKernel kernel;
  private final SignalSends signals = new SignalSends(this);
  private final LostPrograms lostPrograms;
  private final Births births;
  private final Set<String> approximations = new LinkedHashSet<>();
  private final long lookAheadPs;
  private final long tickPs;
  private int livingTasks;
  private long endPs;
  private long futexWaits;
  private final AddressTranslation translation;
  private final RecordCount recordsRead = new RecordCount();
  private final Gates gates;
  private final TaskMemory taskMemory;

  public ProcessorNode(
      Simulation simulation,
      String name,
      ProcessorParams params,
      ProcessorCosts costs,
      CpuModel model,
      NodeServices services) {
    this.simulation = simulation;
    this.gates = new Gates(simulation, this);
    this.name = name;
    this.params = params;
    this.kernel = new NodeKernel(params.pidMax());
    this.topology = params.topology();
    this.costs = new KernelCosts(simulation.ledger(), costs);
    this.services = services;
    this.lostPrograms = new LostPrograms(this, services);
    this.births = new Births(this, services);
    this.dispatchLock = new DispatchLock(params.smp().bigSyscallLock());
    this.smp = new SmpKernel(
        params.cpus(),
        services.setup().faults(),
        services.setup().judgesInvariants(),
        index -> TaskMemory.nameOf(tasks.get(index)));
    AllocDefects allocDefects = AllocDefects.of(services.setup().faults());
    this.taskMemory = new TaskMemory(
        new KernelHeap(name, costs.alloc(), allocDefects, simulation.profile()),
        costs,
        params.cpus(),
        services.setup(),
        smp);
    this.translation = new AddressTranslation(services, this::approximate);
    this.lookAheadPs =
        services.policySeesHits() ? 0 : costs.shootdown().delivery().value();
    this.tickPs = Units.PS_PER_SECOND / params.hz();
    this.defects = SchedDefects.of(services.setup().faults());
    this.files = new NodeFiles(this, params.activeMask() + "\n");
    this.targets = new CallTargets(simulation, cpus, topology, smp);
    this.modes = new UserModes(simulation, name, model, topology, this.costs.coldRecords, services);
    for (int index = 0; index < params.cpus(); index++) {
      cpus.add(new Cpu(simulation, this, index, modes.create(index)));
    }
    this.scheduling = new NodeScheduler(simulation, this, params, defects);
    for (Cpu cpu : cpus) {
      wire(cpu);
    }
  }

  private void wire(Cpu cpu) {
    ShootdownPath shootdown = newShootdownPath(cpu, cpu.cpuIndex());
    cpu.wire(services.sendReply(cpu), shootdown);
    MemoryPaths memory = services.memoryPaths(cpu);
    cpu.start(new TaskExecution(cpu, this, memory, new SyscallPath(cpu, this, memory)));
  }

  /** A shootdown path for a context of this node that runs on {@code cpu}, or beside the CPUs. */
  public ShootdownPath newShootdownPath(
      org.legosim.timing.engine.ExecutionContext context, int cpu) {
    if (cpu >= cpus.size()) {
      smp.descriptors().prepare(cpu);
    }
    ShootdownPath path = new ShootdownPath(context, cpu, targets, costs.shootdown);
    shootdownPaths.add(path);
    return path;
  }

  /** Tells {@code watcher} now and then how many records of all threads have been read. */
  public void watchRecords(LongConsumer watcher) {
    recordsRead.watch(watcher);
  }

  RecordCount recordsRead() {
    return recordsRead;
  }

  /** Adds the processes and threads of a trace; they begin at {@code startPs}. */
  public void load(TraceImage trace, int homeNode, long startPs) {
    ReplayOrder order = switch (params.order()) {
      case STRICT -> ReplayOrder.STRICT;
      case PER_ADDRESS -> ReplayOrder.PER_ADDRESS;
      case SEMANTIC -> ReplayOrder.SEMANTIC;
    };
    int firstTask = tasks.size();
    TracedLocks locks = new TracedLocks();
    List<UserProcess> loaded = new ArrayList<>();
    for (var image : trace.processes()) {
      UserProcess process =
          new UserProcess(processes.size(), image, kernel.tgidFor(image.pid()), homeNode);
      processes.add(process);
      loaded.add(process);
      kernel.add(process, loaded);
    }
    for (int thread = 0; thread < trace.threads().size(); thread++) {
      var image = trace.threads().get(thread);
      UserProcess process = loaded.get(NodeKernel.processIndex(trace, image.pid()));
      Task task = new Task(
          tasks.size(),
          image.tid(),
          process,
          firstTask,
          trace.open(thread),
          trace.gates(thread, order),
          new TaskMeaning(trace.meanings(thread, order), locks),
          scheduling.initMask());
      tasks.add(task);
      process.threadStarted();
      livingTasks++;
      children.add(task);
    }
    scheduling.start();
    for (Task task : tasks.subList(firstTask, tasks.size())) {
      if (gates.isHeldAt(task, 0)) {
        task.awaited.watchers.add(task);
      } else {
        begin(task, startPs);
      }
    }
  }

  private void begin(Task task, long startPs) {
    UserProcess process = task.process;
    if (process.memory().index() < 0) {
      kernel.number(process);
      ImagePlacement image = translation.next(process, kernel);
      process.replaceMemory(services.createMemory(process));
      AddressTranslation.begin(process, image);
      services.audit().image(process.memory().index(), image.mappings());
      process.life().setState(ProcessLife.State.LIVING);
      services.loadImage(process, image);
    }
    Cpu cpu = scheduling.place(task, 0);
    cpu.enqueueAt(cpu.id(), startPs, task);
  }

  Gates gates() {
    return gates;
  }

  void wakeUp(Task task, Cpu waker) {
    boolean isAsleep = task.state == Task.State.HELD || task.state == Task.State.NEW;
    // one that was killed where it slept has been woken
    if (isAsleep && task.wakePs == Task.NOT_WAKING) {
      scheduling.wakeUp(task, waker);
    }
  }

  SignalSends signals() {
    return signals;
  }

  /** A task that was never born is counted out. */
  void buried() {
    livingTasks--;
  }

  /** Between two attempts of a task that spins for a lock of its program. */
  int spinInstructions() {
    return params.spinInstructions();
  }

  /** True when locks are replayed by meaning: then who waits is not what the capture says. */
  boolean replaysByMeaning() {
    return params.order() == ProcessorParams.ReplayMode.SEMANTIC;
  }

  /** The task waits for a lock of its program and leaves its CPU. */
  void holdForLock(Task task) {
    block(task);
    task.awaited = task;
    task.awaitedRecord = Long.MAX_VALUE;
  }

  void hold(Task task) {
    block(task);
    task.awaited.watchers.add(task);
  }

  /** The task leaves its CPU until somebody wakes it up. */
  void block(Task task) {
    task.state = Task.State.HELD;
    cpus.get(task.cpu).scheduler().block();
  }

  /** The task leaves its CPU until {@code wakePs}. */
  void sleep(Task task, Cpu cpu, long wakePs) {
    task.state = Task.State.HELD;
    task.isWokenFromAfar = false;
    cpu.scheduler().block();
    task.isSleeping = true;
    cpu.enqueueAt(cpu.id(), wakePs, task);
  }

  NodeScheduler scheduling() {
    return scheduling;
  }

  ProcessorParams params() {
    return params;
  }

  /** Counts the task's end; true when its process has no other thread. */
  boolean lastOfProcess(Task task) {
    return task.process.threadEnded();
  }

  void ended(Task task, Cpu cpu) {
    task.state = Task.State.ENDED;
    task.clock.verify();
    task.source.close();
    task.process.syscalls().add(task.kernel.syscalls);
    cpu.scheduler().block();
    livingTasks--;
    taskMemory.exited(task);
    files.ended(task, cpu);
    endPs = Math.max(endPs, simulation.nowPs());
    signals.ends.ended(task, cpu);
    if (livingTasks == 0) {
      services.allTasksEnded();
    }
  }

  TaskMemory taskMemory() {
    return taskMemory;
  }

  /** What must hold once the run is over. */
  public void verify() {
    taskMemory.verify();
  }

  Births births() {
    return births;
  }

  Children children() {
    return children;
  }

  /** True when one call at a time changes a process's mappings. */
  boolean serialisesMappingCalls() {
    return services.serialisesMappingCalls();
  }

  CoreParams core() {
    return modes.core();
  }

  AccessAudit audit() {
    return services.audit();
  }

  ProcessMemory createMemory(UserProcess process) {
    return services.createMemory(process);
  }

  AddressTranslation translation() {
    return translation;
  }

  /** Names something that this run approximates; each text is reported once. */
  void approximate(String sentence) {
    approximations.add(sentence);
  }

  LostPrograms lostPrograms() {
    return lostPrograms;
  }

  /** Programs that were killed because their memory did not answer. */
  public long programsKilled() {
    return lostPrograms.count();
  }

  /** The CPUs as those that ask them to flush see them. */
  CallTargets targets() {
    return targets;
  }

  DispatchLock dispatchLock() {
    return dispatchLock;
  }

  /** The CPUs as the kernel knows them. */
  SmpKernel smp() {
    return smp;
  }

  public String name() {
    return name;
  }

  NodeKernel kernel() {
    return kernel;
  }

  KernelCosts costs() {
    return costs;
  }

  long lookAheadPs() {
    return lookAheadPs;
  }

  long tickPs() {
    return tickPs;
  }

  boolean isRemote() {
    return services.isRemote();
  }

  StorageAccess storage() {
    return services.storage();
  }

  Task task(int index) {
    return tasks.get(index);
  }

  List<Task> tasks() {
    return tasks;
  }

  long llcMisses() {
    return modes.llcMisses();
  }

  List<Cpu> cpus() {
    return cpus;
  }

  NodeFiles files() {
    return files;
  }

  long shootdownCount() {
    long count = 0;
    for (ShootdownPath path : shootdownPaths) {
      count += path.count();
    }
    return count;
  }

  void countFutexWait() {
    futexWaits++;
  }

  long futexWaits() {
    return futexWaits;
  }

  /** System calls of all threads that have ended. */
  SyscallTable syscalls() {
    SyscallTable all = new SyscallTable();
    processes.forEach(process -> all.add(process.syscalls()));
    return all;
  }

  public Topology topology() {
    return topology;
  }

  public long endPs() {
    return endPs;
  }

  /** A line for each task that has not ended, for a deadlock's message. */
  public String describeTasks() {
    StringBuilder out = new StringBuilder();
    for (Task task : tasks) {
      if (task.state != Task.State.ENDED) {
        out.append(task.describe()).append('\n');
      }
    }
    return out.toString();
  }

  public int livingTasks() {
    return livingTasks;
  }

  public List<String> approximations() {
    List<String> all = new ArrayList<>(approximations);
    all.addAll(taskMemory.warnings());
    all.addAll(scheduling.workQueues().held());
    return all;
  }
}
