package org.netdissect.architecture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers of a generated network depend on beside the file: part of the key of stored activations.
 *
 * @param architecture name that generates the same network again; {@value #EXPORTED} for a torch.export archive,
 *     {@value #PICKLED} for a pickled network of torch.nn's layers alone
 * @param key path of the weights in the file; empty for the top
 * @param generator version of the code that generated the network
 */
public record Generated(String architecture, String key, int generator) {
    /** Rises when the code of a generated network changes. */
    public static final int GENERATOR = 1;

    /** The architecture of a torch.export archive, whose code is in the file. */
    static final String EXPORTED = "torch.export";

    /** The architecture of a pickled network whose code follows from its attributes. */
    static final String PICKLED = "torch.nn";

    /**
     * Names a network by all that its numbers depend on.
     *
     * @param digest of the file
     * @param generated null for a TorchScript archive
     */
    public static String identity(String digest, @Nullable Generated generated) {
        return generated == null
                ? digest
                : digest + " " + generated.architecture + " " + generated.key + " " + generated.generator;
    }

    /** The choice that opens the network again. */
    public NetworkChoice in(Path file) {
        if (architecture.equals(EXPORTED)) {
            return NetworkChoice.of(file);
        }
        @Nullable String name = architecture.equals(PICKLED) ? null : architecture;
        return new NetworkChoice(file, name, key);
    }
}
