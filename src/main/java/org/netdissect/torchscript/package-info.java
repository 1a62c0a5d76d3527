/**
 * A TorchScript archive in pure Java: module tree, syntax tree, taps. Start with {@link
 * org.netdissect.torchscript.TorchScriptArchive}; behind it {@code ArchiveReader} reads the zip, {@code Parser} the
 * source, {@code CallGraph} follows the calls and {@code Rewriting} makes the new methods.
 */
@NullMarked
package org.netdissect.torchscript;

import org.jspecify.annotations.NullMarked;
