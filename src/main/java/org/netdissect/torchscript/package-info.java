/** A TorchScript archive in pure Java: module tree, syntax tree, taps. Start with {@link org.netdissect.torchscript.TorchScriptArchive}. */
@NullMarked
package org.netdissect.torchscript;

import org.jspecify.annotations.NullMarked;
