/** Timelines of one run in the Trace Event format, which Perfetto and chrome://tracing open. */
@NullMarked
package org.legosim.reports.timeline;

import org.jspecify.annotations.NullMarked;
