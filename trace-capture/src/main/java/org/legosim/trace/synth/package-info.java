/** Synthetic traces: patterns of pages, storms of system calls and a job, each the same for the same seed. */
@NullMarked
package org.legosim.trace.synth;

import org.jspecify.annotations.NullMarked;
