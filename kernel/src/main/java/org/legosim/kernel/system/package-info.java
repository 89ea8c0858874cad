/** The simulated system as a whole: parameters, wiring, one run, its results. */
@NullMarked
package org.legosim.kernel.system;

import org.jspecify.annotations.NullMarked;
