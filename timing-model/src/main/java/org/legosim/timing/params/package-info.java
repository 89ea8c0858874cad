/** How a component declares its parameters: unit, default, range, source, status. */
@NullMarked
package org.legosim.timing.params;

import org.jspecify.annotations.NullMarked;
