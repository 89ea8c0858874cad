@NullMarked
package org.legosim.configs;

import org.jspecify.annotations.NullMarked;
