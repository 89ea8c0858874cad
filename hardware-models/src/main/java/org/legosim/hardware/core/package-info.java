/** Cores: how instructions and accesses turn into time. */
@NullMarked
package org.legosim.hardware.core;

import org.jspecify.annotations.NullMarked;
