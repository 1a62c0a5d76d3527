package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.ComputeDevice;
import org.netdissect.run.EngineSettings;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.SourceRun;
import org.netdissect.torchscript.TorchScriptArchive;

/** The cache of a run over 20 images, opened by machines with made-up fingerprints. */
class KernelCheckTest {
    private static final List<String> LAYER5 = List.of("conv5");
    private static final List<String> LAYER4 = List.of("conv4");

    @TempDir
    static Path inputs;

    @TempDir
    Path folder;

    private final FakeNetwork network = new FakeNetwork();
    private final List<String> notes = new ArrayList<>();
    private FakeRun run;
    private Path root;
    private Path common;
    private ProbedNetwork source;
    private Fingerprint real;

    @BeforeAll
    static void inputs() throws IOException {
        FakeRun.inputs(inputs);
    }

    @BeforeEach
    void runOnThisMachine() throws IOException {
        root = folder.resolve("cache");
        run = new FakeRun(inputs, folder, network).with("--layer conv5");
        run.limit = OptionalInt.of(20);
        run.run();
        ForwardSettings forward = SourceRun.read(run.out).forward();
        ProbeSet probe = ProbeSet.open(run.probe).select(new ImageSelection(List.of(), List.of(), run.limit));
        source = new ProbedNetwork(
                TorchScriptArchive.open(run.model),
                probe,
                forward,
                new EngineSettings(forward.batch(), ComputeDevice.CPU, 2, forward.format()),
                false,
                new HashSet<>(),
                new Notes(),
                network);
        common = root.resolve(forward.identity().key());
        real = source.machine();
    }

    private final class Notes implements StageListener {
        @Override
        public Stage begin(String name, long from, long images) {
            throw new AssertionError("a stage over all images: " + name);
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }
    }

    private Fingerprint machine(String name) {
        TreeMap<String, String> fields = new TreeMap<>(real.fields());
        fields.put(Fingerprint.NAME, name);
        return new Fingerprint(fields);
    }

    /** Folder that a machine gets. */
    private Path opened(Fingerprint machine, List<String> layers) throws IOException {
        try (ActivationCache cache = new KernelCheck(source, machine).open(root, layers)) {
            return cache.folder();
        }
    }

    private Path own(Fingerprint machine) {
        return root.resolve(
                ActivationCache.forKernels(source.forward().identity(), machine).key());
    }

    /** Simulates that the first machine rounded the first chunk differently. */
    private void takeForOtherKernels() throws IOException {
        Path manifest = common.resolve("conv5/manifest.json");
        String text = Files.readString(manifest);
        String changed = text.replaceFirst("(\"checksums\" : \\[\\s*\")[0-9a-f]{8}", "$10123abcd");
        assertNotEquals(text, changed);
        Files.writeString(manifest, changed);
    }

    /** Simulates that the run was interrupted after {@code chunks} chunks of 8 images. */
    private void leaveARest(int chunks) throws IOException {
        Path layer = common.resolve("conv5");
        String text = Files.readString(layer.resolve("manifest.json"));
        List<String> checksums = Stream.of(text.split("\""))
                .filter(word -> word.matches("[0-9a-f]{8}"))
                .toList();
        Files.writeString(
                layer.resolve("partial.json"),
                text.replaceFirst("(?s)\"checksums\" : \\[.*?]", "\"checksums\" : [ ]")
                        .replaceFirst("(?s)\"thresholds\" : \\{.*?}", "\"thresholds\" : { }"));
        Files.write(layer.resolve("progress.log"), checksums.subList(0, chunks));
        Files.delete(layer.resolve("manifest.json"));
        Files.move(layer.resolve("activations.npy"), layer.resolve("activations.npy.partial"));
    }

    private String kernels() throws IOException {
        return Files.readString(common.resolve("conv5/kernels.json"));
    }

    @Test
    void theMachineThatComputedThemReadsThemAtOnce() throws IOException {
        String before = kernels();
        assertEquals(common, opened(real, LAYER5));
        assertEquals(List.of(), notes);
        assertEquals(before, kernels());
    }

    @Test
    void anotherMachineOfTheSameKernelsIsToldOnceAndThenKnown() throws IOException {
        Fingerprint twin = machine("twin");
        assertEquals(common, opened(twin, LAYER5));
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(
                notes.get(0).contains("processor: " + real.fields().get(Fingerprint.NAME) + " there, twin here")
                        && notes.get(0).contains("gives the first 8 images the same, bit by bit"),
                notes.get(0));
        assertTrue(kernels().contains("\"twin\""));
        assertEquals(common, opened(twin, LAYER5));
        assertEquals(1, notes.size(), "nothing is computed again");
        assertFalse(Files.exists(own(twin)));
    }

    @Test
    void aMachineOfOtherKernelsHasAFolderOfItsOwn() throws IOException {
        takeForOtherKernels();
        byte[] manifest = Files.readAllBytes(common.resolve("conv5/manifest.json"));
        byte[] array = Files.readAllBytes(common.resolve("conv5/activations.npy"));
        Fingerprint other = machine("other");
        assertEquals(own(other), opened(other, LAYER5));
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(
                notes.get(0).contains(common.resolve("conv5").toString())
                        && notes.get(0).contains("there, other here")
                        && notes.get(0).contains(own(other).toString()),
                notes.get(0));
        assertEquals(own(other), opened(other, LAYER5));
        assertEquals(1, notes.size(), "found again directly");
        assertEquals(common, opened(real, LAYER5), "which is known to have computed them");
        assertEquals(
                -1, java.util.Arrays.mismatch(manifest, Files.readAllBytes(common.resolve("conv5/manifest.json"))));
        assertEquals(-1, java.util.Arrays.mismatch(array, Files.readAllBytes(common.resolve("conv5/activations.npy"))));
        try (Stream<Path> files = Files.list(own(other))) {
            files.forEach(FileDeletion::delete);
        }
        Files.delete(own(other));
        assertEquals(own(other), opened(other, LAYER5));
        assertEquals(2, notes.size(), "told again where its folder was deleted, from what is remembered");
    }

    @Test
    void withoutTheFileEveryMachineIsUnknown() throws IOException {
        for (String damage : List.of("", "{\"same\": [{\"processor\": ")) {
            Files.writeString(common.resolve("conv5/kernels.json"), damage);
            notes.clear();
            assertEquals(common, opened(real, LAYER5));
            assertEquals(1, notes.size(), notes.toString());
            assertEquals(common, opened(real, LAYER5));
            assertEquals(1, notes.size(), "mended");
        }
    }

    @Test
    void aLayerThatIsNotAskedForTellsForTheFolder() throws IOException {
        assertEquals(common, opened(machine("twin"), LAYER4), "to compute layer4 beside layer5");
        assertEquals(1, notes.size(), notes.toString());
        takeForOtherKernels();
        Fingerprint other = machine("other");
        assertEquals(own(other), opened(other, LAYER4));
        assertEquals(common, opened(real, LAYER4));
    }

    @Test
    void aRestIsGoneOnFromWhereItsFirstSpanIsTheSame() throws IOException {
        leaveARest(2);
        Fingerprint twin = machine("twin");
        assertEquals(common, opened(twin, LAYER5));
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(kernels().contains("\"twin\""));
    }

    @Test
    void aRestOfOtherKernelsStaysForItsMachine() throws IOException {
        leaveARest(2);
        Path progress = common.resolve("conv5/progress.log");
        Files.writeString(progress, "0123abcd" + Files.readString(progress).substring(8));
        String before = Files.readString(progress);
        Fingerprint other = machine("other");
        assertEquals(own(other), opened(other, LAYER5));
        assertEquals(before, Files.readString(progress));
        assertEquals(common, opened(real, LAYER5));
    }

    @Test
    void aRestWithoutItsFirstSpanIsBegunAnew() throws IOException {
        leaveARest(0);
        assertEquals(common, opened(machine("elsewhere"), LAYER5));
        assertEquals(List.of(), notes);
        assertFalse(kernels().contains("elsewhere"), "so far nothing is known of it");
    }

    @Test
    void aRepairMayShowOtherKernelsThanTheFirstSpanDid() throws IOException {
        Files.writeString(
                common.resolve("conv5/kernels.json"),
                kernels().replaceFirst("\"same\" : \\[", "\"same\" : [ {\"processor\": \"elsewhere\"},"));
        Path manifest = common.resolve("conv5/manifest.json");
        String changed = Files.readString(manifest)
                .replaceFirst("(\"checksums\" : \\[\\s*\"[0-9a-f]{8}\",\\s*\")[0-9a-f]{8}", "$10123abcd");
        Files.writeString(manifest, changed);
        try (Stream<Path> files = Files.list(common.resolve("conv5"))) {
            // otherwise the activations are not read
            files.filter(file -> file.getFileName().toString().startsWith("alignment-"))
                    .forEach(FileDeletion::delete);
        }
        String table = Files.readString(run.out.resolve("conv5/detectors.csv"));
        run.out = folder.resolve("again");
        run.run();
        assertEquals(1, run.notes("do not fit their checksums"), run.notes.toString());
        assertEquals(1, run.notes("are of other kernels"), run.notes.toString());
        assertEquals(1, run.notes("processor: elsewhere there"), run.notes.toString());
        assertTrue(Files.exists(own(real).resolve("conv5/activations.npy")));
        assertEquals(changed, Files.readString(manifest), "left to the machine that computed them");
        assertEquals(table, Files.readString(run.out.resolve("conv5/detectors.csv")));
    }

    /** Deletes files in a stream, without an IOException. */
    private static final class FileDeletion {
        static void delete(Path file) {
            assertTrue(file.toFile().delete(), file.toString());
        }
    }
}
