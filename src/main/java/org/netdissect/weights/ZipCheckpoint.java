package org.netdissect.weights;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.PickleBytes;
import org.netdissect.torchscript.archive.PickleMachine;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.archive.ZipNames;

/** Reads checkpoints of torch.save since PyTorch 1.6: a zip of a pickle and one entry for each storage. */
final class ZipCheckpoint {
    private static final int MAX_WORD = 100;

    private ZipCheckpoint() {}

    /**
     * Reads the pickle; numbers are read later from {@code zip}.
     *
     * @throws InputException if it is damaged or hostile
     */
    static PickledCheckpoint read(Path file, OpenZip zip) throws IOException {
        String folder = ZipNames.folder(zip.names()) + "/";
        String entry = folder + "data.pkl";
        byte[] pickle = zip.read(entry, PickledCheckpoint.MAX_PICKLE)
                .orElseThrow(() -> new InputException(file + ": has no entry " + entry));
        PickleValue root = PickleMachine.read(new PickleBytes(file + ", " + entry, pickle), new CheckpointPickle());
        ByteOrder order = order(file, zip.read(folder + "byteorder", MAX_WORD));
        return new PickledCheckpoint(file, root, key -> zip.bytes(folder + "data/" + key, order));
    }

    private static ByteOrder order(Path file, Optional<byte[]> entry) {
        String order = entry.map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip())
                .orElse("little");
        return switch (order) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new InputException(file + ": has an entry byteorder that is neither little nor big");
        };
    }
}
