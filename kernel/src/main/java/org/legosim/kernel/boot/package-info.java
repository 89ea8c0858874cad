/** The order in which the processor node's kernel and its CPUs come up. */
@NullMarked
package org.legosim.kernel.boot;

import org.jspecify.annotations.NullMarked;
