package org.netdissect.broden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.CsvTable;
import org.netdissect.table.Fault;

class ProbeSetTest {
    private static final GridSize IMAGE = new GridSize(3, 5);
    private static final GridSize GRID = new GridSize(1, 2);

    @TempDir
    Path folder;

    /**
     * Probe set in which cat is of object by coverage, both is a tie and thus of the later category, and lost is in no
     * table.
     */
    private TinyProbe probe() {
        return TinyProbe.in(folder)
                .category("object")
                .category("color")
                .label(1, "cat", "object", 2)
                .coverage(1, "color", 1)
                .label(4, "grey-c", "color", 1)
                .label(6, "both", "object", 1.5)
                .coverage(6, "color", 1.5)
                .image("a.png", "train", IMAGE, 0xFF0000, GRID)
                .plane("object", "1 0")
                .cell("color", "4")
                .image("sub/b.png", "val", IMAGE, 0x00FF00, GRID)
                .cell("object", "1")
                .image("c.png", "val", IMAGE, 0x0000FF, GRID)
                .cell("color", "4");
    }

    private String refusal() {
        String message = Refusals.of(() -> ProbeSet.open(folder));
        assertTrue(message.startsWith("probe set " + folder + ": "), message);
        return message.substring(("probe set " + folder + ": ").length());
    }

    private void edit(String table, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(table));
        assertTrue(text.contains(from), text);
        Files.writeString(folder.resolve(table), text.replace(from, to));
    }

    @Test
    void readsTheTables() throws IOException {
        ProbeSet set = probe().open();
        assertEquals(List.of(new Category("object", 0), new Category("color", 1)), set.categories());
        assertEquals(3, set.images().size());
        ProbeImage image = set.images().get(1);
        assertEquals(
                new ProbeImage(3, "sub/b.png", "val", IMAGE, GRID, List.of(List.of(new Cell.Scalar(1)), List.of())),
                image);
        assertEquals(folder.resolve("images/sub/b.png"), set.imageFile(image));
        assertEquals(
                List.of(new Cell.Plane("plane1_object_0.png")),
                set.images().get(0).cells().get(0));
    }

    @Test
    void labelTableKnowsNamesAndPrimaryCategories() throws IOException {
        probe().write();
        edit("label.csv", "6,both,,,,", "6,both,object(1),2,1.5,a pair;\n9,lost,,,,\n0,-,,,,");
        LabelTable labels = ProbeSet.open(folder).labels();
        assertEquals(10, labels.size());
        assertTrue(labels.isLabel(9));
        assertFalse(labels.isLabel(0));
        assertFalse(labels.isLabel(2));
        assertFalse(labels.isLabel(-1));
        assertEquals("grey-c", labels.name(4));
        assertEquals("grey", labels.displayName(4));
        assertEquals("cat", labels.displayName(1));
        assertEquals(List.of("a pair"), labels.synonyms(6));
        assertEquals(0, labels.primaryCategory(1));
        assertEquals(1, labels.primaryCategory(6));
        assertEquals(1, labels.primaryCategory(9));
        assertThrows(IllegalArgumentException.class, () -> labels.name(0));
        assertThrows(IllegalArgumentException.class, () -> labels.primaryCategory(2));
    }

    @Test
    void selectsSplitCategoryAndLimit() throws IOException {
        ProbeSet set = probe().open();
        ProbeSet val = set.select(new ImageSelection(List.of("val"), List.of(), OptionalInt.of(1)));
        assertEquals(
                List.of("sub/b.png"),
                val.images().stream().map(ProbeImage::file).toList());
        ProbeSet color = set.select(new ImageSelection(List.of(), List.of("color"), OptionalInt.empty()));
        assertEquals(List.of(new Category("color", 0)), color.categories());
        assertEquals(List.of(List.of()), color.images().get(1).cells());
        assertEquals(0, color.labels().primaryCategory(1));
        assertEquals(3, color.images().size());
        assertEquals(set.images(), set.select(ImageSelection.ALL).images());
    }

    @Test
    void selectionOfWhatIsNotThere() throws IOException {
        ProbeSet set = probe().open();
        assertSelectionFails(
                set,
                new ImageSelection(List.of("test"), List.of(), OptionalInt.empty()),
                "'test', expected one of: train, val");
        assertSelectionFails(
                set,
                new ImageSelection(List.of(), List.of("parts"), OptionalInt.empty()),
                "'parts', expected one of: object, color");
        assertSelectionFails(set, new ImageSelection(List.of(), List.of(), OptionalInt.of(0)), "--limit of 1");
        ProbeSet last = set.select(new ImageSelection(List.of("val"), List.of("color"), OptionalInt.empty()));
        assertSelectionFails(
                last,
                new ImageSelection(List.of(), List.of(), OptionalInt.of(1)),
                "none of the 1 selected images has a label");
    }

    private static void assertSelectionFails(ProbeSet set, ImageSelection selection, String expected) {
        String message = Refusals.of(() -> set.select(selection));
        assertTrue(message.contains(expected), message);
    }

    @Test
    void digestsFollowWhatTheyCover() throws IOException {
        ProbeSet set = probe().open();
        String images = set.imagesDigest(1);
        String tables = set.tablesDigest();
        assertEquals(images, set.imagesDigest(4));
        ProbeSet narrow = set.select(new ImageSelection(List.of("val"), List.of("color"), OptionalInt.empty()));
        assertNotEquals(images, narrow.imagesDigest(2));
        assertEquals(tables, narrow.tablesDigest());
        edit("label.csv", "cat", "dog");
        assertNotEquals(tables, set.tablesDigest());
        assertEquals(images, set.imagesDigest(2));
        Files.copy(folder.resolve("images/c.png"), folder.resolve("images/a2.png"));
        Files.move(
                folder.resolve("images/a2.png"), folder.resolve("images/a.png"), StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(images, set.imagesDigest(2));
        Files.delete(folder.resolve("images/a.png"));
        String message = Refusals.of(() -> set.imagesDigest(2));
        assertTrue(message.contains("index.csv:2: column image: images/a.png: no such file"), message);
    }

    @Test
    void byteOrderMarkCarriageReturnsQuotesAndBlankLines() throws IOException {
        probe().write();
        edit("label.csv", "1,cat,", "1,\"cat, \"\"tabby\"\"\",");
        edit("index.csv", "sub/b.png", "\"sub/b.png\"");
        edit("c_object.csv", "cat", "\"cat, \"\"tabby\"\"\"");
        edit("c_color.csv", "cat", "\"cat, \"\"tabby\"\"\"");
        for (String table : List.of("index.csv", "category.csv", "label.csv", "c_object.csv", "c_color.csv")) {
            String text = Files.readString(folder.resolve(table)).replace("\n", "\r\n");
            Files.writeString(folder.resolve(table), "\uFEFF" + text + "\r\n", StandardCharsets.UTF_8);
        }
        ProbeSet set = ProbeSet.open(folder);
        assertEquals("cat, \"tabby\"", set.labels().name(1));
        assertEquals(3, set.images().size());
        assertEquals(
                List.of(),
                ProbeSetCheck.run(folder, PlaneEncoding.BRODEN, 1, ProgressListener.NONE)
                        .faults());
    }

    @Test
    void columnsInAnyOrder() throws IOException {
        probe().write();
        Files.writeString(folder.resolve("index.csv"), """
                color,sw,sh,extra,iw,ih,object,image,split
                4;,2,1,?,5,3,1; plane1_object_0.png ;0,a.png,train
                """);
        ProbeImage image = ProbeSet.open(folder).images().get(0);
        assertEquals(IMAGE, image.imageSize());
        assertEquals(GRID, image.labelSize());
        assertEquals(
                List.of(new Cell.Scalar(1), new Cell.Plane("plane1_object_0.png"), new Cell.Scalar(0)),
                image.cells().get(0));
        assertEquals(List.of(new Cell.Scalar(4)), image.cells().get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.png",
                "../../etc/passwd.png",
                "/etc/passwd.png",
                "/etc/a.png",
                "x/../../a.png",
                "..\\a.png",
                "C:a.png",
                "x//a.png",
                "./a.png",
                ""
            })
    void pathsThatLeaveTheFolder(String path) throws IOException {
        probe().write();
        edit("index.csv", "a.png,train", path + ",train");
        assertTrue(refusal().startsWith("index.csv:2: column image: "), refusal());
        edit("index.csv", path + ",train", "a.png,train");
        if (!path.isEmpty()) {
            edit("index.csv", "plane1_object_0.png", path);
            assertTrue(refusal().startsWith("index.csv:2: column object: "), refusal());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "index.csv | val,3,5 | val,3x,5 | index.csv:3: column ih: '3x', expected a whole number from 1 to 16384",
                "index.csv | val,3,5 | val,3,0 | index.csv:3: column iw: '0', expected a whole number",
                "index.csv | ,color | ,colour | index.csv:1: column color: no such column, expected one for each category",
                "index.csv | image,split | image,part | index.csv:1: no column split; there are image, part, ih",
                "index.csv | val,3,5 | val,3 | index.csv:3: 7 fields, expected 8 as in the header",
                "index.csv | ,2,1, | ,2,7, | index.csv:3: column object: label number 7 is not in label.csv",
                "index.csv | ,2,1, | ,2,x.jpg, | index.csv:3: column object: 'x.jpg', expected the name of a .png file or",
                "index.csv | ,2,1, | ,2,-1, | index.csv:3: column object: '-1', expected the name",
                "index.csv | sub/b.png | \"sub | index.csv:3: quotes do not match",
                "label.csv | 4,grey | 1,grey | label.csv:3: column number: 1 stands in an earlier row",
                "label.csv | 4,grey | 65536,grey | label.csv:3: column number: '65536', expected a whole number from 0",
                "label.csv | 1,cat | 1, | label.csv:2: column name: empty",
                "category.csv | color | object | category.csv:3: column name: 'object' stands in an earlier row",
                "category.csv | color | ../x | category.csv:3: column name: '../x' cannot name a category",
                "c_color.csv | ,1.5 | ,much | c_color.csv:4: column coverage: 'much', expected a number, 0 or more",
                "label.csv | 1,cat | 1,\"cat | label.csv:2: quotes do not match",
                "category.csv | color | /etc/x | category.csv:3: column name: '/etc/x' cannot name a category",
                "category.csv | color | a\\b | category.csv:3: column name: 'a\\b' cannot name a category",
                "c_color.csv | coverage | cover | c_color.csv:1: no column coverage",
            })
    void stopsAtTheFirstFaultWithFileAndRow(String table, String from, String to, String expected) throws IOException {
        probe().write();
        edit(table, from, to == null ? "" : to);
        String message = refusal();
        assertTrue(message.startsWith(expected), message);
        assertTrue(message.endsWith("('netdissect check " + folder + "' lists every fault)"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.csv", "label.csv", "category.csv", "c_color.csv"})
    void missingAndEmptyTables(String table) throws IOException {
        probe().write();
        Files.writeString(folder.resolve(table), "");
        assertTrue(refusal().startsWith(table + ": empty, expected a header with the columns "), refusal());
        Files.delete(folder.resolve(table));
        assertTrue(refusal().startsWith(table + ": no such file, expected a table with the columns "), refusal());
    }

    /** The gigabyte is a hole in the file, so that it needs no disk space. */
    @Test
    void aRowOfAGigabyteIsRefusedInLittleMemory() throws IOException {
        probe().write();
        Path index = folder.resolve("index.csv");
        String header = Files.readString(index).lines().findFirst().orElseThrow() + "\n";
        try (FileChannel file = FileChannel.open(index, StandardOpenOption.WRITE)) {
            file.truncate(0);
            file.write(StandardCharsets.UTF_8.encode(header));
            file.write(StandardCharsets.UTF_8.encode("\nx.png,train,3,5,1,2,1,\n"), (1L << 30) + header.length());
        }
        assertTrue(refusal().startsWith("index.csv:2: the row has more than 1048576 characters"), refusal());
        List<String> faults =
                ProbeSetCheck.run(folder, PlaneEncoding.BRODEN, 1, ProgressListener.NONE).faults().stream()
                        .map(Fault::toString)
                        .toList();
        assertEquals(List.of("index.csv:2: the row has more than 1048576 characters"), faults.subList(0, 1));
        assertTrue(faults.get(1).startsWith("index.csv:3: column image: images/x.png"), "goes on after it: " + faults);
    }

    @Test
    void rowsUpToTheLongestAreRead() throws IOException {
        probe().write();
        String name = "n".repeat(CsvTable.LONGEST_ROW - "1,,,,,".length());
        edit("label.csv", "1,cat,,,,", "1," + name + ",,,,");
        assertEquals(name, ProbeSet.open(folder).labels().name(1));
        edit("label.csv", "1," + name, "1,n" + name);
        assertTrue(refusal().startsWith("label.csv:2: the row has more than"), refusal());
    }

    @Test
    void messagesStayShort() throws IOException {
        probe().write();
        edit("index.csv", "sub/b.png", "sub/../" + "b".repeat(100_000));
        assertTrue(refusal().length() < 1000, refusal());
        assertTrue(refusal().startsWith("index.csv:3: column image: 'sub/../bbb"), refusal());
    }

    /** One row with a quote and one without: a name does not depend on neighbouring rows. */
    @Test
    void controlCharactersInNamesAreKeptWithAndWithoutQuotes() throws IOException {
        probe().write();
        String odd = "\u001b[31m<b>&\u0007";
        edit("label.csv", "1,cat,", "1," + odd + ",");
        edit("label.csv", "4,grey-c,", "4,\"" + odd + "2\",");
        LabelTable labels = ProbeSet.open(folder).labels();
        assertEquals(odd, labels.name(1));
        assertEquals(odd + "2", labels.name(4));
    }

    @Test
    void fileNamesThatNoFileCanHave() {
        assertTrue(String.valueOf(RelativePaths.fault("a\ud800.png")).contains("encoding"));
        assertTrue(String.valueOf(RelativePaths.fault("a\u0000.png")).contains("control character"));
        assertTrue(String.valueOf(RelativePaths.fault("a\u009b31m.png")).contains("control character"));
        assertFalse(String.valueOf(RelativePaths.fault("../\u202e\u001b")).contains("\u001b"));
        assertNull(RelativePaths.fault("\u00e4/<b>&'\".png"));
    }

    @Test
    void categoriesWithoutNumber() throws IOException {
        probe().write();
        StringBuilder many = new StringBuilder("name\n");
        for (int i = 0; i <= 200; i++) {
            many.append("c").append(i).append('\n');
        }
        Files.writeString(folder.resolve("category.csv"), many);
        assertTrue(refusal().startsWith("category.csv: lists 201 categories, expected at most 200"), refusal());
    }

    @Test
    void withoutAnyLabels() throws IOException {
        probe().write();
        edit("index.csv", "plane1_object_0.png,4", ",");
        edit("index.csv", ",2,1,", ",2,0,");
        edit("index.csv", ",4", ",");
        assertTrue(refusal().startsWith("index.csv: no image has a label in any category"), refusal());
        Files.writeString(folder.resolve("category.csv"), "name\n");
        assertTrue(refusal().startsWith("category.csv: lists no category"), refusal());
    }

    @Test
    void folderThatIsNotThere() {
        String message = Refusals.of(() -> ProbeSet.open(folder.resolve("none")));
        assertTrue(message.contains("no such folder"), message);
    }
}
