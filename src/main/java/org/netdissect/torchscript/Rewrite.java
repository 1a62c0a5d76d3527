package org.netdissect.torchscript;

import java.util.List;

/**
 * The changes of one rewriting of an archive ({@link TorchScriptArchive#rewrite(Rewrite, String,
 * java.io.OutputStream)}).
 *
 * @param edits edits of layers and of the network's output
 * @param leaky whether taps are also made with leaky rectifiers: {@value TorchScriptArchive#TAPPED_LEAKY_METHOD}
 * @param methods TorchScript source of further methods of the network, each {@code def name(self, ...) -> ...:}; empty
 *     for none. They may call the methods that the edits add.
 */
public record Rewrite(List<Edit> edits, boolean leaky, String methods) {
    /** Copies the list. */
    public Rewrite {
        edits = List.copyOf(edits);
    }

    /** A rewriting with edits alone. */
    public static Rewrite of(List<Edit> edits) {
        return new Rewrite(edits, false, "");
    }

    /** Whether gradients must pass the taps: everything but taps, scales and replacements is made for gradients. */
    boolean differentiable() {
        return leaky || !methods.isBlank() || edits.stream().anyMatch(Edit.Source.class::isInstance);
    }
}
