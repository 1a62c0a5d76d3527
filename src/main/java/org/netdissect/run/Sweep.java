package org.netdissect.run;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netdissect.base.InputException;

/**
 * Top fractions and IoU thresholds. The first of each are those of the tables; if there are more, detectors are counted
 * for every pair.
 *
 * @param topFractions q: at most this fraction of a unit's activations is beyond its threshold
 * @param ious a detector's score is greater
 */
public record Sweep(List<BigDecimal> topFractions, List<Double> ious) {
    /** Names in run.json. */
    static final String TOP_FRACTION = "top-fraction";

    static final String IOU = "iou";
    static final String NAME = "sweep";

    private static final Pattern RECORDED = Pattern.compile(TOP_FRACTION + " (.+); " + IOU + " (.+)");
    private static final int MOST = 32;

    /** Throws {@link InputException} for values outside their range, duplicates, or too many values. */
    public Sweep {
        topFractions = topFractions.stream().map(BigDecimal::stripTrailingZeros).toList();
        ious = List.copyOf(ious);
        for (BigDecimal topFraction : topFractions) {
            if (topFraction.signum() <= 0 || topFraction.compareTo(BigDecimal.ONE) >= 0) {
                throw new InputException("--top-fraction " + topFraction.toPlainString()
                        + ": expected more than 0 and less than 1, such as 0.005");
            }
        }
        for (double iou : ious) {
            if (!(iou >= 0 && iou < 1)) {
                throw new InputException("--iou " + iou + ": expected at least 0 and less than 1, such as 0.04");
            }
        }
        expectFewAndDistinct(
                "--top-fraction",
                topFractions.stream().map(BigDecimal::toPlainString).toList());
        expectFewAndDistinct("--iou", ious.stream().map(Sweep::text).toList());
    }

    private static void expectFewAndDistinct(String option, List<String> values) {
        if (values.size() > MOST) {
            throw new InputException(option + ": " + values.size() + " values, expected at most " + MOST);
        }
        HashSet<String> seen = new HashSet<>();
        for (String value : values) {
            if (!seen.add(value)) {
                throw new InputException(option + " " + String.join(",", values) + ": " + value
                        + " stands twice, expected each value once");
            }
        }
    }

    /** Whether there is more than one pair. */
    public boolean hasMore() {
        return topFractions.size() > 1 || ious.size() > 1;
    }

    /** An IoU threshold in decimal. */
    static String text(double iou) {
        // adding zero turns -0.0 into 0.0
        return new BigDecimal(Double.toString(iou + 0.0)).stripTrailingZeros().toPlainString();
    }

    /** All values in one text, for run.json. */
    String recorded() {
        return TOP_FRACTION + " "
                + topFractions.stream().map(BigDecimal::toPlainString).collect(Collectors.joining(","))
                + "; " + IOU + " " + ious.stream().map(Sweep::text).collect(Collectors.joining(","));
    }

    /** Reads the sweep of a run; without one, the single values of the tables. */
    static Sweep read(JsonFields fields) {
        if (fields.has(NAME)) {
            Matcher all = RECORDED.matcher(fields.text(NAME));
            if (!all.matches()) {
                throw fields.wrong(NAME, "expected " + TOP_FRACTION + " VALUES; " + IOU + " VALUES");
            }
            return fields.made(NAME, () -> of(all.group(1), all.group(2)));
        }
        String topFraction = fields.text(TOP_FRACTION);
        String iou = Double.toString(fields.number(IOU));
        fields.made(TOP_FRACTION, () -> of(topFraction, "0"));
        return fields.made(IOU, () -> of(topFraction, iou));
    }

    private static Sweep of(String topFractions, String ious) {
        return new Sweep(
                Stream.of(topFractions.split(",")).map(BigDecimal::new).toList(),
                Stream.of(ious.split(",")).map(Double::valueOf).toList());
    }
}
