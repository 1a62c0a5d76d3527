package org.netdissect.cli;

import java.math.BigDecimal;
import java.util.List;
import org.netdissect.cli.Converters.Fractions;
import org.netdissect.cli.Converters.Numbers;
import org.netdissect.run.Sweep;
import org.netdissect.run.TailChoice;
import picocli.CommandLine.Option;

/** Options for the thresholds of masks and of detectors. */
final class ScoringOptions {
    @Option(
            names = "--top-fraction",
            paramLabel = "Q[,Q...]",
            defaultValue = "0.005",
            description = "At most this fraction of a unit's activations is above its threshold (default: "
                    + "${DEFAULT-VALUE}). Detectors are counted for each of several; the tables are of the first.")
    private Fractions topFractions = new Fractions(List.of(new BigDecimal("0.005")));

    @Option(
            names = "--iou",
            paramLabel = "T[,T...]",
            defaultValue = "0.04",
            description = "A detector's IoU is greater than this (default: ${DEFAULT-VALUE}). Detectors are "
                    + "counted for each of several; the tables are of the first.")
    private Numbers ious = new Numbers(List.of(0.04));

    @Option(
            names = "--tail",
            paramLabel = "NAME",
            defaultValue = "upper",
            description = "Activations to dissect: the greatest (upper), the least (lower), or both. The lower tail of "
                    + "a layer is named LAYER-lower (default: ${DEFAULT-VALUE}).")
    private TailChoice tail = TailChoice.UPPER;

    Sweep sweep() {
        return new Sweep(topFractions.values(), ious.values());
    }

    TailChoice tail() {
        return tail;
    }
}
