/** What a run's configuration makes fail: nodes, ports, threads. */
@NullMarked
package org.legosim.kernel.failure;

import org.jspecify.annotations.NullMarked;
