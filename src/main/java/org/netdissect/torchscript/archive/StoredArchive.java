package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An archive on disk. The file must not change while it is in use.
 *
 * @param file written by {@code torch.jit.save}
 */
public record StoredArchive(Path file) implements ArchiveSource {
    @Override
    public boolean isFile() {
        return true;
    }

    @Override
    public ArchiveReader.Contents contents() throws IOException {
        return ArchiveReader.read(file);
    }

    @Override
    public PickleValue pickle(String entry) throws IOException {
        return ArchiveReader.pickle(file, entry);
    }

    @Override
    public Optional<Object> scalar(String folder, PickleValue.ScalarTensor tensor) {
        return ArchiveReader.scalar(file, folder, tensor);
    }

    @Override
    public void copy(Map<String, String> replaced, OutputStream out) throws IOException {
        ArchiveWriter.copy(file, replaced, out);
    }
}
