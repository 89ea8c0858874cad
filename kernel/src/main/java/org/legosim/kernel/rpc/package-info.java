/** What nodes ask of each other: operations, message sizes, and one request's life. */
@NullMarked
package org.legosim.kernel.rpc;

import org.jspecify.annotations.NullMarked;
