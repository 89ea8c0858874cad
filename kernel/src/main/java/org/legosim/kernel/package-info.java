/** The simulated operating system as a whole: wiring, replay, results. */
@NullMarked
package org.legosim.kernel;

import org.jspecify.annotations.NullMarked;
