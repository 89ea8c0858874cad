/**
 * Configuration: strict YAML to typed parameters, presets, overrides, sweep plans, and the reference
 * pages that are generated from the parameters' declarations.
 *
 * <p>Nothing here knows a model: the records that the models declare are bound by reflection.
 */
@NullMarked
package org.legosim.configs;

import org.jspecify.annotations.NullMarked;
