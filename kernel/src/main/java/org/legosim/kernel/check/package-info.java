/**
 * Checks that run beside a simulation and know nothing of its mechanisms: what a program must read, and
 * what happened lately.
 */
@NullMarked
package org.legosim.kernel.check;

import org.jspecify.annotations.NullMarked;
