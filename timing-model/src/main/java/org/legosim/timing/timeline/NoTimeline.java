package org.legosim.timing.timeline;

/** Nobody watches. */
final class NoTimeline implements Timeline {
  @Override
  public int addTrack(String name, Kind kind) {
    return 0;
  }

  @Override
  public int addCounter(String name, Counting counting) {
    return 0;
  }

  @Override
  public void begin(int track, long timePs, SliceDetails details) {}

  @Override
  public void end(int track, long timePs, SliceDetails details) {}

  @Override
  public void slice(int track, long startPs, long endPs, SliceDetails details) {}

  @Override
  public void flow(int track, long timePs, Flow part, long arrow) {}

  @Override
  public long newArrow() {
    return 0;
  }

  @Override
  public void count(int counter, long timePs, long value) {}
}
