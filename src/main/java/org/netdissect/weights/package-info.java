/**
 * Files of weights: checkpoints of PyTorch and safetensors, read without PyTorch and without running anything in them.
 * Start with {@link org.netdissect.weights.WeightsFile}.
 */
@NullMarked
package org.netdissect.weights;

import org.jspecify.annotations.NullMarked;
