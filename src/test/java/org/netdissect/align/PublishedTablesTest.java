package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.SharedData;
import org.netdissect.base.Tables;

/** Our counting of the authors' own detector tables gives the counts of their figures. */
class PublishedTablesTest {
    private static final List<String> CATEGORIES = List.of("object", "part", "scene", "material", "texture", "color");

    @ParameterizedTest
    @CsvSource({
        "caffe_reference_imagenet,caffe_reference_imagenet,conv5",
        "caffe_reference_places205,caffe_reference_places205,conv5",
        "caffe_reference_places365,caffe_reference_places365,conv5",
    })
    void perCategoryCountsAreThoseOfTheFigures(String file, String network, String layer) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        List<UnitScores> units = new ArrayList<>();
        for (CSVRecord row : Tables.read(SharedData.require("published/" + file + ".csv"))) {
            units.add(unit(row, numbers));
        }
        CountingRule.Counts counts = CountingRule.PER_CATEGORY.count(new LayerScores(units), CATEGORIES.size(), 0.04);
        CSVRecord published = Tables.read(SharedData.require("published/unique_detectors.csv")).stream()
                .filter(row ->
                        row.get("network").equals(network) && row.get("layer").equals(layer))
                .findFirst()
                .orElseThrow();
        assertEquals(Integer.parseInt(published.get("unique-all")), counts.unique());
        assertEquals(Integer.parseInt(published.get("detectors-all")), counts.detectors());
        for (int i = 0; i < CATEGORIES.size(); i++) {
            CountingRule.CategoryCounts category = counts.categories().get(i);
            assertEquals(published.get("unique-" + CATEGORIES.get(i)), Integer.toString(category.unique()));
            assertEquals(published.get("detectors-" + CATEGORIES.get(i)), Integer.toString(category.detectors()));
        }
    }

    private static UnitScores unit(CSVRecord row, Map<String, Integer> numbers) {
        List<ConceptScore> scores = new ArrayList<>();
        int best = -1;
        for (int i = 0; i < CATEGORIES.size(); i++) {
            String prefix = CATEGORIES.get(i) + "-";
            int number = numbers.computeIfAbsent(row.get(prefix + "label"), label -> numbers.size() + 1);
            ConceptScore score = ConceptScore.of(
                    number,
                    (long) Double.parseDouble(row.get(prefix + "truth")),
                    (long) Double.parseDouble(row.get(prefix + "activation")),
                    (long) Double.parseDouble(row.get(prefix + "intersect")));
            assertEquals(Double.parseDouble(row.get(prefix + "iou")), score.iou(), 1e-9, "unit " + row.get("unit"));
            scores.add(score);
            best = CATEGORIES.get(i).equals(row.get("category")) ? i : best;
        }
        return new UnitScores(Integer.parseInt(row.get("unit")) - 1, 0, scores, best);
    }
}
