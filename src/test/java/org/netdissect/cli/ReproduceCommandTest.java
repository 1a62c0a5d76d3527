package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.Tables;

class ReproduceCommandTest {
    @TempDir
    Path folder;

    private Cli reproduce(String table, Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(
                "reproduce",
                Files.writeString(folder.resolve("table.csv"), table),
                "--models",
                "broden-sample",
                "--probe",
                "broden-sample",
                "--out",
                folder.resolve("out")));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    @Test
    void paperAgainstRunForEveryNetworkThatCanBeRun() throws IOException {
        String table = """
                \uFEFFnetwork,layer,module,model,options,unique-all,detectors-color\r
                scene,conv5,layer5,scenenet.pt,"--batch 4 --categories color,material",1000,7\r
                gone,conv5,layer5,gone.pt,,1,\r
                scene,conv4,layer4,scenenet.pt,"--batch 4 --categories color,material",,\r
                """;
        Path cache = folder.resolve("cache");
        Cli result = reproduce(table, "--", "--limit", "30", "--no-report", "--cache", cache);
        assertEquals(1, result.code(), result.toString());
        assertTrue(result.err().contains("note: network 2 of 2: gone"), result.err());
        assertTrue(result.err().contains("gone.pt: no such file"), result.err());
        assertTrue(result.errorLine().endsWith("netdissect: failed: gone"), result.err());
        assertTrue(result.out().contains("Counts by the rule per-category against "), result.out());
        assertTrue(result.out().contains("1 of 2 networks; all counts: "), result.out());
        List<CSVRecord> counts = Tables.read(folder.resolve("out/reproduction.csv"));
        CSVRecord all = counts.stream()
                .filter(row -> row.get("layer").equals("layer5")
                        && row.get("count").equals("unique")
                        && row.get("category").equals("all"))
                .findFirst()
                .orElseThrow();
        assertEquals("1000", all.get("paper"));
        int run = Integer.parseInt(all.get("run"));
        assertTrue(run > 0, all.toString());
        assertEquals(run - 1000, Integer.parseInt(all.get("difference")));
        assertTrue(counts.stream().anyMatch(row -> row.get("layer").equals("layer4")), "both layers");
        assertFalse(
                counts.stream().anyMatch(row -> row.get("category").equals("texture")),
                "the options of the row are used");

        Cli again = reproduce(table, "--json", "--", "--limit", "30", "--no-report", "--cache", cache);
        assertEquals(1, again.code(), again.toString());
        JsonNode document = new ObjectMapper().readTree(again.out());
        assertEquals("gone", document.path("failed").path(0).asText());
        List<Integer> differences = new ArrayList<>();
        for (JsonNode block : document.path("networks")) {
            differences.add(
                    block.path("categories").path("all").path("difference").asInt());
        }
        assertTrue(differences.contains(run - 1000), again.out());
    }

    /** Only the files are missing: the options of all rows are those of dissect. */
    @ParameterizedTest
    @ValueSource(strings = {"dissect", "imagenet", "places365"})
    void tablesOfTheDocsAreComplete(String name) throws IOException {
        Path table = Path.of("docs/reproduce", name + ".csv");
        Cli result = Cli.run(
                "reproduce", table, "--models", folder, "--probe", "broden-sample", "--out", folder.resolve("out"));
        assertEquals(1, result.code(), result.toString());
        List<CSVRecord> rows = Tables.read(table);
        assertTrue(rows.size() >= 3, table.toString());
        for (CSVRecord row : rows) {
            assertTrue(result.err().contains(row.get("model") + ": no such file"), result.err());
        }
    }

    @Test
    void networksWithoutPublishedCounts() throws IOException {
        String[] more = {"--", "--limit", "10", "--no-report", "--categories", "color", "--no-cache"};
        Cli none = reproduce("network,layer,module,model\nscene,conv5,layer5,scenenet.pt\n", (Object[]) more);
        assertEquals(0, none.code(), none.toString());
        assertTrue(none.out().contains("table.csv has no published counts"), none.out());
        assertTrue(none.out().contains("scene    layer5  unique     run"), none.out());
        assertFalse(none.out().contains("paper"), none.out());
        assertFalse(none.out().contains("difference"), none.out());
        assertEquals(
                "", Tables.read(folder.resolve("out/reproduction.csv")).get(0).get("paper"));
    }

    @Test
    void refusesWrongTables() throws IOException {
        for (String[] wrong : new String[][] {
            {"layer,unique-all\nx,1\n", "table.csv:1: no column network; there are layer, unique-all"},
            {"network,layer\na,b,c\n", "table.csv:2: 3 fields, expected 2 as in the header"},
            {"network,layer\n../a,b\n", "table.csv:2: column network: '../a', expected letters, digits"},
            {"network,layer\na,\"b\n", "table.csv:2: quotes do not match"},
            {"network,layer,module\na,b,c d\n", "table.csv:2: column module: 'c d', expected a name without blanks"},
            {"network,layer\na,\n", "table.csv:2: column layer: '', expected a name without blanks"},
            {"network,layer,model\na,b,x.pt\na,c,y.pt\n", "table.csv:3: another model or other options"},
            {"network,layer\n", "table.csv: names no network"},
            {"network,layer,unique-all\na,b,few\n", "table.csv:2: column unique-all: 'few', expected a whole number"},
            {"network,layer,unique-all\na,b,1\na,b,1\n", "2 rows for the network a, several with the layer 'b'"},
        }) {
            refused(reproduce(wrong[0]), wrong[1]);
        }
    }

    @Test
    void refusesWrongOptions() throws IOException {
        String table = "network,layer,unique-all\na,b,1\n";
        refused(Cli.run("reproduce", folder.resolve("none.csv"), "--probe", "broden-sample"), "none.csv: no such file");
        refused(Cli.run("reproduce", folder.resolve("none.csv")), "--probe=DIR");
        refused(Cli.run("reproduce"), "TABLE.csv");
        refused(reproduce(table, "b.csv"), "'b.csv': expected options of dissect after the table");
        refused(reproduce(table, "--limit", "3"), "Unknown option");
        refused(reproduce(table, "--rule", "best"), "'best': expected top-label or per-category or html");
        Path file = folder.resolve("table.csv");
        refused(Cli.run("reproduce", file, "--probe", file), "--probe " + file + ": no such folder");
        refused(
                Cli.run("reproduce", file, "--probe", "broden-sample", "--models", folder.resolve("none")),
                "none: no such folder");
        refused(
                Cli.run("reproduce", file, "--probe", "broden-sample", "--out", file.resolve("out")),
                "cannot be written");
    }

    private static void refused(Cli run, String expected) {
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.err().contains(expected), run.toString());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }
}
