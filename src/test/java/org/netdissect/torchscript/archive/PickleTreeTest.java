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

    private static List<Object> plain(String latin1) {
        return ((PickleValue.Items) read(latin1))
                .list().stream()
                        .map(item -> item instanceof PickleValue.Plain plain ? plain.value() : "other")
                        .toList();
    }

    /** Protocols 0 and 1, strings of Python 2, and numbers beyond 64 bits. */
    @Test
    void oldOpcodesAreRead() {
        assertEquals(
                List.of(5L, -7L, "other", 2.5, "a", "b", "\u00e9", "\u00e9x"),
                plain("(I5\nL-7L\nL99999999999999999999\nF2.5\nS'a'\nVb\nU\u0001\u00e9T\u0002\0\0\0\u00e9xt."));
        assertEquals(List.of("k", "k"), plain("(S'k'\np3\ng3\nt."));
        assertEquals(new PickleValue.Plain(2L), read("(S'k'\nI2\nd.").at("k"));
        assertEquals(List.of("other", -1L), plain("(\u008a\u0009\0\0\0\0\0\0\0\0\u0001\u008a\u0001\u00ffl."));
        assertEquals(List.of(1L), plain("(K\u0001K\u00020t."));
    }

    /** Frames, short strings, memoised values, sets, bytes and names from the stack. */
    @Test
    void newOpcodesAreRead() {
        String start = "\u0080\u0005\u0095\0\0\0\0\0\0\0\0";
        assertEquals(
                List.of("s", "s", "other", "other"),
                plain(start + "(\u008c\u0001s\u0094h\0C\u0002xx\u0096\u0001\0\0\0\0\0\0\0xt."));
        assertEquals(List.of(3L), plain(start + "\u008f(K\u0003\u0090."));
        assertEquals(List.of(3L), plain(start + "(K\u0003\u0091."));
        assertEquals(new PickleValue.Global("m.N"), read(start + "\u008c\u0001m\u008c\u0001N\u0093."));
        PickleValue.Entries object =
                (PickleValue.Entries) read(start + "\u008c\u0001m\u008c\u0001N\u0093)}\u0092}\u008c\u0001kK\u0004sb.");
        assertEquals("m.N", object.type());
        assertEquals(new PickleValue.Plain(4L), object.at("k"));
    }

    @Test
    void containersThatAreNamedAreMade() {
        String pairs = "](](U\u0001kK\u0001e](U\u0001lK\u0002ee\u0085R";
        PickleValue ordered = read("\u0080\u0002ccollections\nOrderedDict\n" + pairs + ".");
        assertEquals(
                List.of("k", "l"),
                List.copyOf(((PickleValue.Entries) ordered).map().keySet()));
        assertEquals(List.of(6L), plain("\u0080\u0002c__builtin__\nset\n](K\u0006e\u0085R."));
        assertEquals(
                new PickleValue.Plain(1L),
                read("\u0080\u0002}(K\u0007K\u0001u.").at("7"));
    }

    /** Small pickles that would fill the memory. */
    @Test
    void copiesAreCounted() {
        String list = "]q\0(" + "K\u0001".repeat(100_000) + "e0";
        String object = "ca\nNet\n)\u0081" + "h\0b".repeat(100);
        String copies = "ccollections\nOrderedDict\nh\0\u0085R0".repeat(100);
        for (String hostile : List.of(
                list + copies + "N.",
                list + object + "N.",
                "N" + "\u0094".repeat(5_000_000) + ".",
                "(".repeat(5_000_000))) {
            InputException e = assertThrows(InputException.class, () -> read(hostile));
            assertTrue(String.valueOf(e.getMessage()).contains("more than 4000000 values"), e.getMessage());
        }
        assertThrows(
                InputException.class,
                () -> read("\u0080\u0004X\u00e9\u0003\0\0" + "m".repeat(1001) + "U\u0001n\u0093."));
        assertThrows(InputException.class, () -> read("cm\n" + "n".repeat(1001) + "\n."));
    }

    @Test
    void codeIsRefused() {
        for (String code : List.of("(ios\nsystem\n.", "(cos\nsystem\no.", "\u0082\u0001.", "\u0083\0\0.", "Pid\n.")) {
            assertThrows(InputException.class, () -> read(code));
        }
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
