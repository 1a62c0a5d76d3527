package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.SourceText;

/**
 * An archive generated from a file of weights. Its code is in memory; its tensors stay in that file and are read when
 * the archive is written.
 */
public final class GeneratedArchive implements ArchiveSource {
    private static final String FOLDER = "archive";
    private static final String CODE = FOLDER + "/code/";
    private static final String PICKLE = FOLDER + "/data.pkl";
    private static final String CONSTANTS = FOLDER + "/constants.pkl";
    /** Of the format: PyTorch 1.6 and later write 3 for code without newer operators. */
    private static final String VERSION = "3\n";

    /** Pickle of an empty tuple: protocol 2, EMPTY_TUPLE, STOP. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private final Path file;
    private final Map<String, String> code;
    private final String rootClass;
    private final byte[] pickle;
    private final List<TensorContent> tensors;
    private final Provenance provenance;

    /**
     * Makes an archive of its parts.
     *
     * @param file of the weights
     * @param code source by path below the folder of code, such as {@code __torch__/net.py}
     * @param rootClass qualified name of the network's class
     * @param pickle attributes of the modules; the tensor at place N is in storage N
     * @param tensors in order of their storages
     * @param provenance kept in the archive
     */
    public GeneratedArchive(
            Path file,
            Map<String, String> code,
            String rootClass,
            byte[] pickle,
            List<TensorContent> tensors,
            Provenance provenance) {
        this.file = file;
        this.code = code;
        this.rootClass = rootClass;
        this.pickle = pickle;
        this.tensors = tensors;
        this.provenance = provenance;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public boolean isFile() {
        return false;
    }

    @Override
    public ArchiveReader.Contents contents() {
        Map<String, SourceText> sources = new LinkedHashMap<>();
        code.forEach((path, text) ->
                sources.put(CODE + path, new SourceText(file + ", code generated for it, " + path, text)));
        return new ArchiveReader.Contents(sources, FOLDER, rootClass, provenance);
    }

    @Override
    public PickleValue pickle(String entry) {
        return switch (entry) {
            case PICKLE -> PickleTree.read(file + ", " + entry, pickle);
            case CONSTANTS -> PickleTree.read(file + ", " + entry, NO_CONSTANTS);
            default -> PickleValue.opaque();
        };
    }

    /** The generated code has no constants. */
    @Override
    public Optional<Object> scalar(String folder, PickleValue.ScalarTensor tensor) {
        return Optional.empty();
    }

    @Override
    public void copy(Map<String, String> replaced, OutputStream out) throws IOException {
        try (StoredZip zip = new StoredZip(out)) {
            zip.add(PICKLE, pickle);
            for (Map.Entry<String, String> source : code.entrySet()) {
                String name = CODE + source.getKey();
                zip.add(name, replaced.getOrDefault(name, source.getValue()).getBytes(StandardCharsets.UTF_8));
            }
            for (int i = 0; i < tensors.size(); i++) {
                TensorContent tensor = tensors.get(i);
                zip.add(FOLDER + "/data/" + i, measure(tensor), tensor::writeTo);
            }
            zip.add(FOLDER + ArchiveReader.EXTRA + Provenance.NAME, provenance.json());
            zip.add(CONSTANTS, NO_CONSTANTS);
            zip.add(FOLDER + "/version", VERSION.getBytes(StandardCharsets.UTF_8));
        }
    }

    private StoredZip.Measure measure(TensorContent tensor) throws IOException {
        CRC32 checksum = new CRC32();
        CountedNothing counted = new CountedNothing();
        tensor.writeTo(new CheckedOutputStream(counted, checksum));
        if (counted.count != tensor.bytes()) {
            throw new InputException(file + ": a tensor of sizes " + tensor.sizes() + " has " + counted.count
                    + " bytes, expected " + tensor.bytes());
        }
        return new StoredZip.Measure(counted.count, checksum.getValue());
    }

    /** Counts the bytes and drops them. */
    private static final class CountedNothing extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }
}
