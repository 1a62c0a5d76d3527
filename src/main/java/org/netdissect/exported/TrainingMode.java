package org.netdissect.exported;

import org.netdissect.base.InputException;

/** Refuses networks that were exported in training mode: their outputs depend on chance or on the other images. */
final class TrainingMode {
    private TrainingMode() {}

    static InputException refused(String file, String reason) {
        return new InputException(
                file + ": was exported in training mode (" + reason + "); call net.eval() before torch.export.export");
    }

    /** Refuses an operator with its training flag on. */
    static void check(String file, GraphNode node, String operator) {
        boolean training = isOn(node, "train") || isOn(node, "training");
        boolean dropout = node.input("dropout_p").filter(p -> !isZero(p)).isPresent();
        // without running statistics a batch norm uses those of the batch in either mode
        boolean sameInBoth =
                operator.contains("batch_norm") && node.input("running_mean").isEmpty();
        if (dropout || (training && !sameInBoth)) {
            throw refused(
                    file,
                    Shown.of(operator) + (node.modules().isEmpty() ? "" : " in " + module(node))
                            + " is switched to training");
        }
    }

    private static boolean isOn(GraphNode node, String flag) {
        return node.input(flag).filter(new GraphArgument.Flag(true)::equals).isPresent();
    }

    private static String module(GraphNode node) {
        String path = node.modules().get(node.modules().size() - 1).path();
        return path.isEmpty() ? "the network" : Shown.of(path);
    }

    private static boolean isZero(GraphArgument argument) {
        return (argument instanceof GraphArgument.Real real && real.value() == 0)
                || (argument instanceof GraphArgument.Whole whole && whole.value() == 0);
    }
}
