package org.netdissect.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.result.TinyTable.cell;
import static org.netdissect.result.TinyTable.none;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.LayerScores;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.table.CsvTable;

class DetectorTableReaderTest {
    private static final String SOUND = TinyTable.of("object", "scene")
            .unit(3, cell("dog", 100, 50, 25), none())
            .unit(1, none(), cell("street-s", 200, 30, 20))
            .unit(2, none(), none())
            .text();

    @TempDir
    Path folder;

    private StoredTable read(String text) throws IOException {
        return DetectorTableReader.read(Files.writeString(folder.resolve("table.csv"), text));
    }

    private String refusal(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), text);
        String message = Failures.message(InputException.class, () -> DetectorTableReader.read(file));
        assertTrue(message.startsWith(file.toString()), message);
        assertEquals(1, message.lines().count(), message);
        return message.substring(file.toString().length());
    }

    @Test
    void aTableTellsItsTail() throws IOException {
        assertEquals(Tail.UPPER, read(SOUND).tail());
        String[] rows = SOUND.split("\\R", -1);
        String header = rows[0] + ",tail\n";
        String lower = header + rows[1] + ",lower\n" + rows[2] + ",lower\n";
        assertEquals(Tail.LOWER, read(lower).tail());
        assertEquals(Tail.UPPER, read(lower.replace("lower", "upper")).tail());
        String mixed = refusal(header + rows[1] + ",lower\n" + rows[2] + ",upper\n");
        assertTrue(mixed.startsWith(":3") && mixed.contains("expected one in a table"), mixed);
        String unknown = refusal(header + rows[1] + ",middle\n");
        assertTrue(unknown.contains("'middle', expected upper or lower"), unknown);
    }

    /** Tables of earlier versions have no column tied: units of the lower tail without a label are taken for tied. */
    @Test
    void aTableTellsItsTiedUnits() throws IOException {
        String[] rows = SOUND.split("\\R", -1);
        String header = rows[0] + ",tail,tied\n";
        String table = header + rows[1] + ",lower,1\n" + rows[2] + ",lower,0\n" + rows[3] + ",lower,0\n";
        StoredTable read = read(table);
        assertEquals(1, read.tied().size());
        assertTrue(read.tied().contains(Integer.parseInt(rows[1].split(",")[0]) - 1));
        assertEquals(Set.of(), read(SOUND).tied());
        String old = table.replaceAll("(?m),(tied|[01])$", "");
        int labelless = read(old).scores().units().stream()
                .filter(unit -> unit.category() < 0)
                .findFirst()
                .orElseThrow()
                .unit();
        assertEquals(Set.of(labelless), read(old).tied());
        assertTrue(refusal(header + rows[1] + ",lower,2\n").contains("'2', expected 0 or 1"));
    }

    @Test
    void countsOfEitherProgramAreRead() throws IOException {
        StoredTable table = read(SOUND);
        assertEquals(List.of("object", "scene"), table.categories());
        assertEquals(
                List.of(2, 0, 1),
                table.scores().units().stream().map(UnitScores::unit).toList());
        UnitScores dog = table.scores().units().get(0);
        assertEquals("dog", table.label(dog.best()));
        assertEquals(new ConceptScore(1, 100, 50, 25, 0.2), dog.best());
        assertEquals("", table.label(table.scores().units().get(2).best()));
        assertTrue(Float.isNaN(dog.threshold()));
        assertEquals(0, table.disagreements());
        assertEquals(table, read("\uFEFF" + SOUND.replace("\n", "\r\n")), "a byte order mark and CRLF change nothing");
    }

    @Test
    void ourOwnTableComesBackWhole() throws IOException {
        ProbeSet probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .category("scene")
                .label(1, "\"cat, big\"", "object", 1)
                .label(2, "street-s", "scene", 1)
                .image("a.png", "train", new GridSize(2, 2), 0, new GridSize(2, 2))
                .cell("scene", "2")
                .open();
        ConceptScore cat = new ConceptScore(1, 10, 8, 4, 4 / 14.0);
        ConceptScore street = new ConceptScore(2, 100, 8, 8, 0.08);
        LayerScores scores = new LayerScores(List.of(
                new UnitScores(4, 0.1f, List.of(cat, ConceptScore.NONE), 0),
                new UnitScores(0, 1.5f, List.of(ConceptScore.NONE, street), 1),
                new UnitScores(2, -0f, List.of(ConceptScore.NONE, ConceptScore.NONE), -1)));
        StoredTable table = read(DetectorTable.csv(
                new LayerReport("conv5", new GridSize(7, 7), scores, probe.categories(), probe.labels(), 0.04)));
        assertEquals(scores, table.scores());
        assertEquals(List.of("", "cat, big", "street-s"), table.labels());
    }

    @Test
    void columnsMayStandInAnyOrderAmongOthers() throws IOException {
        StoredTable table = read("""
                object-iou,note,label,object-label,unit,score,object-truth,category,object-intersect,object-activation
                0.2,x,dog,dog,3,0.2,100,object,25,50
                """);
        assertEquals(
                new ConceptScore(1, 100, 50, 25, 0.2),
                table.scores().units().get(0).best());
    }

    @Test
    void anIouThatIsNotOfItsTermsIsToldAndCounts() throws IOException {
        StoredTable table = read(SOUND.replace("dog,100,", "dog,90,"));
        assertEquals(1, table.disagreements());
        assertTrue(
                table.firstDisagreement().contains("table.csv:2: object-iou is 0.2, but"), table.firstDisagreement());
        assertEquals(0.2, table.scores().units().get(0).best().iou());
    }

    @Test
    void emptyCellsOfACategoryAreNoConcept() throws IOException {
        StoredTable table = read(SOUND.replace(",0,0.0,0,0.0", ",,,,"));
        assertEquals(
                ConceptScore.NONE, table.scores().units().get(0).categories().get(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unit,category        | no,category           | :1: no column unit",
                "object-truth         | object-area           | :1: no column object-truth",
                "object-label         | object-name           | :2: column category: 'object', expected one of scene",
                "scene-iou            | object-iou            | :1: column object-iou: stands twice",
                "3,object             | 0,object              | :2: column unit: '0', expected a whole number from 1",
                "3,object             | 3.5,object            | :2: column unit: '3.5'",
                "3,object             | 99999999999,object    | :2: column unit: '99999999999'",
                "3,object             | 1,object              | :3: column unit: 1 stands in an earlier row",
                "3,object             | 3,part                | :2: column category: 'part', expected one of object, scene",
                "3,object             | 3,scene               | :2: column score: 0.2, but scene-iou is 0.0",
                "3,object             | 3,                    | :2: column score: 0.2, but without a category it is 0.0",
                "3,object,dog         | 3,object,cat          | :2: column label: 'cat', but object-label is 'dog'",
                "dog,0.2              | dog,NaN               | :2: column score: 'NaN', expected a number, 0 or more",
                "dog,0.2              | dog,0.3               | :2: column score: 0.3, but object-iou is 0.2",
                "25,0.2               | 25,1.2                | :2: column object-iou: '1.2', expected an IoU",
                "25,0.2               | 25,-0.2               | :2: column object-iou: '-0.2', expected a number, 0 or more",
                "50.0                 | 50.5                  | :2: column object-activation: '50.5', expected a whole number",
                "50.0                 | Infinity              | :2: column object-activation: 'Infinity'",
                "50.0                 | 1e300                 | :2: column object-activation: '1e300', expected a whole",
                "50.0                 | ''                    | :2: column object-activation: '', expected a number",
                "dog,100              | dog,-1                | :2: column object-truth: '-1'",
                "dog,100              | \"dog,100             | :2: quotes do not match",
                "dog,100              | 100                   | :2: 13 fields, expected 14",
            })
    void whatIsNoTableIsRefusedWithRowAndColumn(String part, String instead, String message) throws IOException {
        assertTrue(SOUND.contains(part), part);
        assertTrue(
                refusal(SOUND.replaceFirst(part, instead)).startsWith(message),
                refusal(SOUND.replaceFirst(part, instead)));
    }

    @Test
    void filesThatAreNoTableAtAll() throws IOException {
        assertTrue(refusal("").startsWith(": empty"), refusal(""));
        String bare = refusal("unit,category,label,score\n1,,,0\n");
        assertTrue(bare.startsWith(":1: columns of 0 categories, expected 1 to 200"), bare);
        assertTrue(refusal(SOUND.lines().findFirst().orElseThrow()).startsWith(": holds no unit"));
        Path missing = folder.resolve("nowhere.csv");
        assertTrue(Failures.message(InputException.class, () -> DetectorTableReader.read(missing))
                .contains("nowhere.csv: no such file, expected a detector table"));
        assertTrue(Failures.message(InputException.class, () -> DetectorTableReader.read(folder))
                .contains("is no file"));
        Path binary =
                Files.write(folder.resolve("b.csv"), (SOUND + "\u00ff\u00fe").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(Failures.message(InputException.class, () -> DetectorTableReader.read(binary))
                .contains("not UTF-8"));
    }

    @Test
    void linesAndFilesWithoutEndAreRefusedInLittleMemory() throws IOException {
        String row = refusal(SOUND + "4," + "x".repeat(CsvTable.LONGEST_ROW));
        assertTrue(row.startsWith(":5: the row has more than"), row);
        Path file = Files.writeString(folder.resolve("hole.csv"), SOUND);
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(1L << 30);
        }
        String message = Failures.message(InputException.class, () -> DetectorTableReader.read(file));
        assertTrue(message.contains("hole.csv: has 1073741824 bytes, expected at most"), message);
    }
}
