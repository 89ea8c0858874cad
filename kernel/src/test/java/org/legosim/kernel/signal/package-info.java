@NullMarked
package org.legosim.kernel.signal;

import org.jspecify.annotations.NullMarked;
