/** PCIe, adapters, links, switches and the reliable transport, packet by packet: {@code network.model: verbs}. */
@NullMarked
package org.legosim.hardware.fabric;

import org.jspecify.annotations.NullMarked;
