package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A TorchScript archive: a file, or one generated from a file of weights. */
public interface ArchiveSource {
    /** The file of the archive or of the weights; errors name it. */
    Path file();

    /** Whether {@link #file} is the archive. */
    boolean isFile();

    /**
     * Reads the code and the root class.
     *
     * @throws org.netdissect.base.InputException if the file is missing, damaged, or no TorchScript
     */
    ArchiveReader.Contents contents() throws IOException;

    /**
     * Reads a pickle; opaque if there is no such entry.
     *
     * @param entry full name in the archive
     * @throws org.netdissect.base.InputException if it is damaged or too large
     */
    PickleValue pickle(String entry) throws IOException;

    /** Reads a number of the archive; empty if unreadable or of a type without Java form. */
    Optional<Object> scalar(String folder, PickleValue.ScalarTensor tensor);

    /**
     * Writes a copy with some entries replaced; {@code out} stays open. PyTorch's debug files are dropped, since they
     * refer to lines of the old source.
     */
    void copy(Map<String, String> replaced, OutputStream out) throws IOException;
}
