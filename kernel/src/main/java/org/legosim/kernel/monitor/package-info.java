/** The global monitors that know the processor nodes. */
@NullMarked
package org.legosim.kernel.monitor;

import org.jspecify.annotations.NullMarked;
