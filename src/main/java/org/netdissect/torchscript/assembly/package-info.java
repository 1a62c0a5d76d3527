/**
 * TorchScript archives made from a description of modules and tensors. Start with {@link
 * org.netdissect.torchscript.assembly.ModuleBuilder} and {@link org.netdissect.torchscript.assembly.Assembly}.
 */
@NullMarked
package org.netdissect.torchscript.assembly;

import org.jspecify.annotations.NullMarked;
