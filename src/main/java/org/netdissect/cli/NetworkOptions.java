package org.netdissect.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.InputException;
import picocli.CommandLine.Option;

/** Options for files of weights. */
final class NetworkOptions {
    /** Files that hold a network, for descriptions of options. */
    static final String FILES = "TorchScript (.pt), weights of a known network (.pth, .pth.tar, .ckpt, .safetensors), "
            + "or torch.export (.pt2)";

    @Option(
            names = "--arch",
            paramLabel = "NAME",
            description = "Network that the weights are of (default: recognised from names and sizes of the tensors; "
                    + "'netdissect layers --arch list' shows all).")
    private @Nullable String architecture;

    @Option(
            names = "--key",
            paramLabel = "PATH",
            description = "Place of the weights in their file, such as model_ema.state_dict (default: found).")
    private @Nullable String key;

    /** The network in a file. */
    NetworkChoice in(Path file) {
        return new NetworkChoice(file, architecture, key);
    }

    @Nullable
    String architecture() {
        return architecture;
    }

    /** Throws {@link InputException} if an option is given, which {@code why} it must not be. */
    void requireNone(String why) {
        String given = architecture != null ? "--arch " + architecture : key != null ? "--key " + key : "";
        if (!given.isEmpty()) {
            throw new InputException(given + " " + why);
        }
    }
}
