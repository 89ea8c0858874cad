/** Drives: what a solid-state drive does with commands. */
@NullMarked
package org.legosim.hardware.storage;

import org.jspecify.annotations.NullMarked;
