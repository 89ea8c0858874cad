package org.legosim.timing.engine;

/**
 * One station that serves jobs in the order in which they are submitted. A submission returns when
 * its service begins; nothing is stored per job. Submissions must come in the order of their arrival
 * times. Little's law holds by construction: the waits add up to the integral of the queue.
 */
@HotPath
public final class Server {
  private final String name;
  private long freePs;
  private long busyPs;
  private long waitPs;
  private long jobs;

  public Server(String name) {
    this.name = name;
  }

  /** Time at which a job that arrives at {@code arrivalPs} begins a service of {@code servicePs}. */
  public long submit(long arrivalPs, long servicePs) {
    long startPs = Math.max(arrivalPs, freePs);
    waitPs += startPs - arrivalPs;
    busyPs += servicePs;
    jobs++;
    freePs = startPs + servicePs;
    return startPs;
  }

  public String name() {
    return name;
  }

  /** Time from which a new arrival would not wait. */
  public long freePs() {
    return freePs;
  }

  public long busyPs() {
    return busyPs;
  }

  public long waitPs() {
    return waitPs;
  }

  public long jobs() {
    return jobs;
  }
}
