/**
 * A layer's activations in a rotated basis: the axis-alignment experiment of Bau et al. 2017, section 3.2. Start with
 * {@link org.netdissect.activation.rotation.RotatedLayer}. The only package that knows the linear algebra library.
 */
@NullMarked
package org.netdissect.activation.rotation;

import org.jspecify.annotations.NullMarked;
