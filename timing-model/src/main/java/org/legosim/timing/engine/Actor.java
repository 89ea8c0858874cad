package org.legosim.timing.engine;

/** A part of the simulated machine that events are delivered to. */
public interface Actor {
  /** Handles one event at the simulation's present time. */
  void onEvent(long payload);

  /** Name for dumps and messages: {@code P0.cpu3}. */
  String name();

  /** One or more lines that explain what this actor is doing or waiting for; for a deadlock report. */
  void describe(StringBuilder out);

  /**
   * True when an event with this payload is a step of an actor that may be held up before it: a CPU that
   * would go on now, and could as well have been slower.
   */
  default boolean isStep(long payload) {
    return false;
  }

  /** True when nothing is in flight here; asked once at the end of a run. */
  boolean isQuiescent();
}
