package org.netdissect.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.align.CountingRule;
import org.netdissect.base.SharedData;
import org.netdissect.result.DetectorTableReader;
import org.netdissect.result.StoredTable;

/** The authors' detector tables: IoU agrees with the pixel counts, and our counts equal those of their figures. */
class PublishedTablesTest {
    @ParameterizedTest
    @CsvSource({
        "caffe_reference_imagenet,caffe_reference_imagenet,256",
        "caffe_reference_places205,caffe_reference_places205,256",
        "caffe_reference_places365,caffe_reference_places365,256",
        "ResNet-152-model_imagenet,resnet-152-torch-imagenet,2048",
        "ResNet-152-model_places365,resnet-152-torch-places365,2048",
    })
    void perCategoryCountsAreThoseOfTheFigures(String file, String network, int units) throws IOException {
        StoredTable table = DetectorTableReader.read(SharedData.require("published/" + file + ".csv"));
        assertEquals(0, table.disagreements(), table.firstDisagreement());
        CountRow row = CountRow.of(network, "", table, 0.04, CountingRule.PER_CATEGORY);
        assertEquals(units, row.units());
        PaperTable against = new PaperTable();
        against.add(
                PublishedCounts.read(SharedData.require("published/unique_detectors.csv"), CountingRule.PER_CATEGORY)
                        .of(network, ""),
                row);
        assertEquals(2, against.blocks().size());
        for (PaperTable.Block block : against.blocks()) {
            assertEquals(7, block.categories().size(), "all and six categories: " + block);
            block.categories()
                    .forEach((category, pair) -> assertEquals(0, pair.difference(), category + " of " + block));
        }
    }

    /** The test above covers all tables. */
    @Test
    void allTablesAreTried() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.require("published"))) {
            List<String> tables = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".csv"))
                    .toList();
            assertEquals(6, tables.size(), tables.toString());
            assertTrue(tables.contains("unique_detectors.csv"));
        }
    }
}
