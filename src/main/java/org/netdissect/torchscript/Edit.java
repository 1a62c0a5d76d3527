package org.netdissect.torchscript;

import org.netdissect.torchscript.syntax.Expr;

/**
 * An edit at one layer's output, made by rewriting the network's archive ({@link TorchScriptArchive#rewrite}). Edits of
 * one layer take effect in the order of their list, at every run of the layer. Quantised layers can be tapped but not
 * changed.
 */
public sealed interface Edit {
    /** Name of the layer ({@link ModuleNode#name}). */
    String layer();

    /** Calls the visitor's method for this kind. */
    <R> R accept(Visitor<R> visitor);

    /** An operation on every kind of edits. */
    interface Visitor<R> {
        R tap(Tap tap);

        R source(Source source);

        R scale(Scale scale);

        R replace(Replace replace);
    }

    /** An edit that changes what the following layers see. */
    sealed interface Change extends Edit {
        /** Name of the tensor that the caller passes, a Python identifier; several changes may share one. */
        String argument();

        private static void requireIdentifier(String argument) {
            if (!Expr.Name.isIdentifier(argument)) {
                throw new IllegalArgumentException(
                        "an edit's argument must be a Python identifier, but is '" + argument + "'");
            }
        }
    }

    /**
     * The output is stored under the layer's name and stays as it is. {@link TorchScriptArchive#OUTPUT} as the layer is
     * the network's output, of which the first tensor is stored.
     */
    record Tap(String layer) implements Edit {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tap(this);
        }
    }

    /**
     * The output is stored under the layer's name, and all that follows is computed from the stored tensor; so a
     * gradient with respect to that tensor exists ({@code torch.autograd.grad(output, taps[layer])}).
     */
    record Source(String layer) implements Edit {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.source(this);
        }
    }

    /** The output is multiplied by a tensor that broadcasts to its shape, such as {@code [units, 1, 1]}. */
    record Scale(String layer, String argument) implements Change {
        /** Throws {@link IllegalArgumentException} unless the argument is a Python identifier. */
        public Scale {
            Change.requireIdentifier(argument);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.scale(this);
        }
    }

    /** The output is replaced by a tensor, usually of its shape; the layer is still computed. */
    record Replace(String layer, String argument) implements Change {
        /** Throws {@link IllegalArgumentException} unless the argument is a Python identifier. */
        public Replace {
            Change.requireIdentifier(argument);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.replace(this);
        }
    }
}
