package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Fingerprint;

class FingerprintTest {
    @TempDir
    Path folder;

    private SortedMap<String, String> fields(String description, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("cpuinfo"), description);
        return ProcessorFingerprint.fields(file, folder.resolve("cache"), folder.resolve("os-release"), environment);
    }

    private static String x86(String mhz, String flags) {
        return "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Xeon\nstepping\t: 7\n"
                + "cpu MHz\t\t: " + mhz + "\nflags\t\t: " + flags + "\n\nprocessor\t: 1\nvendor_id\t: Other\n";
    }

    @Test
    void aProcessorIsWhatDoesNotChangeWithTime() throws IOException {
        SortedMap<String, String> fields = fields(x86("2599.998", "sse2 avx512f avx2"), Map.of());
        assertEquals("GenuineIntel 6 85 Xeon 7", fields.get(Fingerprint.NAME));
        assertEquals("avx2 avx512f sse2", fields.get("instructions"));
        assertEquals(fields, fields(x86("1200.000", "sse2 avx512f avx2"), Map.of()));
        assertNotEquals(fields, fields(x86("2599.998", "sse2 avx2"), Map.of()));
        SortedMap<String, String> arm = fields(
                "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n",
                Map.of());
        assertEquals("0x41 0xd40", arm.get(Fingerprint.NAME));
        assertEquals("asimd fp sve", arm.get("instructions"));
    }

    @Test
    void cachesAndSystemCount() throws IOException {
        SortedMap<String, String> bare = fields(x86("1", "sse2"), Map.of());
        Path l2 = Files.createDirectories(folder.resolve("cache/index2"));
        Files.writeString(l2.resolve("level"), "2\n");
        Files.writeString(l2.resolve("type"), "Unified\n");
        Files.writeString(l2.resolve("size"), "1024K\n");
        Files.writeString(l2.resolve("shared_cpu_list"), "0,32\n");
        Files.writeString(folder.resolve("os-release"), "NAME=\"Some\"\nID=some\nVERSION_ID=\"9\"\n");
        SortedMap<String, String> full = fields(x86("1", "sse2"), Map.of());
        assertFalse(bare.containsKey("caches"));
        assertEquals("L2-Unified-1024K-of-0,32", full.get("caches"));
        assertEquals(System.getProperty("os.name") + " some 9", full.get("system"));
    }

    @Test
    void variablesThatChooseKernelsCount() throws IOException {
        SortedMap<String, String> fields = fields(
                x86("1", "sse2"),
                Map.of(
                        "ATEN_CPU_CAPABILITY", "default",
                        "ONEDNN_MAX_CPU_ISA", "AVX2",
                        "MKL_CBWR", "COMPATIBLE",
                        "GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2",
                        "MKL_NUM_THREADS", "8",
                        "ONEDNN_VERBOSE", "1",
                        "HOME", "/root"));
        assertEquals("default", fields.get("ATEN_CPU_CAPABILITY"));
        assertEquals("AVX2", fields.get("ONEDNN_MAX_CPU_ISA"));
        assertEquals("COMPATIBLE", fields.get("MKL_CBWR"));
        assertEquals("glibc.cpu.hwcaps=-AVX2", fields.get("GLIBC_TUNABLES"));
        assertFalse(fields.containsKey("MKL_NUM_THREADS"), "passes have one thread");
        assertFalse(fields.containsKey("ONEDNN_VERBOSE"));
        assertFalse(fields.containsKey("HOME"));
    }

    @Test
    void whereNothingTellsTheArchitectureHasTo() {
        Path none = folder.resolve("none");
        assertEquals(
                System.getProperty("os.arch"),
                ProcessorFingerprint.fields(none, none, none, Map.of()).get(Fingerprint.NAME));
        assertEquals(
                "Intel64 Family 6",
                ProcessorFingerprint.fields(none, none, none, Map.of("PROCESSOR_IDENTIFIER", "Intel64 Family 6"))
                        .get(Fingerprint.NAME));
    }

    @Test
    void onAGpuTheProcessorDoesNotCount() throws IOException {
        Path gpu = Files.createDirectories(folder.resolve("gpus/0000:01:00.0"));
        Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA Some\nIRQ:   16\n");
        Files.writeString(folder.resolve("version"), "NVRM version: 570.1\nGCC version: 12\n");
        SortedMap<String, String> fields = Gpu.fingerprint(
                0, folder, Map.of("ATEN_CPU_CAPABILITY", "default", "CUBLAS_WORKSPACE_CONFIG", ":4096:8"));
        assertTrue(
                fields.getOrDefault(Fingerprint.NAME, "").startsWith("NVIDIA Some, GPU of compute capability "),
                fields.toString());
        assertEquals("NVRM version: 570.1", fields.get("driver"));
        assertEquals(":4096:8", fields.get("CUBLAS_WORKSPACE_CONFIG"));
        assertEquals(3, fields.size(), fields.toString());
        Path second = Files.createDirectories(folder.resolve("gpus/0000:02:00.0"));
        Files.writeString(second.resolve("information"), "Model: NVIDIA Other\n");
        assertEquals("1 of all", Gpu.fingerprint(1, folder, Map.of()).get("gpu"));
    }

    @Test
    void thisMachineIsItself() {
        Fingerprint here = Engines.fingerprint(ComputeDevice.CPU);
        assertEquals(here, Engines.fingerprint(ComputeDevice.CPU));
        assertTrue(here.fields().containsKey(Fingerprint.NAME));
        assertTrue(here.fields().getOrDefault("java", "").endsWith(System.getProperty("java.version")));
    }
}
