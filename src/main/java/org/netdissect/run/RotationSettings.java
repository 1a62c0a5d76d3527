package org.netdissect.run;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.result.LayerSummary;

/**
 * Settings of the axis-alignment experiment (Bau et al. 2017, section 3.2): the bases in which a layer is dissected.
 *
 * @param alpha fraction of a random rotation by which the basis of the run's tables is rotated, or null for the
 *     network's basis
 * @param sweep further fractions, rising, at which only unique detectors are counted; may be empty
 * @param trials random rotations of the sweep; trial t, from 1, has the seed {@code seed + t - 1}
 * @param seed of the rotation, or of the first trial of a sweep
 */
public record RotationSettings(@Nullable BigDecimal alpha, List<BigDecimal> sweep, int trials, long seed) {
    /** No rotation. */
    public static final RotationSettings NONE = new RotationSettings(null, List.of(), 1, 0);

    /** Name in run.json. The baseline's seed has the same name and value. */
    static final String SEED = "seed";

    private static final String ROTATE = "rotate";
    private static final String SWEEP = "rotate-sweep";
    private static final String TRIALS = "trials";
    private static final int MOST_TRIALS = 1000;

    /** Throws {@link InputException} for values outside their range. */
    public RotationSettings {
        sweep = List.copyOf(sweep);
        if (alpha != null) {
            check("--rotate", alpha);
            if (!sweep.isEmpty()) {
                throw new InputException("--rotate with --rotate-sweep: give one of them; the tables of a sweep's run "
                        + "are those of the network's own basis");
            }
        }
        sweep.forEach(each -> check("--rotate-sweep", each));
        if (trials < 1 || trials > MOST_TRIALS) {
            throw new InputException("--trials " + trials + ": expected 1 to " + MOST_TRIALS);
        }
    }

    private static void check(String option, BigDecimal alpha) {
        if (alpha.signum() < 0 || alpha.compareTo(BigDecimal.ONE) > 0) {
            throw new InputException(
                    option + " " + alpha.toPlainString() + ": expected 0 (the network's own basis) to 1");
        }
    }

    /** The option that asks for rotations, if one was given. */
    public Optional<String> option() {
        return alpha != null
                ? Optional.of("--rotate")
                : sweep.isEmpty() ? Optional.empty() : Optional.of("--rotate-sweep");
    }

    /** Throws {@link InputException} for options that exclude rotations. */
    void check(@Nullable Path thresholds, StorageSettings storage, TailChoice tail) {
        Optional<String> option = option();
        if (option.isPresent() && storage.cache() == null) {
            throw new InputException(
                    option.get() + " with --no-cache: rotated bases are computed from the cache; leave --no-cache out");
        }
        if (option.isPresent() && thresholds != null) {
            throw new InputException(option.get() + " with --thresholds " + thresholds
                    + ": each basis has thresholds of its own; give one of them");
        }
        if (!sweep.isEmpty() && tail != TailChoice.UPPER) {
            throw new InputException("--rotate-sweep with --tail " + tail
                    + ": its curve is of the upper tail; leave --tail out, or give --rotate ALPHA");
        }
    }

    /** Fraction by which the basis of the run's tables is rotated, if it is not 0. */
    public Optional<BigDecimal> turned() {
        return alpha == null || alpha.signum() == 0 ? Optional.empty() : Optional.of(alpha);
    }

    /** The basis for summary.json, or null for no rotation. */
    public LayerSummary.@Nullable Rotation summary() {
        return alpha == null ? null : new LayerSummary.Rotation(alpha.stripTrailingZeros(), seed);
    }

    /** The basis in words, which follow the rule of thresholds on pages; empty for the network's basis. */
    public String wording() {
        return alpha == null ? "" : "; basis rotated by " + text(alpha) + " of a random rotation (seed " + seed + ")";
    }

    /** Values by option's name, for run.json; empty for no rotation. */
    Map<String, Object> recorded() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (alpha != null) {
            json.put(ROTATE, text(alpha));
        } else if (!sweep.isEmpty()) {
            json.put(SWEEP, sweep.stream().map(RotationSettings::text).toList());
            json.put(TRIALS, trials);
        }
        if (!json.isEmpty()) {
            json.put(SEED, seed);
        }
        return json;
    }

    /** Reads the settings of a run. */
    static RotationSettings read(JsonFields fields) {
        if (!fields.has(ROTATE) && !fields.has(SWEEP)) {
            return NONE;
        }
        long seed = fields.wholeNumber(SEED);
        if (fields.has(ROTATE)) {
            String alpha = fields.text(ROTATE);
            return fields.made(ROTATE, () -> new RotationSettings(new BigDecimal(alpha), List.of(), 1, seed));
        }
        List<String> alphas = fields.texts(SWEEP);
        int trials = fields.integer(TRIALS);
        return fields.made(
                SWEEP,
                () -> new RotationSettings(
                        null, alphas.stream().map(BigDecimal::new).toList(), trials, seed));
    }

    /** The seeds of all rotations. */
    List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        if (option().isPresent()) {
            for (int trial = 1; trial <= trials; trial++) {
                seeds.add(seed(trial));
            }
        }
        return seeds;
    }

    /** The seed of one trial, from 1. */
    public long seed(int trial) {
        return seed + trial - 1;
    }

    private static String text(BigDecimal alpha) {
        return alpha.stripTrailingZeros().toPlainString();
    }
}
