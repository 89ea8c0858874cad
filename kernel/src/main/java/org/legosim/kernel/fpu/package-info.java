/** The processor's registers that context switches save, and where they are saved to. */
@NullMarked
package org.legosim.kernel.fpu;

import org.jspecify.annotations.NullMarked;
