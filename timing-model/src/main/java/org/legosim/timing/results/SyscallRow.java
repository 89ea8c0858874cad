package org.legosim.timing.results;

/**
 * One row of the simulated kernel's strace.
 *
 * @param number of the call in the x86-64 table
 * @param name its name there, or {@code sys_N}
 * @param calls entered
 * @param errors returned a negative result as captured
 * @param totalPs simulated time from entry to return
 * @param maxPs the longest single call
 */
public record SyscallRow(
    int number, String name, long calls, long errors, long totalPs, long maxPs) {}
