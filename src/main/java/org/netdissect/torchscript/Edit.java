package org.netdissect.torchscript;

/**
 * A change at one layer's output, made by rewriting the network's archive ({@link TorchScriptArchive#rewrite}). Edits
 * of one layer take effect in the order of their list, at every run of the layer. Quantised layers can be tapped but
 * not changed.
 */
public sealed interface Edit {
    /** Name of the layer ({@link ModuleNode#name}). */
    String layer();

    /** Calls the visitor's method for this kind. */
    <R> R accept(Visitor<R> visitor);

    /** An operation over all kinds of edits. */
    interface Visitor<R> {
        R tap(Tap tap);

        R scale(Scale scale);

        R replace(Replace replace);
    }

    /** An edit that changes what the following layers see. */
    sealed interface Change extends Edit {
        /** Name of the tensor that the caller passes; several changes may share one. It is an identifier. */
        String argument();
    }

    /** The output is stored under the layer's name and stays as it is. */
    record Tap(String layer) implements Edit {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tap(this);
        }
    }

    /** The output is multiplied by a tensor that broadcasts to its shape, such as {@code [units, 1, 1]}. */
    record Scale(String layer, String argument) implements Change {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.scale(this);
        }
    }

    /** The output is replaced by a tensor, usually of its shape; the layer is still computed. */
    record Replace(String layer, String argument) implements Change {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.replace(this);
        }
    }
}
