package org.netdissect.result;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.LeastImages;
import org.netdissect.align.TopImages;

/**
 * A layer's tables with the images and concepts of its units, for the report.
 *
 * @param report the tables
 * @param rankings [unit] the concepts of greatest IoU, the unit's label first
 * @param top the images that activate the units most
 * @param least the images that activate the units least
 */
public record LayerFindings(LayerReport report, List<List<ConceptScore>> rankings, TopImages top, LeastImages least) {
    private static final int RANKED = 5;

    public LayerFindings {
        rankings = List.copyOf(rankings);
    }

    public static LayerFindings of(LayerReport report, AlignmentCounts counts, TopImages top, LeastImages least) {
        List<List<ConceptScore>> rankings = new ArrayList<>();
        for (int unit = 0; unit < counts.units(); unit++) {
            rankings.add(ConceptRanking.of(counts, report.labels(), unit, RANKED));
        }
        return new LayerFindings(report, rankings, top, least);
    }
}
