/**
 * Receptive fields and axes of layers, by running the network's code over shapes instead of tensors (abstract
 * interpretation). Start with {@link org.netdissect.torchscript.field.ReceptiveFields}; behind it {@code FieldWalk}
 * runs statements, {@code Evaluator} expressions, {@code Operators} the tensor operators, and {@code MapReader} reads
 * the results.
 */
@NullMarked
package org.netdissect.torchscript.field;

import org.jspecify.annotations.NullMarked;
