package org.netdissect.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;
import org.netdissect.result.DetectorTableReader;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/** Any bytes as a detector table. What is read can be counted, compared with itself and printed. */
public final class DetectorTableFuzz {
    private static final Path FILE = FuzzFolder.create().resolve("fuzz.csv");

    private DetectorTableFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Files.write(FILE, data);
        StoredTable table;
        try {
            table = DetectorTableReader.read(FILE);
        } catch (InputException e) {
            FuzzFolder.expectClear(e, FILE.toString());
            return;
        }
        for (UnitScores unit : table.scores().units()) {
            for (ConceptScore score : unit.categories()) {
                boolean sound = score.iou() >= 0 && score.iou() <= 1 && score.truth() >= 0;
                if (!sound || table.label(score).isEmpty() != (score.label() == 0)) {
                    throw new AssertionError("unit " + unit);
                }
            }
        }
        ComparedRun run = new ComparedRun("a", Map.of(), 0.04, List.of(new ComparedLayer("x", table)));
        ComparisonResult comparison =
                ComparisonResult.of(List.of(run, run.withName("b")), CountingRule.PER_CATEGORY, false);
        if (comparison.concepts().stream().anyMatch(change -> change.fromUnits() != change.toUnits())) {
            throw new AssertionError("a table differs from itself: " + comparison.concepts());
        }
        comparison.text();
        ComparisonFiles.conceptsCsv(comparison);
        RunDifference explanation = RunDifference.of(run, run);
        if (explanation.layers().get(0).relabelled() != 0) {
            throw new AssertionError("a table is explained by itself: " + explanation.layers());
        }
        explanation.text();
    }
}
