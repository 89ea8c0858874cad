/** Units, exact frequencies, checks and the exceptions that carry an exit code. */
@NullMarked
package org.legosim.timing;

import org.jspecify.annotations.NullMarked;
