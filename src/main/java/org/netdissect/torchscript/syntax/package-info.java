/**
 * Syntax trees of TorchScript's restricted Python. Start with {@link org.netdissect.torchscript.syntax.SourceFile},
 * which parses, and {@link org.netdissect.torchscript.syntax.Printer}; the trees are {@code Stmt} and {@code Expr}.
 */
@NullMarked
package org.netdissect.torchscript.syntax;

import org.jspecify.annotations.NullMarked;
