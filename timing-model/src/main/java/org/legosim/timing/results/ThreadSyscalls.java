package org.legosim.timing.results;

import java.util.List;

/**
 * The simulated kernel's strace of one thread.
 *
 * @param pid of its process, as captured
 * @param tid as captured
 * @param rows in the order of the calls' numbers
 */
public record ThreadSyscalls(int pid, int tid, List<SyscallRow> rows) {}
