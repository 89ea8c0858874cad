/** How the nodes' connections come about when they boot. */
@NullMarked
package org.legosim.kernel.connect;

import org.jspecify.annotations.NullMarked;
