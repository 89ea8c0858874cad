/** Files as a processor node sees them: descriptors, pipes, what the kernel makes up, the console. */
@NullMarked
package org.legosim.kernel.files;

import org.jspecify.annotations.NullMarked;
