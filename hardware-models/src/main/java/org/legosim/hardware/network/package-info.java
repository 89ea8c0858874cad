/** Adapters, links and the switch between nodes, packet by packet. */
@NullMarked
package org.legosim.hardware.network;

import org.jspecify.annotations.NullMarked;
