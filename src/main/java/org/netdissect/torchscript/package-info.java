/**
 * Taps and edits of a TorchScript archive by rewriting its code, in pure Java. Start with {@link
 * org.netdissect.torchscript.TorchScriptArchive}; behind it {@code CallGraph} follows the calls of modules, {@code
 * Rewriting} makes the new methods, {@code LeakyCode} their leaky rectifiers, and {@code EvaluationMode} turns training
 * off.
 */
@NullMarked
package org.netdissect.torchscript;

import org.jspecify.annotations.NullMarked;
