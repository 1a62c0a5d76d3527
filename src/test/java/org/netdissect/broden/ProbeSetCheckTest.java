package org.netdissect.broden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.Contents.PerCategory;
import org.netdissect.broden.Contents.UnusedLabel;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.table.Fault;

class ProbeSetCheckTest {
    private static final GridSize IMAGE = new GridSize(4, 4);
    private static final GridSize GRID = new GridSize(2, 2);

    @TempDir
    Path folder;

    private TinyProbe probe() {
        return TinyProbe.in(folder)
                .category("object")
                .category("scene")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .label(3, "street-s", "scene", 1)
                .label(5, "bus", "object", 1)
                .image("a.png", "train", IMAGE, 0xFF0000, GRID)
                .plane("object", "1 0", "1 0")
                .plane("object", "2 2", "0 0")
                .cell("scene", "3")
                .image("b.png", "val", IMAGE, 0x00FF00, GRID)
                .plane("object", "0 0", "0 0")
                .cell("scene", "0")
                .image("c.png", "val", IMAGE, 0x0000FF, GRID)
                .plane("object", "0 0", "0 1");
    }

    private CheckReport check() throws IOException {
        return ProbeSetCheck.run(folder, PlaneEncoding.BRODEN, 2, ProgressListener.NONE);
    }

    private List<String> faults() throws IOException {
        return check().faults().stream().map(Fault::toString).toList();
    }

    private List<String> warnings() throws IOException {
        return check().warnings().stream().map(Fault::toString).toList();
    }

    private void edit(String table, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(table));
        assertTrue(text.contains(from), text);
        Files.writeString(folder.resolve(table), text.replace(from, to));
    }

    @Test
    void countsWhatIsThere() throws IOException {
        probe().write();
        Set<String> heard = ConcurrentHashMap.newKeySet();
        CheckReport report =
                ProbeSetCheck.run(folder, PlaneEncoding.BRODEN, 2, (done, total) -> heard.add(done + "/" + total));
        assertEquals(List.of(), report.faults());
        assertEquals(List.of(), report.warnings());
        assertTrue(report.sound());
        assertEquals(Set.of("1/3", "2/3", "3/3"), heard);
        // in a 3 of 4 pixels have a label of object; in c 1
        assertEquals(
                new Contents(
                        3,
                        Map.of("train", 1, "val", 2),
                        1,
                        List.of(new PerCategory("object", 2, 2, 4, 4), new PerCategory("scene", 1, 1, 4, 0)),
                        List.of(new UnusedLabel(5, "bus"))),
                report.contents());
    }

    @Test
    void listsEveryFaultOfTheFiles() throws IOException {
        probe().write();
        Path images = folder.resolve("images");
        byte[] whole = Files.readAllBytes(images.resolve("a.png"));
        Files.write(images.resolve("a.png"), Arrays.copyOf(whole, whole.length - 13));
        Files.delete(images.resolve("b.png"));
        Files.delete(images.resolve("plane2_object_0.png"));
        edit("index.csv", "c.png,val,4,4", "c.png,val,4,5");
        TinyProbe.in(folder)
                .category("object")
                .image("a2.png", "x", IMAGE, 0, GRID)
                .plane("object", "1 9", "8 0");
        Files.writeString(images.resolve("plane1_object_1.png"), "no image");
        assertEquals(
                List.of(
                        "index.csv:2: column image: images/a.png: is cut off: the PNG ends before its image does",
                        "index.csv:2: column object: images/plane1_object_0.png: holds label number 8, 9, not in"
                                + " label.csv",
                        "index.csv:2: column object: images/plane1_object_1.png: is neither a JPEG nor a PNG file",
                        "index.csv:3: column image: images/b.png: no such file",
                        "index.csv:3: column object: images/plane2_object_0.png: no such file",
                        "index.csv:4: column image: images/c.png: is 4x4 (height x width), expected 4x5 as ih and iw"
                                + " say"),
                faults());
    }

    @Test
    void listsEveryFaultOfTheTables() throws IOException {
        probe().write();
        edit("category.csv", "object,,,,", "object,,x,,\nscene,,,,");
        edit("label.csv", "2,dog,,,,", "2,cat,,,,\n2,wolf,,,,\nq,,,,,\n7,ox");
        edit("c_object.csv", "1,1,cat,", "1,1,kitten,");
        edit("c_scene.csv", "1,3,street-s,1,1.0", "1,3,street-s,1,1.0\n2,88,ghost,1,1\n3,3,street-s,1,-1");
        edit("index.csv", ",object,", ",object,colour,");
        edit("index.csv", "plane1_object_1.png,3", "plane1_object_1.png,,44");
        edit("index.csv", "b.png,val,4,4,2,2,plane2_object_0.png,0", "a.png,val,four,4,0,2,../x.png;77,,0");
        assertEquals(
                List.of(
                        "c_scene.csv:4: column coverage: '-1', expected a number, 0 or more",
                        "category.csv:4: column name: 'scene' stands in an earlier row, expected each category once",
                        "index.csv:2: column scene: label number 44 is not in label.csv",
                        "index.csv:3: column ih: 'four', expected a whole number from 1 to 16384",
                        "index.csv:3: column object: '../x.png': leaves its folder or is not plain; expected a relative"
                                + " path such as a/b.jpg",
                        "index.csv:3: column object: label number 77 is not in label.csv",
                        "index.csv:3: column sh: '0', expected a whole number from 1 to 16384",
                        "index.csv:4: 8 fields, expected 9 as in the header",
                        "label.csv:4: column number: 2 stands in an earlier row, expected each number once",
                        "label.csv:5: column number: 'q', expected a whole number from 0 to 65535",
                        "label.csv:6: 2 fields, expected 6 as in the header"),
                faults());
        assertEquals(
                List.of(
                        "c_object.csv:2: column name: 'kitten', but label.csv calls label 1 'cat'",
                        "c_object.csv:3: column name: 'dog', but label.csv calls label 2 'cat'",
                        "c_scene.csv:3: column number: 88 is not in label.csv",
                        "c_scene.csv:4: column number: 3 stands in an earlier row, expected each number once",
                        "category.csv:2: column last: 'x', expected a number, 0 or more",
                        "index.csv:1: column colour: is no category of category.csv and not read",
                        "index.csv:3: column image: 'a.png' stands in an earlier row, and counts twice",
                        "label.csv:3: column name: 'cat' is the name of label 1 too"),
                warnings());
    }

    @Test
    void missingTablesDoNotHideTheRest() throws IOException {
        probe().write();
        Files.delete(folder.resolve("label.csv"));
        Files.delete(folder.resolve("c_scene.csv"));
        Files.delete(folder.resolve("images/b.png"));
        assertEquals(
                List.of(
                        "c_scene.csv: no such file, expected a table with the columns number, name, coverage",
                        "index.csv:3: column image: images/b.png: no such file",
                        "label.csv: no such file, expected a table with the columns number, name"),
                faults());
    }

    @Test
    void withoutCategoriesTheImagesAreStillRead() throws IOException {
        probe().write();
        Files.delete(folder.resolve("category.csv"));
        Files.delete(folder.resolve("images/b.png"));
        assertEquals(
                List.of(
                        "category.csv: no such file, expected a table with the columns name",
                        "index.csv:3: column image: images/b.png: no such file"),
                faults());
    }

    @Test
    void openQuotesAndOtherEncodingsSpoilTheirRowOnly() throws IOException {
        probe().write();
        edit("index.csv", "a.png,train", "\"a.png,train");
        Files.write(
                folder.resolve("label.csv"),
                "1,cat,,,,\n2,dög,,,,\n".getBytes(StandardCharsets.ISO_8859_1),
                StandardOpenOption.APPEND);
        List<String> faults = faults();
        assertTrue(faults.get(0).startsWith("index.csv:2: quotes do not match"), faults.get(0));
        assertTrue(faults.contains("label.csv:7: holds bytes that are not UTF-8, expected text in UTF-8"), "" + faults);
    }
}
