package org.netdissect.torchscript.assembly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;

class AssemblyTest {
    private static final Path ORIGIN = Path.of("net.pth");

    @TempDir
    private Path folder;

    private static ModuleSpec linear(long in, long out) {
        return new ModuleBuilder("torch.nn.modules.linear.Linear")
                .parameter("weight", out, in)
                .returns("torch.linear(x, self.weight, None)")
                .build();
    }

    private static ModuleSpec network() {
        return new ModuleBuilder("nets.Net")
                .child("first", linear(2, 3))
                .child("1", linear(3, 4))
                .child("block1-0", linear(4, 5))
                .buffer("offset", 5)
                .runAll()
                .build();
    }

    private record Zeros(List<Long> sizes, int bytesWritten) implements TensorContent {
        @Override
        public ElementType type() {
            return ElementType.FLOAT;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[bytesWritten]);
        }
    }

    private static TensorContent zeros(TensorSlot slot) {
        int count = slot.sizes().stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
        return new Zeros(slot.sizes(), count * Float.BYTES);
    }

    private static TorchScriptArchive archive(ModuleSpec network, Provenance provenance) throws IOException {
        Map<String, TensorSlot> slots = network.allTensors();
        return TorchScriptArchive.of(
                Assembly.of(ORIGIN, network, name -> zeros(Objects.requireNonNull(slots.get(name))), provenance));
    }

    private static byte[] bytes(TorchScriptArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.write(List.of(), "cpu", out);
        return out.toByteArray();
    }

    @Test
    void modulesOfTheSameCodeShareAClass() throws IOException {
        List<ModuleNode> modules = archive(network(), Provenance.NONE).modules();
        assertEquals(
                List.of("first", "1", "block1-0"),
                modules.stream().map(ModuleNode::name).toList());
        assertEquals(1, modules.stream().map(ModuleNode::type).distinct().count());
        assertEquals("Linear", modules.get(0).simpleType());
        assertTrue(modules.stream().allMatch(ModuleNode::tappable));
    }

    @Test
    void wordsOfTheLanguageAreNoAttributesOfCode() throws IOException {
        ModuleSpec network = new ModuleBuilder("nets.Net")
                .child("in", linear(2, 3))
                .child("None", linear(3, 4))
                .buffer("if", 5)
                .buffer("0", 5)
                .runAll()
                .build();
        assertEquals("x = (getattr(self, \"in\")).forward(x, )", network.body().get(0));
        TorchScriptArchive generated = archive(network, Provenance.NONE);
        assertEquals(
                List.of("in", "None"),
                generated.modules().stream().map(ModuleNode::name).toList());
        Path file = folder.resolve("words.pt");
        Files.write(file, bytes(generated));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String code = new String(
                    zip.getInputStream(zip.getEntry("archive/code/__torch__/nets.py"))
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertTrue(code.contains("  __annotations__[\"if\"] = Tensor\n  __annotations__[\"0\"] = Tensor\n"), code);
            assertTrue(code.contains("  __annotations__[\"in\"] = __torch__."), code);
        }
        assertEquals(generated.modules(), TorchScriptArchive.open(file).modules());
    }

    @Test
    void longNamesOfClassesAreRefused() {
        ModuleSpec network =
                new ModuleBuilder("a.".repeat(100_000) + "Net").returns("x").build();
        assertThrows(IllegalArgumentException.class, () -> archive(network, Provenance.NONE));
    }

    @Test
    void classesOfOneNameAndOtherCodeAreTold() throws IOException {
        ModuleSpec biased = new ModuleBuilder("torch.nn.modules.linear.Linear")
                .parameter("weight", 2, 2)
                .parameter("bias", 2)
                .returns("torch.linear(x, self.weight, self.bias)")
                .build();
        ModuleSpec network = new ModuleBuilder("nets.Net")
                .child("a", linear(2, 2))
                .child("b", biased)
                .runAll()
                .build();
        List<ModuleNode> modules = archive(network, Provenance.NONE).modules();
        assertFalse(modules.get(0).type().equals(modules.get(1).type()));
        assertEquals("Linear", modules.get(1).simpleType());
    }

    @Test
    void theWrittenArchiveIsReadBack() throws IOException {
        Provenance provenance = new Provenance("a net", 3, OptionalInt.of(2), Optional.of(new GridSize(32, 48)));
        TorchScriptArchive generated = archive(network(), provenance);
        byte[] bytes = bytes(generated);
        assertArrayEquals(bytes, bytes(generated), "the same input gives the same bytes");
        Path file = folder.resolve("net.pt");
        Files.write(file, bytes);
        TorchScriptArchive read = TorchScriptArchive.open(file);
        assertEquals(generated.modules(), read.modules());
        assertEquals(OptionalInt.of(2), read.fixedBatch());
        assertEquals(Optional.of(new GridSize(32, 48)), read.fixedInputSize());
        assertEquals(ORIGIN, generated.file());
        assertFalse(generated.runsAsStored("cpu"));
        assertTrue(read.runsAsStored("cpu"));
    }

    @Test
    void aTensorUsedTwiceIsStoredOnce() throws IOException {
        TensorContent shared = new Zeros(List.of(2L, 2L), 16);
        ModuleSpec network = new ModuleBuilder("nets.Net")
                .child("a", linear(2, 2))
                .child("b", linear(2, 2))
                .runAll()
                .build();
        Path file = folder.resolve("tied.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TorchScriptArchive.of(Assembly.of(ORIGIN, network, name -> shared, Provenance.NONE))
                    .write(List.of(), "cpu", out);
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(
                    List.of("archive/data/0"),
                    zip.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith("archive/data/"))
                            .toList());
        }
    }

    @Test
    void aTensorThatWritesLessThanItsSizesIsRefused() {
        ModuleSpec network =
                new ModuleBuilder("nets.Net").child("a", linear(2, 2)).runAll().build();
        InputException e = assertThrows(
                InputException.class,
                () -> bytes(TorchScriptArchive.of(
                        Assembly.of(ORIGIN, network, name -> new Zeros(List.of(2L, 2L), 12), Provenance.NONE))));
        assertEquals("net.pth: a tensor of sizes [2, 2] has 12 bytes, expected 16", e.getMessage());
    }

    @Test
    void aDamagedProvenanceIsAnError() throws IOException {
        TorchScriptArchive generated =
                archive(network(), new Provenance("a net", 1, OptionalInt.of(1 << 20), Optional.empty()));
        Path file = folder.resolve("net.pt");
        Files.write(file, bytes(generated));
        InputException e = assertThrows(InputException.class, () -> TorchScriptArchive.open(file));
        assertTrue(
                String.valueOf(e.getMessage()).contains("field batch is 1048576, expected a number from 1 to 16384"));
    }

    @Test
    void namesThatAreNoneAreRefused() {
        ModuleSpec network = new ModuleBuilder("nets.Net")
                .child("a\"] = evil", linear(2, 2))
                .runAll()
                .build();
        assertThrows(
                IllegalArgumentException.class,
                () -> Assembly.of(ORIGIN, network, name -> new Zeros(List.of(2L, 2L), 16), Provenance.NONE));
    }
}
