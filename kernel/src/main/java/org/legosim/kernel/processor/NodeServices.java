package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.trace.Mapping;

/** What a processor node needs from the rest of the system; given when it is wired. */
public interface NodeServices {
  /** The path by which a context sends its request and waits for the reply. */
  KernelPath sendReply(KernelContext context);

  /** Kernel work on user memory for one CPU. */
  MemoryPaths memoryPaths(KernelContext context);

  /** A fresh, empty address space on the processor node. */
  ProcessMemory createMemory(UserProcess process);

  /** The last task has ended: daemons stop. */
  void allTasksEnded();

  /** log2 of the bytes of a page, the unit of translation. */
  int pageShift();

  /** log2 of the bytes that are looked up at once: a page, or a sector of one. */
  default int lookupShift() {
    return pageShift();
  }

  /** Frames that user pages can lie in. */
  long frames();

  /** Sets of the cache that they form. */
  int sets();

  /** Number of the fill that a frame's content comes from. */
  int generation(int frame);

  /** A page-level hit on a frame; called only when {@link #policySeesHits}. */
  void onHit(int frame);

  /** True when system calls ask a memory node. */
  boolean isRemote();

  /** Who has the files. */
  default StorageAccess storage() {
    return StorageAccess.NONE;
  }

  /** True when the configuration keeps messages from arriving: programs whose memory is lost are killed. */
  default boolean mayBeCutOff() {
    return false;
  }

  /** A node's name, by its number in the RPC layer. */
  default String nodeName(int number) {
    return "node " + number;
  }

  /** True when one call at a time changes a process's mappings, as the corrected kernel has it. */
  default boolean serialisesMappingCalls() {
    return false;
  }

  /** Which defects the node's kernel has and what is judged. */
  default KernelSetup setup() {
    return KernelSetup.CORRECTED;
  }

  /** Who sees every access and every change of mappings. */
  default AccessAudit audit() {
    return AccessAudit.NONE;
  }

  /** True when a replacement policy looks at every hit: nobody may then run ahead. */
  boolean policySeesHits();

  /** Gives a process, whose memory is created, its mappings at the memory node without simulated time: when a trace begins. */
  void loadImage(UserProcess process, ImagePlacement image);

  /** What the process's next exec request will leave as its mappings. */
  void stageImage(UserProcess process, ImagePlacement image);

  /** Where a captured image lies in the simulated address space. */
  default ImagePlacement placeImage(UserProcess process, List<Mapping> captured) {
    return ImagePlacement.captured(captured);
  }

  /**
   * Room for pages that a trace touches without a call that made them, when addresses are not the
   * captured ones.
   *
   * @return the first simulated address, or 0 when such pages are not accepted
   */
  default long mapTouched(UserProcess process, long bytes) {
    return 0;
  }
}
