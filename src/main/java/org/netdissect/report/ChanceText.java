package org.netdissect.report;

import java.util.Locale;
import org.netdissect.align.CountingRule;
import org.netdissect.chance.LayerChance;
import org.netdissect.chance.UnitChance;

/** Sentences on how much is chance. */
public final class ChanceText {
    private ChanceText() {}

    /** A layer's detectors against those by chance, in one line, without the layer's name. */
    public static String line(LayerReport report, LayerChance chance) {
        CountingRule.Counts found = report.counts(CountingRule.TOP_LABEL);
        String counts = found.detectors() + (found.detectors() == 1 ? " detector, " : " detectors, ") + found.unique()
                + " unique; ";
        LayerChance.Expected detectors = chance.detectors();
        LayerChance.Expected unique = chance.unique();
        if (detectors == null || unique == null) {
            return counts + "what chance would give cannot be told, as no two images hold the same categories";
        }
        return counts
                + String.format(
                        Locale.ROOT,
                        "by chance %s and %s unique (at most %d and %d in 95 of 100 draws); %d significant at a false "
                                + "discovery rate of %s",
                        mean(detectors.mean()),
                        mean(unique.mean()),
                        detectors.most95(),
                        unique.most95(),
                        chance.significant(),
                        LayerChance.RATE);
    }

    private static String mean(double count) {
        return String.format(Locale.ROOT, count > 0 && count < 0.1 ? "%.3f" : "%.1f", count);
    }

    /** A unit's interval and how often chance is as good; empty for a unit without a label. */
    static String unit(UnitChance unit) {
        if (unit.lower() == null || unit.p() == null) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "95 %% interval %.3f\u2013%.3f, p %.2g, q %.2g",
                unit.lower(),
                unit.upper(),
                unit.p(),
                unit.q());
    }
}
