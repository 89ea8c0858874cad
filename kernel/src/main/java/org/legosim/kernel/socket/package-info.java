/** Stream sockets between processor nodes, carried by FIT instead of a network stack. */
@NullMarked
package org.legosim.kernel.socket;

import org.jspecify.annotations.NullMarked;
