/** Translation caches and the page walker. */
@NullMarked
package org.legosim.hardware.tlb;

import org.jspecify.annotations.NullMarked;
