package org.legosim.trace.pack;

/** A thread's record that waits until another thread has completed one of its own. */
record Gate(long waitRecord, int onThread, long onRecord) {}
