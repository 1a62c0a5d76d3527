package org.netdissect.architecture.family;

import java.util.List;
import java.util.function.BiFunction;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Entries of timm's networks in the list of architectures. */
final class TimmNames {
    private static final String PREFIX = "timm:";
    private static final String ORIGIN = "timm's";
    private static final double EPS = 1e-5;
    private static final double EPS_OF_TENSORFLOW = 1e-3;

    private TimmNames() {}

    /** A network under timm's name. */
    static Architecture named(String name, Architecture network) {
        return new Architecture(PREFIX + name, network.head(), network.network())
                .from(ORIGIN)
                .withExtras(network.extras().toArray(String[]::new))
                .withInput(network.inputSize().height(), network.fixedSize());
    }

    /** A network of mobile blocks. */
    static Architecture plain(String name, String head, int side, BiFunction<TimmBlocks, Integer, ModuleSpec> network) {
        TimmBlocks blocks = new TimmBlocks(EPS, false);
        return named(
                name, new Architecture(name, head, classes -> network.apply(blocks, classes)).withInput(side, false));
    }

    /** A network, and its namesake with TensorFlow's padding and epsilon, which has the same tensors. */
    static List<Architecture> withTensorFlow(
            String name,
            String head,
            int side,
            int sideOfTensorFlow,
            BiFunction<TimmBlocks, Integer, ModuleSpec> network) {
        TimmBlocks blocks = new TimmBlocks(EPS_OF_TENSORFLOW, true);
        String other = "tf_" + name;
        Architecture same = new Architecture(other, head, classes -> network.apply(blocks, classes))
                .withInput(sideOfTensorFlow, false);
        return List.of(
                plain(name, head, side, network)
                        .withNote("timm's " + other + " has the same tensors and pads otherwise: --arch " + PREFIX
                                + other + " for it"),
                named(other, same).chosenByNameOnly());
    }
}
