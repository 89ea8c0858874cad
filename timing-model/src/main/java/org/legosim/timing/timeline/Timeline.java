package org.legosim.timing.timeline;

/**
 * Receives what a run does, on tracks. The slices of a track nest; a track's calls come in the order
 * of time. All times are simulated picoseconds. Receiving changes nothing in the run, and a model that
 * sees {@link #NONE} calls nothing.
 */
public interface Timeline {
  /** What a track shows. */
  enum Kind {
    /** A CPU: its tasks, and their kernel paths within them. */
    CPU,

    /** The interrupts of the CPU whose track was added before. */
    INTERRUPTS,

    /** A kernel thread with a CPU of its own. */
    KERNEL_THREAD
  }

  /** The parts of an arrow: where a message starts, where it is worked on, where it arrives. */
  enum Flow {
    BEGIN,
    STEP,
    END
  }

  /** How the values of a counter are to be read. */
  enum Counting {
    /** A state, told at every change. */
    LEVEL,

    /** What happened in the interval that begins at the value's time. */
    PER_INTERVAL
  }

  /** Shows nothing. */
  Timeline NONE = new NoTimeline();

  /**
   * Adds a track.
   *
   * @param name the node's name, a dot, and the name within the node: {@code P0.cpu3}
   * @return the track's number
   */
  int addTrack(String name, Kind kind);

  /** Adds a counter; its name is built as that of a track. */
  int addCounter(String name, Counting counting);

  /** Begins a slice within those that are open; the details are read before the call returns. */
  void begin(int track, long timePs, SliceDetails details);

  /** Ends the innermost open slice; of the details only the values matter. */
  void end(int track, long timePs, SliceDetails details);

  /** A whole slice on a track that has no other kind; called at any time up to its end. */
  void slice(int track, long startPs, long endPs, SliceDetails details);

  /** An arrow's part, in the innermost open slice of a track. */
  void flow(int track, long timePs, Flow part, long arrow);

  /** A number for an arrow, above 0. */
  long newArrow();

  /** A counter's value from {@code timePs} on. */
  void count(int counter, long timePs, long value);
}
