@NullMarked
package org.legosim.kernel.futex;

import org.jspecify.annotations.NullMarked;
