/** The port through which a trace reaches the models: images, sources, batches, gates. */
@NullMarked
package org.legosim.timing.trace;

import org.jspecify.annotations.NullMarked;
