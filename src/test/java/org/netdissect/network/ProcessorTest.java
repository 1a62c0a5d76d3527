package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
    @TempDir
    Path folder;

    private Path description(String vendor, String flags) throws IOException {
        String text = "processor\t: 0\nvendor_id\t: " + vendor + "\nflags\t\t: fpu sse2 " + flags + " avx2\n";
        return Files.writeString(folder.resolve("cpuinfo"), text);
    }

    @Test
    void onlyAmdWithAvx512AndHiddenCachesIsAffected() throws IOException {
        Path hidden = folder.resolve("no-caches");
        assertTrue(Processor.isAffected(hidden, description("AuthenticAMD", "avx512f")));
        assertFalse(Processor.isAffected(folder, description("AuthenticAMD", "avx512f")), "caches are shown");
        assertFalse(Processor.isAffected(hidden, description("AuthenticAMD", "")), "no AVX-512");
        assertFalse(Processor.isAffected(hidden, description("GenuineIntel", "avx512f")));
        assertFalse(Processor.isAffected(hidden, folder.resolve("none")), "not Linux");
    }

    /** The engine computes correctly on this machine, on any processor; wrong numbers would end every run. */
    @Test
    void theEngineComputesWhatJavaDoes() {
        assertEquals("PyTorch", Engines.get().getEngineName());
    }

    @Test
    void aConvolutionByHand() {
        float[] input = new float[2 * 24 * 36];
        float[] weights = new float[16 * 24 * 9];
        // value 1 at row 1, column 2 of image 0, channel 3; weight 5 above the middle, from channel 3 to channel 4
        input[3 * 36 + 6 + 2] = 1;
        weights[(4 * 24 + 3) * 9 + 1] = 5;
        float[] expected = new float[2 * 16 * 36];
        expected[4 * 36 + 2 * 6 + 2] = 5;
        float[] found = EngineCheck.convolve(input, weights);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], "at " + i);
        }
    }
}
