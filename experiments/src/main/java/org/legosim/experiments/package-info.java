/** Validation: the models against measured points of the real systems. */
@NullMarked
package org.legosim.experiments;

import org.jspecify.annotations.NullMarked;
