package org.netdissect.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.result.TinyTable.cell;
import static org.netdissect.result.TinyTable.none;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.result.StoredTable;
import org.netdissect.result.TinyTable;
import org.netdissect.run.NamedPath;
import org.netdissect.run.TableName;

/** Counts of two small tables with different categories, alone and compared with published ones. */
class CountTableTest {
    @TempDir
    Path folder;

    private List<CountRow> rows(CountingRule rule) throws IOException {
        StoredTable objects = TinyTable.of("object")
                .unit(1, cell("dog", 100, 50, 25))
                .unit(2, cell("dog", 100, 60, 20))
                .read(folder.resolve("objects.csv"));
        StoredTable scenes = TinyTable.of("scene", "object")
                .unit(1, cell("street-s", 100, 50, 25), cell("car", 50, 50, 10))
                .unit(2, none(), cell("car", 60, 44, 4))
                .read(folder.resolve("scenes.csv"));
        return List.of(CountRow.of("a|b", "x", objects, 0.04, rule), CountRow.of("<i>", "y", scenes, 0.04, rule));
    }

    @Test
    void aCategoryThatATableLacksIsNotZero() throws IOException {
        CountTable table = new CountTable(rows(CountingRule.PER_CATEGORY));
        assertEquals("""
                network  layer  rule          units  detectors  unique  object  scene
                a|b      x      per-category      2          2       1     1/2      -
                <i>      y      per-category      2          1       2     1/1    1/1
                """, table.text());
        assertEquals("""
                network,layer,units,iou,rule,unique-all,unique-object,unique-scene,detectors-all,detectors-object,detectors-scene
                a|b,x,2,0.04,per-category,1,1,,2,2,
                <i>,y,2,0.04,per-category,2,1,1,1,1,1
                """, table.csv());
    }

    @Test
    void namesAreNoMarkdown() throws IOException {
        assertEquals("""
                | network | layer | rule | units | detectors | unique | object | scene |
                |---|---|---|---:|---:|---:|---:|---:|
                | a\\|b | x | top-label | 2 | 2 | 1 | 1/2 | - |
                | \\<i\\> | y | top-label | 2 | 1 | 1 | 0/0 | 1/1 |
                """, new CountTable(rows(CountingRule.TOP_LABEL)).markdown());
    }

    @Test
    void anIouOfTheThresholdCountsByHtmlOnly() throws IOException {
        assertEquals(2, rows(CountingRule.HTML).get(1).all().detectors(), "4 / (60 + 44 - 4) is the threshold");
        assertEquals(1, rows(CountingRule.TOP_LABEL).get(1).all().detectors());
    }

    private PublishedCounts published(String text) throws IOException {
        return PublishedCounts.read(Files.writeString(folder.resolve("counts.csv"), text), CountingRule.PER_CATEGORY);
    }

    @Test
    void paperAgainstRun() throws IOException {
        PublishedCounts counts = published("""
                \uFEFFnetwork,layer,unique-all,detectors-all,detectors-object,detectors-part
                a,conv5,3,1,1,0
                b,conv5,,7,,
                """);
        CountRow row = rows(CountingRule.PER_CATEGORY).get(1);
        PaperTable table = new PaperTable();
        table.add(counts.of("a", "whatever it is called here"), row);
        assertEquals("""
                network  layer  count      source      all  scene  object  part
                <i>      y      unique     paper         3      -       -     -
                                           run           2      1       1     -
                                           difference   -1      -       -     -
                <i>      y      detectors  paper         1      -       1     0
                                           run           1      1       1     -
                                           difference    0      -       0     -
                """, table.text());
        assertTrue(table.csv().contains("<i>,y,per-category,unique,all,3,2,-1\n"), table.csv());
        assertTrue(table.csv().contains("<i>,y,per-category,detectors,part,0,,\n"), table.csv());
    }

    @Test
    void kindsOfCountsThatAreNotPublishedHaveOneLine() throws IOException {
        PublishedCounts counts = published("network,layer,unique-all\na,conv5,3\nb,conv5,\n");
        CountRow row = rows(CountingRule.PER_CATEGORY).get(1);
        PaperTable table = new PaperTable();
        table.add(counts.of("a", "conv5"), row);
        table.add(counts.of("b", "conv5"), row);
        assertEquals("""
                network  layer  count      source      all  scene  object
                <i>      y      unique     paper         3      -       -
                                           run           2      1       1
                                           difference   -1      -       -
                <i>      y      detectors  run           1      1       1
                <i>      y      unique     run           2      1       1
                <i>      y      detectors  run           1      1       1
                """, table.text().replaceAll("[ ]+\n", "\n"));
    }

    @Test
    void ourOwnCountsCanBeHeldAgainst() throws IOException {
        CountTable table = new CountTable(List.of(
                rows(CountingRule.TOP_LABEL).get(0),
                rows(CountingRule.PER_CATEGORY).get(0)));
        PublishedCounts.Row row = published(table.csv()).of("a|b", "x");
        assertEquals(2, row.counts().get("detectors-object"));
    }

    @Test
    void rowsThatCannotBeFound() throws IOException {
        PublishedCounts counts = published("""
                network,layer,module,unique-all
                resnet18,layer3,,1
                resnet18,conv5_x,layer4,2
                """);
        assertEquals(1, counts.of("resnet18", "layer3").counts().get("unique-all"));
        assertEquals(2, counts.of("resnet18", "layer4").counts().get("unique-all"), "the module's name fits too");
        assertTrue(Failures.message(InputException.class, () -> counts.of("resnet81", "layer4"))
                .contains("counts.csv: no row for the network resnet81; there are resnet18"));
        assertTrue(Failures.message(InputException.class, () -> counts.of("resnet18", "conv5"))
                .contains("2 rows for the network resnet18, none with the layer 'conv5'"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network,layer             | resnet,x   | :1: no counts, expected columns such as",
                "layer,unique-all          | x,1        | :1: no column network",
                "network,unique-all        | resnet,1.5 | :2: column unique-all: '1.5', expected a whole number",
                "network,unique-all        | resnet,-1  | :2: column unique-all: '-1'",
                "network,unique-all        | resnet     | :2: 1 fields, expected 2",
            })
    void tablesThatAreNoCounts(String header, String row, String message) {
        String refusal = Failures.message(InputException.class, () -> published(header + "\n" + row + "\n"));
        assertTrue(refusal.contains("counts.csv" + message), refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "out/resnet18/layer4/detectors.csv,resnet18,layer4",
        "result/resnet18/conv5-result.csv,resnet18,conv5",
        "result/resnet18/tally.csv,resnet18,''",
        "published/caffe_reference_imagenet.csv,caffe_reference_imagenet,''",
        "out/resnet18,resnet18,''",
        "out/resnet18/..,out,''",
    })
    void pathsTellWhoseATableIs(Path path, String network, String layer) {
        assertEquals(new TableName(network, layer), TableName.of(path));
    }

    @Test
    void namesTellTablesApart() {
        List<TableName> names = NamedPath.names(List.of(
                new NamedPath(null, Path.of("a/run")),
                new NamedPath(null, Path.of("b/run")),
                new NamedPath("other", Path.of("b/run")),
                new NamedPath(null, Path.of("a/run"))));
        assertEquals(
                List.of("a/run", "b/run", "other", "a/run (4)"),
                names.stream().map(TableName::network).toList());
    }
}
