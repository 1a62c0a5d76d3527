package org.netdissect.cli;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.run.RotationSettings;
import picocli.CommandLine.Option;

/** Options of the axis-alignment experiment. */
final class RotationOptions {
    @Option(
            names = "--rotate",
            paramLabel = "ALPHA",
            description = "Dissect each layer in a basis turned by this fraction of a random rotation, 0 to 1 (the "
                    + "axis-alignment experiment of Bau et al. 2017).")
    private @Nullable BigDecimal rotate;

    @Option(
            names = "--rotate-sweep",
            paramLabel = "A,B",
            description = "Also count unique detectors in bases turned by these fractions, such as 0,0.2,...,1; writes "
                    + "rotation.csv and a chart. The tables remain those of the network's original basis.")
    private @Nullable AlphaList sweep;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description = "Random rotations of the sweep, with the seeds from --seed on (default: 1).")
    private @Nullable Integer trials;

    RotationSettings settings(long seed) {
        if (trials != null && sweep == null) {
            throw new InputException("--trials " + trials + " without --rotate-sweep: it says how many random "
                    + "rotations a sweep has; give --rotate-sweep 0,0.2,...,1");
        }
        return new RotationSettings(
                rotate, sweep == null ? List.of() : sweep.alphas(), trials == null ? 1 : trials, seed);
    }
}
