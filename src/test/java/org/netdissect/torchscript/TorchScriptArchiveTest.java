package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;

class TorchScriptArchiveTest {
    private static final String CODE = """
            class Leaf(Module):
              def forward(self, x: Tensor) -> Tensor:
                return x
            class Net(Module):
              a : __torch__.Leaf
              def forward(self, x: Tensor) -> Tensor:
                return (self.a).forward(x, )
            """;

    @TempDir
    Path folder;

    @Test
    void copiesKeepOrderBytesAndAlignment() throws IOException {
        byte[] weights = new byte[100_000];
        weights[7] = 42;
        Path file = new TinyArchive()
                .code(CODE)
                .entry("net/code/__torch__.py.debug_pkl", new byte[] {1})
                .entry("net/data/1", weights)
                .entry("net/version", "3\n".getBytes(StandardCharsets.UTF_8))
                .writeTo(folder);
        byte[] written = tapped(file);
        Path copy = Files.write(folder.resolve("copy.pt"), written);
        try (ZipFile before = new ZipFile(file.toFile());
                ZipFile after = new ZipFile(copy.toFile())) {
            List<String> names = names(after);
            assertEquals(
                    names(before).stream()
                            .filter(name -> !name.endsWith(".debug_pkl"))
                            .toList(),
                    names);
            for (String name : names) {
                assertEquals(ZipEntry.STORED, after.getEntry(name).getMethod());
                if (!name.endsWith(".py")) {
                    assertArrayEquals(bytes(before, name), bytes(after, name), name);
                }
            }
        }
        assertAligned(written);
        assertArrayEquals(written, tapped(file), "the same input gives the same bytes");
    }

    private static byte[] tapped(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TorchScriptArchive.open(file).writeTapped(List.of("a"), out);
        return out.toByteArray();
    }

    private static List<String> names(ZipFile zip) {
        return Collections.list(zip.entries()).stream().map(ZipEntry::getName).toList();
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        try (var in = zip.getInputStream(zip.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    /** Follows the local headers: signature, sizes at 18 and 26, data after name and extra field. */
    private static void assertAligned(byte[] zip) {
        ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        int seen = 0;
        for (; buffer.getInt(at) == 0x04034b50; seen++) {
            int data = at + 30 + buffer.getShort(at + 26) + buffer.getShort(at + 28);
            assertEquals(0, data % 64, "entry " + seen);
            at = data + buffer.getInt(at + 18);
        }
        assertEquals(5, seen);
    }

    @Test
    void otherFilesAreToldApart() throws IOException {
        assertRefused("holds weights only", write("old.pth", 0x80, 2, 0x8a, 0x0a, 0x6c));
        assertRefused("not a zip", write("text.pt", 'a', 'b', 'c'));
        assertRefused("not a zip", write("empty.pt"));
        assertRefused("safetensors", write("m.safetensors", 64, 0, 0, 0, 0, 0, 0, 0, '{', '"', 'a'));
        assertRefused("ExecuTorch", write("m.pte", 0, 0, 0, 0, 'E', 'T', '1', '2'));
        assertRefused("cut-off zip", write("cut.pt", 'P', 'K', 3, 4));
        assertRefused("no such file", folder.resolve("none.pt"));
        assertRefused("no such file", folder);
        assertRefused("holds weights only", new TinyArchive().writeTo(folder));
        assertRefused(
                "torch.export",
                new TinyArchive().entry("net/archive_format", new byte[0]).writeTo(folder));
        assertRefused(
                "no code/ folder", new TinyArchive().without("net/data.pkl").writeTo(folder));
        assertRefused(
                "no net/data.pkl",
                new TinyArchive().code(CODE).without("net/data.pkl").writeTo(folder));
    }

    private Path write(String name, int... bytes) throws IOException {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return Files.write(folder.resolve(name), content);
    }

    @Test
    void dangerousArchivesAreRefused() throws IOException {
        assertRefused("points out of the archive", with("net/../../etc/x"));
        assertRefused("points out of the archive", with("/etc/x"));
        assertRefused("points out of the archive", with("net\\x"));
        assertRefused(
                "is not UTF-8",
                new TinyArchive()
                        .entry("net/code/a.py", new byte[] {(byte) 0xff})
                        .writeTo(folder));
        assertRefused("line 2: found", new TinyArchive().code("a = 1\nb = ,\n").writeTo(folder));
        assertRefused(
                "is not in the archive's code",
                new TinyArchive().code("class X(Module):\n  pass\n").writeTo(folder));
        assertRefused("defined twice", new TinyArchive().code(CODE + CODE).writeTo(folder));
        assertRefused(
                "names no network class",
                new TinyArchive()
                        .code(CODE)
                        .entry("net/data.pkl", TinyArchive.pickle("os", "system"))
                        .writeTo(folder));
    }

    @Test
    void sourceThatUnpacksToTooMuchIsRefused() throws IOException {
        Path file = new TinyArchive()
                .code(CODE)
                .entry("net/code/bomb.py", new byte[17 << 20])
                .writeTo(folder);
        assertTrue(Files.size(file) < 1 << 16, "small on disk");
        assertRefused("holds more than 16 MiB of source", file);
    }

    @Test
    void onlyTheHeadOfAPickleIsUnpacked() throws IOException {
        byte[] late = new byte[8 << 20];
        Arrays.fill(late, (byte) 'N');
        byte[] pickle = TinyArchive.pickle("__torch__", "Net");
        System.arraycopy(pickle, 0, late, late.length - pickle.length, pickle.length);
        assertRefused(
                "damaged pickle at byte 1048576",
                new TinyArchive().code(CODE).entry("net/data.pkl", late).writeTo(folder));
    }

    /** Overwrites the size of an entry in the directory at the end of a zip. */
    private Path claiming(String entry, byte[] bytes, long size) throws IOException {
        Path file = new TinyArchive().code(CODE).entry(entry, bytes).writeTo(folder);
        ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String text = new String(zip.array(), StandardCharsets.ISO_8859_1);
        int header = text.lastIndexOf(entry) - 46;
        assertEquals(0x02014b50, zip.getInt(header));
        zip.putInt(header + 24, (int) size);
        return Files.write(file, zip.array());
    }

    @Test
    void archivesThatClaimToUnpackToGigabytesAreRefused() throws IOException {
        assertRefused("zip bomb", claiming("net/data/1", new byte[1 << 20], (1L << 30) + 1));
        assertEquals(
                1,
                TorchScriptArchive.open(claiming("net/data/1", new byte[1 << 20], 1L << 29))
                        .modules()
                        .size());
    }

    @Test
    void entriesThatUnpackToMoreThanTheyClaimAreRefused() throws IOException {
        Path file = claiming("net/data/1", new byte[64 << 20], 1000);
        InputException e = assertThrows(InputException.class, () -> tapped(file));
        assertTrue(String.valueOf(e.getMessage()).contains("net/data/1 is damaged: it unpacks to more than the 1000"));
    }

    private Path with(String entry) throws IOException {
        return new TinyArchive().code(CODE).entry(entry, new byte[1]).writeTo(folder);
    }

    @Test
    void entriesThatAreThereTwiceAreRefused() throws IOException {
        Path file = with("net/data.pkX");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("net/data.pkX", "net/data.pkl");
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("net/data.pkl is there twice", file);
    }

    @Test
    void aFlippedByteOfATensorIsFound() throws IOException {
        Path file = new TinyArchive()
                .code(CODE)
                .entry("net/data/1", "weights".repeat(50).getBytes(StandardCharsets.UTF_8))
                .writeTo(folder);
        Path stored = Files.write(folder.resolve("stored.pt"), tapped(file));
        String text = new String(Files.readAllBytes(stored), StandardCharsets.ISO_8859_1);
        String flipped = text.replace("weightsweights", "weightsweightz").replace("forward_tapped", "forward_tappex");
        Files.write(stored, flipped.getBytes(StandardCharsets.ISO_8859_1));
        InputException e = assertThrows(InputException.class, () -> tapped(stored));
        assertTrue(String.valueOf(e.getMessage()).contains("is damaged"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "models/squeezenet1_0-imagenet.traced.pt, 67, 67, Tensor",
        "models/squeezenet1_0-imagenet.scripted.pt, 67, 67, Tensor",
        "models/squeezenet1_1bn-places365.traced.pt, 113, 113, Tensor",
        "models/squeezenet1_1bn-places365.scripted.pt, 113, 113, Tensor",
        "torchscript/scripted_mlp.pt, 4, 4, Tensor",
        "torchscript/scripted_ssd.pt, 165, 160, Tensor",
        "torchscript/d2go_partly_quantised.pt, 327, 205, List[Tensor]"
    })
    void realArchivesCanBeTapped(String name, int modules, int tappable, String input) throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SharedData.require(name));
        assertEquals(modules, archive.modules().size());
        assertEquals(tappable, archive.select(List.of("*")).size());
        assertEquals(List.of(input), archive.inputTypes());
        Path copy = folder.resolve("copy.pt");
        try (var out = Files.newOutputStream(copy)) {
            archive.writeTapped(List.of("*"), out);
        }
        TorchScriptArchive tapped = TorchScriptArchive.open(copy);
        assertEquals(archive.root().simpleType(), tapped.root().simpleType());
        assertEquals(archive.modules(), tapped.modules());
    }

    @Test
    void realOddArchives() {
        assertRefused("mobile-optimised", SharedData.require("torchscript/prepacked_no_tensors.pt"));
        assertRefused("holds weights only", SharedData.require("torchscript/state_dict_not_a_module.pt"));
        assertRefused("holds weights only", SharedData.require("models/squeezenet1_0-imagenet.checkpoint.pth.tar"));
        assertRefused("not a zip", SharedData.require("torchscript/broken.pt"));
    }

    @Test
    void aNetworkWithoutSubmodulesOpens() throws IOException {
        TorchScriptArchive tiny = TorchScriptArchive.open(SharedData.require("torchscript/tiny_no_submodules.pt"));
        assertEquals(List.of(), tiny.modules());
        assertEquals(2, tiny.inputTypes().size());
    }

    private static void assertRefused(String words, Path file) {
        InputException e = assertThrows(InputException.class, () -> TorchScriptArchive.open(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(words), message);
        assertTrue(message.contains(String.valueOf(file.getFileName())), message);
        assertFalse(message.contains("\n"), message);
    }
}
