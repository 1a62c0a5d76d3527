package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.result.TinyTable.cell;
import static org.netdissect.result.TinyTable.none;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.result.TinyTable;

/** netdissect table. */
class TableCommandTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path table;

    @BeforeEach
    void write() throws IOException {
        table = TinyTable.of("object", "scene")
                .unit(1, cell("dog", 100, 50, 25), cell("street-s", 50, 50, 10))
                .unit(2, none(), cell("street-s", 60, 44, 4))
                .write(folder.resolve("net/conv5/detectors.csv"));
    }

    @Test
    void countsByAllThreeRules() throws IOException {
        Cli run = Cli.run("table", table);
        assertEquals(0, run.code(), run.toString());
        assertEquals("", run.err());
        assertTrue(run.out().endsWith("""
                network  layer  rule          units  detectors  unique  object  scene
                net      conv5  top-label         2          1       1     1/1    0/0
                net      conv5  per-category      2          1       2     1/1    1/1
                net      conv5  html              2          2       2     1/1    1/1
                """), run.out());
        Cli json = Cli.run("table", "--json", "--rule", "html", "--iou", "0.2", "x=" + table);
        JsonNode counts = new ObjectMapper().readTree(json.out()).path("tables");
        assertEquals(1, counts.size(), json.toString());
        assertEquals("x", counts.at("/0/network").asText());
        assertEquals(1, counts.at("/0/detectors").asInt(), "0.2 is at least 0.2");
        assertEquals(1, counts.at("/0/categories/object/unique").asInt());
        Cli csv = Cli.run("table", "--csv", table);
        assertEquals(4, csv.out().lines().count(), csv.out());
    }

    @Test
    void againstPublishedCounts() throws IOException {
        Path counts = Files.writeString(folder.resolve("paper.csv"), "network,layer,unique-all\nnet,conv5,5\n");
        Cli run = Cli.run("table", "--against", counts, table);
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("difference   -3"), run.out());
        JsonNode json = new ObjectMapper()
                .readTree(Cli.run("table", "--against", counts, "--json", table).out());
        assertEquals(-3, json.at("/networks/0/categories/all/difference").asInt(), json.toString());
        Cli csv = Cli.run("table", "--against", counts, "--csv", "--rule", "top-label", table);
        assertTrue(csv.out().contains("net,conv5,top-label,unique,all,5,1,-4\n"), csv.out());
    }

    @Test
    void ratiosThatAreNotOfTheirTermsAreTold() throws IOException {
        Files.writeString(table, Files.readString(table).replace("dog,100", "dog,90"));
        Cli run = Cli.run("table", table);
        assertEquals(0, run.code(), run.toString());
        assertTrue(
                run.err().startsWith("note: 1 IoUs are not intersect / (truth + activation - intersect)"), run.err());
    }

    @Test
    void wrongInputIsOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("text.csv"), "abc");
        refused(Cli.run("table", text), "text.csv:1: no column unit, category, label, score; there are abc");
        refused(Cli.run("table", folder.resolve("none.csv")), "none.csv: no such file or folder");
        refused(Cli.run("table", "--iou", "2", table), "--iou 2.0: expected at least 0 and less than 1");
        refused(Cli.run("table", "--rule", "best", table), "'best': expected top-label or per-category or html");
        refused(Cli.run("table", "--csv", "--json", table), "mutually exclusive");
        refused(Cli.run("table", "--against", table, table), "detectors.csv:1: no column network");
        refused(Cli.run("table"), "[NETWORK=]FILE");
    }

    private static void refused(Cli run, String message) {
        assertEquals(2, run.code(), run.toString());
        assertEquals(1, run.errorLine().lines().count(), run.toString());
        assertTrue(run.errorLine().contains(message), run.errorLine());
        assertEquals("", run.out());
    }
}
