package org.netdissect.torchscript.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TinyArchive;

class PickleTreeTest {
    @TempDir
    Path folder;

    private byte[] network() throws IOException {
        Path file = new TinyArchive()
                .tensors("features.0.weight", "64,3,11,300", "features.0.bias", "64", "head.weight", "7,1")
                .writeTo(folder);
        try (ZipFile zip = new ZipFile(file.toFile());
                var in = zip.getInputStream(zip.getEntry("net/data.pkl"))) {
            return in.readAllBytes();
        }
    }

    private static PickleValue read(String latin1) {
        return PickleTree.read("data.pkl", latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void sizesOfTensorsAreFoundByPath() throws IOException {
        PickleValue network = PickleTree.read("data.pkl", network());
        assertEquals(new PickleValue.TensorSizes(List.of(64L, 3L, 11L, 300L), ""), network.at("features.0.weight"));
        assertEquals(new PickleValue.TensorSizes(List.of(7L, 1L), ""), network.at("head.weight"));
        assertEquals(PickleValue.opaque(), network.at("features.1.weight"));
        assertEquals(PickleValue.opaque(), network.at("features.0.weight.data"));
    }

    @Test
    void plainValuesAreRead() {
        String numbers = "\u0080\u0002(K\u0007M\u0001\u0001J\u00fe\u00ff\u00ff\u00ff\u008a\u0002\u0000\u00ff"
                + "G?\u00f8\0\0\0\0\0\0\u0088NX\u0001\0\0\0at.";
        List<PickleValue> items = ((PickleValue.Items) read(numbers)).list();
        List<Object> values = items.stream()
                .map(item -> item instanceof PickleValue.Plain plain ? plain.value() : "none")
                .toList();
        assertEquals(List.of(7L, 257L, -2L, -256L, 1.5, true, "none", "a"), values);
    }

    @Test
    void whatIsRememberedIsTheSame() {
        // a dictionary under two names, filled through one of them after it was memoised
        PickleValue value = read("\u0080\u0002}(X\u0001\0\0\0a}q\u0001X\u0001\0\0\0kK\u0005sX\u0001\0\0\0bh\u0001u.");
        assertEquals(new PickleValue.Plain(5L), value.at("a.k"));
        assertEquals(new PickleValue.Plain(5L), value.at("b.k"));
    }

    @Test
    void functionsAreNotCalled() {
        assertEquals(PickleValue.opaque(), read("\u0080\u0002cos\nsystem\n(X\u0002\0\0\0lstR."));
    }

    @Test
    void everyTruncationIsAnError() throws IOException {
        byte[] whole = network();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            InputException e = assertThrows(InputException.class, () -> PickleTree.read("data.pkl", part));
            assertTrue(String.valueOf(e.getMessage()).startsWith("data.pkl: damaged pickle at byte"), e.getMessage());
        }
    }

    @Test
    void flippedBytesAreReadOrRefused() throws IOException {
        byte[] whole = network();
        Random random = new Random(4);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] flipped = whole.clone();
            for (int i = 0; i <= round % 3; i++) {
                flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
            }
            try {
                PickleTree.read("data.pkl", flipped).at("features.0.weight");
            } catch (InputException e) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }
}
