package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.Precision;
import org.netdissect.base.ProgressListener;

class LayerKernelsTest {
    private static final Fingerprint XEON = machine("Xeon", "avx avx2 avx512f amx fma sse sse2 ssse3 sse4");
    private static final Fingerprint EPYC = machine("Epyc", "avx avx2 fma sse sse2 ssse3 sse4 sse4a clzero");

    @TempDir
    Path root;

    private static Fingerprint machine(String name, String instructions) {
        return new Fingerprint(new TreeMap<>(Map.of(Fingerprint.NAME, name, "instructions", instructions)));
    }

    private static Fingerprint with(Fingerprint machine, String variable, String value) {
        TreeMap<String, String> fields = new TreeMap<>(machine.fields());
        fields.put(variable, value);
        return new Fingerprint(fields);
    }

    private static ActivationCache open(Path root, Fingerprint machine) throws IOException {
        return ActivationCache.open(root, StoredCache.identity("m"), machine);
    }

    /** Writes a layer with the first 32 of 37 images. */
    private void writeRest(Fingerprint machine) throws IOException {
        try (ActivationCache cache = open(root, machine);
                LayerWriter writer = cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32)) {
            SpanWriter span = writer.span(0, 32);
            span.write(StoredCache.block(0, 32));
            writer.append(span.end());
        }
    }

    private StoredStart start(Fingerprint machine) throws IOException {
        try (ActivationCache cache = open(root, machine)) {
            return cache.start("conv").orElseThrow();
        }
    }

    @Test
    void differencesNameWhatThereIsHereAndThere() {
        assertEquals(List.of(), XEON.differences(XEON));
        assertEquals(
                List.of(
                        "instructions: only there sse4a clzero, only here avx512f amx",
                        "processor: Epyc there, Xeon here"),
                XEON.differences(EPYC));
        Fingerprint limited = with(XEON, "ATEN_CPU_CAPABILITY", "default");
        assertEquals(List.of("ATEN_CPU_CAPABILITY: not set there, default here"), limited.differences(XEON));
        assertEquals(List.of("ATEN_CPU_CAPABILITY: default there, not set here"), XEON.differences(limited));
        assertNotEquals(XEON.digest(), limited.digest());
        assertNotEquals(XEON.toString(), limited.toString(), "digits tell machines of one name apart");
    }

    @Test
    void aMachineIsInOneListAndTheOriginStaysFirst() throws IOException {
        LayerKernels kernels = LayerKernels.computedBy(XEON).with(EPYC, false);
        assertEquals(new LayerKernels(List.of(XEON), List.of(EPYC)), kernels);
        assertEquals(new LayerKernels(List.of(XEON, EPYC), List.of()), kernels.with(EPYC, true));
        kernels.write(root);
        assertEquals(kernels, LayerKernels.read(root));
        for (int run = 0; run < 100; run++) {
            kernels = kernels.with(with(XEON, "MKL_RUN", "" + run), true).with(with(EPYC, "MKL_RUN", "" + run), false);
        }
        assertEquals(32, kernels.same().size());
        assertEquals(32, kernels.other().size());
        assertEquals(Optional.of(XEON), kernels.origin());
        assertTrue(kernels.other().contains(with(EPYC, "MKL_RUN", "99")));
    }

    @Test
    void aDamagedFileMakesEveryMachineUnknownAndIsTold() throws IOException {
        Path folder = StoredCache.write(root, "m", Instant.now(), "conv").resolve("conv");
        Path file = folder.resolve("kernels.json");
        assertTrue(Files.exists(file));
        StoredLayer layer = CacheInventory.of(root).keys().get(0).layers().get(0);
        assertEquals(List.of(), layer.foreign(), "a file of the cache's");
        assertEquals(List.of(), LayerVerification.run(layer, 1, ProgressListener.NONE));
        for (String damage :
                List.of("", "{", "[]", "null", "{\"same\": 3}", "{\"same\": [{\"a\": 1}]}", "\u0000\u0001")) {
            Files.writeString(file, damage);
            assertEquals(LayerKernels.NONE, LayerKernels.read(folder), damage);
            List<String> faults = LayerVerification.run(layer, 1, ProgressListener.NONE);
            assertEquals(1, faults.size(), damage);
            assertTrue(faults.get(0).startsWith(file + ": not readable"), faults.get(0));
            assertFalse(start(XEON).isKnown());
            assertFalse(start(XEON).isRefused());
        }
        try (ActivationCache cache = open(root, XEON)) {
            cache.recordKernels("conv", true);
        }
        assertTrue(start(XEON).isKnown());
        assertEquals(List.of(), LayerVerification.run(layer, 1, ProgressListener.NONE));
        Files.delete(file);
        assertFalse(start(XEON).isKnown());
    }

    @Test
    void theMachineThatBeginsALayerIsKnown() throws IOException {
        writeRest(XEON);
        assertTrue(start(XEON).isKnown());
        assertFalse(start(EPYC).isKnown());
        try (ActivationCache cache = open(root, EPYC)) {
            assertFalse(cache.isOrigin("conv"));
            cache.recordKernels("conv", true);
            try (LayerWriter writer = cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32)) {
                assertEquals(24, writer.rewind(24), "goes on");
            }
        }
        assertEquals(Optional.of(XEON), start(EPYC).origin());
        assertTrue(start(EPYC).isKnown());
        try (ActivationCache cache = open(root, EPYC);
                LayerWriter writer = cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32)) {
            writer.rewind(0);
            assertTrue(cache.isOrigin("conv"), "begins anew");
        }
        assertFalse(start(XEON).isKnown(), "nothing of its images is left");
        try (ActivationCache cache = open(root, EPYC)) {
            cache.drop("conv");
            assertFalse(Files.exists(cache.folder("conv").resolve("kernels.json")));
        }
    }

    @Test
    void theChecksumsOfTheFirstImagesDecide() throws IOException {
        writeRest(XEON);
        StoredStart start = start(EPYC);
        assertTrue(start.covers(32));
        assertFalse(start.covers(37), "the last chunk was not finished");
        SpanWriter same = start.span(16);
        same.write(StoredCache.block(0, 16));
        assertTrue(start.isSame(same.end()));
        SpanWriter other = start.span(16);
        other.write(StoredCache.block(0, 8));
        ActivationBlock shifted = StoredCache.block(0, 8);
        other.write(ActivationBlock.computed(8, 8, 4, StoredCache.SHAPE.map(), Precision.FLOAT32, shifted.bytes(0, 8)));
        assertFalse(start.isSame(other.end()));
    }

    @Test
    void kernelsOfTheirOwnHaveAKeyOfTheirOwn() throws IOException {
        CacheIdentity common = StoredCache.identity("m");
        CacheIdentity own = ActivationCache.forKernels(common, EPYC);
        assertEquals(own, ActivationCache.forKernels(common, EPYC));
        assertNotEquals(common.key(), own.key());
        assertNotEquals(own.key(), ActivationCache.forKernels(common, XEON).key());
        Path commonLayer = StoredCache.write(root, "m", Instant.now(), "conv").resolve("conv");
        Path ownLayer = root.resolve(own.key()).resolve("conv");
        try (ActivationCache cache = ActivationCache.open(root, own, EPYC);
                LayerWriter writer = cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32)) {
            SpanWriter span = writer.span(0, 37);
            span.write(StoredCache.block(0, 37));
            writer.append(span.end());
            writer.finish().close();
        }
        for (Path layer : List.of(commonLayer, ownLayer)) {
            try (ActivationCache cache = ActivationCache.openAround(layer, common)) {
                assertEquals(layer, cache.folder("conv"));
                assertEquals(List.of("conv"), cache.complete());
                cache.find("conv").orElseThrow().close();
            }
        }
        assertEquals(2, CacheInventory.of(root).keys().size());
    }
}
