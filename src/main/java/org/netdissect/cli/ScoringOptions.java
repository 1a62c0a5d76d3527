package org.netdissect.cli;

import java.math.BigDecimal;
import java.util.List;
import org.netdissect.cli.Converters.Fractions;
import org.netdissect.cli.Converters.Numbers;
import org.netdissect.pipeline.Sweep;
import org.netdissect.pipeline.TailChoice;
import picocli.CommandLine.Option;

/** Which activations make a mask, and which scores make a detector. */
final class ScoringOptions {
    @Option(
            names = "--top-fraction",
            paramLabel = "Q[,Q...]",
            defaultValue = "0.005",
            description = "At most this fraction of a unit's activations is above its threshold (default: "
                    + "${DEFAULT-VALUE}). Of several, the first is the run's own; detectors are counted for each.")
    private Fractions topFractions = new Fractions(List.of(new BigDecimal("0.005")));

    @Option(
            names = "--iou",
            paramLabel = "T[,T...]",
            defaultValue = "0.04",
            description = "A detector's IoU is greater than this (default: ${DEFAULT-VALUE}). Of several, the first is "
                    + "the run's own; detectors are counted for each.")
    private Numbers ious = new Numbers(List.of(0.04));

    @Option(
            names = "--tail",
            paramLabel = "NAME",
            defaultValue = "upper",
            description = "Activations to look at: the greatest (upper), the least (lower), or both, the lower tail of "
                    + "a layer being called LAYER-lower (default: ${DEFAULT-VALUE}).")
    private TailChoice tail = TailChoice.UPPER;

    Sweep sweep() {
        return new Sweep(topFractions.values(), ious.values());
    }

    TailChoice tail() {
        return tail;
    }
}
