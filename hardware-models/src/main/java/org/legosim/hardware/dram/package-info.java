/** DRAM: timing presets, address maps, bank state. */
@NullMarked
package org.legosim.hardware.dram;

import org.jspecify.annotations.NullMarked;
