/** Foreign trace formats: reading them into the native one, and writing the native one as them. */
@NullMarked
package org.legosim.trace.importer;

import org.jspecify.annotations.NullMarked;
