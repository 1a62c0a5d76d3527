package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;
import org.netdissect.network.ModelDescription;
import org.netdissect.torchscript.TorchScriptArchive;

/** Writes a network as a TorchScript archive, to run on a CPU. */
public final class NetworkCopy {
    private NetworkCopy() {}

    /**
     * Writes the archive that this program runs.
     *
     * @param to new file
     * @throws InputException if there is such a file, or the network cannot be opened
     */
    public static void write(NetworkChoice choice, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new InputException("--save " + to + ": there is such a file; name another");
        }
        TorchScriptArchive archive =
                ModelDescription.beside(choice.file()).open(choice).archive();
        SafeFiles.write(to, out -> archive.write(List.of(), "cpu", out));
    }
}
