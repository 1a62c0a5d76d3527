package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.activation.Precision;
import org.netdissect.run.ThresholdRecord;

/** One or two passes without a cache, compared with a run with a cache. */
class StreamedStagesTest {
    private static final String FIRST = "first pass, for thresholds";
    private static final String SECOND = "second pass, for masks";

    private static final List<Integer> ONCE = IntStream.range(0, 40).boxed().toList();

    @TempDir
    static Path inputs;

    @TempDir
    Path folder;

    private final FakeNetwork network = new FakeNetwork();
    private FakeRun run;

    @BeforeAll
    static void inputs() throws IOException {
        FakeRun.inputs(inputs);
    }

    @BeforeEach
    void withoutACache() {
        run = new FakeRun(inputs, folder, network);
        run.cache = null;
    }

    private FakeRun cached(String options) {
        return new FakeRun(inputs, folder.resolve("cached"), network).with(options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--top-images 3",
                "--tail both",
                "--top-fraction 0.05,0.2 --iou 0.04,0.1",
                "--split val,train",
                "--profile netdissect-lite",
            })
    void theFilesAreThoseOfARunWithACache(String options) throws IOException {
        Map<String, String> expected = cached(options).run();
        run.with(options);
        assertEquals(expected, run.run());
        run.memory = FakeRun.LITTLE;
        assertEquals(expected, run.run());
        assertTrue(run.stages.containsAll(List.of(FIRST, SECOND)), run.stages.toString());
    }

    @Test
    void onePassIsEnoughWhereWhatMayLieInMasksFits() throws IOException {
        run.run();
        assertEquals(ONCE, network.passed);
        assertEquals(List.of(FIRST, FakeRun.ALIGNMENT), run.stages.subList(0, 2));
        run.memory = FakeRun.LITTLE;
        run.run();
        List<Integer> twice = new ArrayList<>(ONCE);
        twice.addAll(ONCE);
        assertEquals(twice, network.passed);
        assertEquals(List.of(List.of("conv4", "conv5")), network.loaded);
        assertEquals(List.of(FIRST, SECOND), run.stages.subList(0, 2));
    }

    @Test
    void halfPrecisionIsTheCaches() throws IOException {
        FakeRun half = cached("");
        Map<String, String> whole = half.run();
        half.precision = Precision.FLOAT16;
        Map<String, String> expected = half.run();
        run.precision = Precision.FLOAT16;
        assertEquals(expected, run.run());
        assertNotEquals(whole, expected);
    }

    @Test
    void givenThresholdsSpareAPass() throws IOException {
        FakeRun cached = cached("--layer conv5");
        Map<String, String> expected = cached.run();
        run.with("--layer conv5").thresholds = cached.out.resolve("conv5/detectors.csv");
        Map<String, String> found = run.run();
        assertEquals(ONCE, network.passed);
        assertFalse(run.stages.contains(FIRST), run.stages.toString());
        assertEquals(expected.get("conv5/detectors.csv"), found.get("conv5/detectors.csv"));
    }

    private Path interruptTheSecondPass() throws IOException {
        run.memory = FakeRun.LITTLE;
        network.passesBeforeFailure = 1;
        network.failsAt = 20;
        assertThrows(FakeNetwork.Interruption.class, run::run);
        assertTrue(run.stages.contains(SECOND), run.stages.toString());
        return run.out.resolve(ThresholdRecord.NAME);
    }

    private void assertGoesOn(boolean behind, String why) throws IOException {
        assertEquals(cached("").run(), run.run());
        assertEquals(behind ? 1 : 0, run.notes("those of an interrupted run"), why);
        assertEquals(!behind, run.stages.contains(FIRST), why);
        assertFalse(Files.exists(run.out.resolve(ThresholdRecord.NAME)));
    }

    @Test
    void anInterruptedRunGoesOnBehindItsFirstPass() throws IOException {
        Path partial = interruptTheSecondPass();
        String record = Files.readString(partial);
        assertGoesOn(true, "the same settings");

        Files.writeString(partial, record);
        run.with("--top-fraction 0.1").run();
        assertTrue(run.stages.contains(FIRST), "thresholds of other settings are not taken");
        run.with("--top-fraction 0.05");

        Files.writeString(partial, record.replaceFirst("\"kernels\" : \"[^\"]+\"", "\"kernels\" : \"others\""));
        assertGoesOn(false, "thresholds of other kernels are not taken");
        Files.writeString(partial, record.substring(1));
        assertGoesOn(false, "a damaged record is not taken");
        Files.writeString(partial, record.replaceFirst("\"values\" : \\[ [^,]+,", "\"values\" : ["));
        assertGoesOn(false, "a record that lacks a unit is not taken");
        Files.writeString(partial, record.replaceFirst("\"rankError\" : 0.0", "\"rankError\" : \"none\""));
        assertGoesOn(false, "a record without its rank error is not taken");
        Files.writeString(partial, record);
        run.memory = FakeRun.LITTLE + 1;
        assertGoesOn(true, "exact thresholds do not depend on the memory");
    }
}
