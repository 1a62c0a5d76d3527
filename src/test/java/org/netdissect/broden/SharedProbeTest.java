package org.netdissect.broden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SharedData;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelMap;

/** Probe set of 750 real images: it has no faults, and the pixel counts of an independent slow computation. */
class SharedProbeTest {

    @Test
    void checkFindsNoFault() throws IOException {
        CheckReport report =
                ProbeSetCheck.run(SharedData.require("probe"), PlaneEncoding.BRODEN, 2, ProgressListener.NONE);
        assertTrue(report.sound(), report.faults()::toString);
        assertEquals(750, report.contents().images());
        assertEquals(5, report.contents().categories().size());
    }

    @Test
    void pixelsPerLabelAreThoseOfTheReference() throws IOException {
        Path table = SharedData.require("reference/probe.squeezenet1_1bn-places365.fire9.half-pixel.csv");
        ProbeSet probe = ProbeSet.open(SharedData.require("probe"));
        Map<String, Long> truth = pixelsPerName(probe);
        int compared = 0;
        try (Reader reader = Files.newBufferedReader(table);
                CSVParser rows = CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(reader)) {
            for (CSVRecord row : rows) {
                for (Category category : probe.categories()) {
                    String label = row.get(category.name() + "-label");
                    if (!label.isEmpty()) {
                        assertEquals(
                                Long.parseLong(row.get(category.name() + "-truth")), truth.get(label), () -> label);
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 1000, compared + " counts compared");
    }

    private static Map<String, Long> pixelsPerName(ProbeSet probe) throws IOException {
        long[] pixels = new long[probe.labels().size()];
        for (ProbeImage image : probe.images()) {
            LabelMap map = probe.readLabels(image);
            for (int label : map.imageLabels()) {
                pixels[label] += map.size().cells();
            }
            for (char[] plane : map.planes()) {
                for (char label : plane) {
                    pixels[label] += label == 0 ? 0 : 1;
                }
            }
        }
        Map<String, Long> named = new HashMap<>();
        for (int number = 1; number < pixels.length; number++) {
            if (probe.labels().isLabel(number)) {
                named.put(probe.labels().name(number), pixels[number]);
            }
        }
        return named;
    }
}
