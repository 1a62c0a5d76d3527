/**
 * Images that show what units look for, by gradient ascent. Start with {@link org.netdissect.visualize.Visualization};
 * behind it {@code Target} is what an image is made for, {@code ImageSpace} the parameters that are optimised, {@code
 * Transforms} the moves before each step, and {@code ascent.py} the steps themselves, run by the engine.
 */
@NullMarked
package org.netdissect.visualize;

import org.jspecify.annotations.NullMarked;
