package org.netdissect.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.PickleBytes;
import org.netdissect.torchscript.archive.PickleMachine;
import org.netdissect.torchscript.archive.PickleValue;

/**
 * Reads checkpoints of torch.save before PyTorch 1.6 (torch/serialization.py, _legacy_save): five pickles in a row (a
 * magic number, a version, facts of the machine, the value, the keys of storages), then for each key a count of 64 bits
 * and the numbers. They are little-endian on every machine; the count was not always
 * (torch/csrc/generic/serialization.cpp).
 */
final class LegacyCheckpoint {
    // 0x1950a86a20f9469cfc6c as a pickle has it, lowest byte first
    private static final String MAGIC = "l\u00fc\u009cF\u00f9 j\u00a8P\u0019";

    private static final int MAGIC_END = 32;

    private final Path file;
    private final PickleBytes bytes;
    private final CheckpointPickle meaning = new CheckpointPickle();

    private LegacyCheckpoint(Path file, byte[] head) {
        this.file = file;
        this.bytes = new PickleBytes(file.toString(), head);
    }

    /**
     * Reads the pickles and finds the numbers.
     *
     * @throws InputException if it is damaged or hostile
     */
    static PickledCheckpoint read(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(PickledCheckpoint.MAX_PICKLE);
        }
        String start = new String(head, 0, Math.min(head.length, MAGIC_END), StandardCharsets.ISO_8859_1);
        if (!start.contains(MAGIC)) {
            throw new InputException(file + ": is a pickle, but not one of torch.save (or cut off); load it and save"
                    + " its tensors with torch.save");
        }
        return new LegacyCheckpoint(file, head).checkpoint();
    }

    private PickledCheckpoint checkpoint() throws IOException {
        PickleMachine.read(bytes, meaning); // the magic number
        PickleMachine.read(bytes, meaning); // the version, 1001 of all files
        PickleMachine.read(bytes, meaning); // the machine
        PickleValue root = PickleMachine.read(bytes, meaning);
        PickleValue keys = PickleMachine.read(bytes, meaning);
        if (!(keys instanceof PickleValue.Items list)) {
            throw new InputException(file + ": is damaged: the keys of its storages are no list");
        }
        Map<String, TensorBytes> storages = storages(list);
        return new PickledCheckpoint(file, root, key -> Optional.ofNullable(storages.get(key)));
    }

    private Map<String, TensorBytes> storages(PickleValue.Items keys) throws IOException {
        Map<String, TensorBytes> storages = new HashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = bytes.position();
            for (PickleValue item : keys.list()) {
                String key =
                        item instanceof PickleValue.Plain plain ? plain.value().toString() : "";
                PickleValue.Storage named = meaning.storages().get(key);
                if (named == null) {
                    throw damaged("it has a storage that no tensor names");
                }
                checkCount(channel, at, named.count());
                int width = NumberTypes.of(named.type()).map(ElementType::width).orElse(1);
                long start = at + Long.BYTES;
                if (named.count() > (channel.size() - start) / width) {
                    throw damaged("a storage of " + named.count() + " numbers does not fit into it");
                }
                storages.put(key, new FileBytes(file, start, named.count() * width, ByteOrder.LITTLE_ENDIAN));
                at = start + named.count() * width;
            }
        }
        return storages;
    }

    private void checkCount(FileChannel channel, long at, long expected) throws IOException {
        channel.position(at);
        byte[] count = Channels.newInputStream(channel).readNBytes(Long.BYTES);
        if (count.length < Long.BYTES) {
            throw damaged("it ends before its last storage");
        }
        long found = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (expected < 0 || (found != expected && Long.reverseBytes(found) != expected)) {
            throw damaged("a storage has " + found + " numbers where its tensors name " + expected);
        }
    }

    private InputException damaged(String problem) {
        return new InputException(file + ": is cut off or damaged: " + problem + "; copy or download it again");
    }
}
