package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.Tables;

/** The tables of docs/reproduce name networks and layers that exist. */
class ReproducedNetworksTest {
    private static final Pattern ARCH = Pattern.compile("--arch (\\S+)");

    @ParameterizedTest
    @ValueSource(strings = {"dissect", "imagenet", "places365"})
    void layersExist(String table) throws IOException {
        List<CSVRecord> rows = Tables.read(Path.of("docs/reproduce", table + ".csv"));
        String page = Files.readString(Path.of("docs/reproduce.md"));
        for (CSVRecord row : rows) {
            Matcher arch = ARCH.matcher(row.get("options"));
            String name = arch.find() ? arch.group(1) : row.get("network").replace("_places365", "");
            Architecture network = FamilyTensorsTest.network(name);
            Map<String, String> modules = FamilyFile.modules(network.network().apply(365));
            String layer = row.get("module");
            assertTrue(modules.containsKey(layer), name + " " + layer);
            boolean listed = page.lines()
                    .anyMatch(line -> Stream.of("`" + row.get("model") + "`", name, "`" + layer + "`")
                            .allMatch(line::contains));
            assertTrue(listed, "docs/reproduce.md: no line of " + row);
        }
    }
}
