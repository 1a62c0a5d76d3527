package org.netdissect.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.result.Visualized.Objective;
import org.netdissect.result.Visualized.State;

class VisualizationTableTest {
    private static final Visualized SEVEN = new Visualized(
            "channel-0007",
            Objective.CHANNEL,
            7,
            "",
            false,
            1,
            5L,
            128,
            0.25,
            12.0,
            4.0,
            10.0,
            0.75,
            1.5,
            State.MOVED,
            "");
    private static final String SOUND = """
            image,objective,unit,channel,name,tail,variant,seed,steps,start,end,probe-best,above-probe,under-moves,\
            under-moves-above-probe,first-under-moves,spectrum-distance,state,note
            channel-0007,channel,8,7,,positive,1,5,128,0.25,12.0,4.0,3.0,10.0,2.5,0.75,1.5,moved,
            """;

    @TempDir
    Path folder;

    private List<Visualized> read(String text) throws IOException {
        return VisualizationTable.read(Files.writeString(folder.resolve("t.csv"), text));
    }

    private static Visualized row(Objective objective, int number, boolean negative, int variant, String text) {
        boolean hasChannel = objective == Objective.CHANNEL || objective == Objective.NEURON;
        return new Visualized(
                Visualized.image(objective, number, negative, variant),
                objective,
                hasChannel ? number : null,
                text,
                negative,
                variant,
                Long.MIN_VALUE,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                State.FAILED,
                text);
    }

    @Test
    void aRowIsWrittenInTheOrderOfTheHeader() throws IOException {
        assertEquals(SOUND, VisualizationTable.csv(List.of(SEVEN)));
        assertEquals(List.of(SEVEN), read(SOUND));
        assertEquals(List.of(), read(VisualizationTable.csv(List.of())));
    }

    @Test
    void everythingWrittenComesBackExactly() throws IOException {
        Random random = new Random(1);
        List<Visualized> rows = new ArrayList<>();
        List<String> names =
                List.of("", "a, \"b\" c", "=1+1", " \u00e9\n\u6c34\t ", "#x", "\ud83d\ude00 \ud83d", "\ufffd");
        for (Objective objective : Objective.values()) {
            for (int number = 0; number < names.size(); number++) {
                int place = number + (objective == Objective.PROBABILITY ? names.size() : 0);
                rows.add(row(objective, place, false, number + 1, names.get(number)));
            }
        }
        for (int number = 10_000; number < 10_100; number++) {
            rows.add(new Visualized(
                    Visualized.image(Objective.CHANNEL, number, true, 1),
                    Objective.CHANNEL,
                    number,
                    "",
                    true,
                    1,
                    random.nextLong(),
                    64,
                    Double.longBitsToDouble(random.nextLong()),
                    random.nextGaussian(),
                    random.nextGaussian(),
                    -0.0,
                    Double.MIN_VALUE,
                    random.nextBoolean() ? null : -Double.MAX_VALUE,
                    State.WOKEN,
                    ""));
        }
        assertEquals(rows, read(VisualizationTable.csv(rows)));
    }

    @Test
    void imagesAreNamedByObjectiveTailAndVariant() {
        assertEquals("channel-0007", Visualized.image(Objective.CHANNEL, 7, false, 1));
        assertEquals("channel-12345-negative", Visualized.image(Objective.CHANNEL, 12345, true, 1));
        assertEquals("channel-0007-2", Visualized.image(Objective.CHANNEL, 7, false, 2));
        assertEquals("class-0003", Visualized.image(Objective.LOGIT, 3, false, 1));
        assertEquals("class-0003", Visualized.image(Objective.PROBABILITY, 3, false, 1));
        assertEquals("direction-0000-negative-3", Visualized.image(Objective.DIRECTION, 0, true, 3));
        assertEquals("neuron-0000", Visualized.image(Objective.NEURON, 0, false, 1));
        assertEquals("layer", Visualized.image(Objective.LAYER, 9, false, 1));
    }

    private static Visualized compared(boolean negative, @Nullable Double end, @Nullable Double probeBest) {
        return new Visualized(
                "x", Objective.CHANNEL, 0, "", negative, 1, 0, 1, 0.0, end, probeBest, end, 0.0, 0.0, State.MOVED, "");
    }

    @Test
    void aRatioExistsOnlyWhereTheProbeImagesReachTheTail() {
        assertEquals(3.0, compared(false, 6.0, 2.0).aboveProbe());
        assertEquals(3.0, compared(true, -6.0, -2.0).underMovesAboveProbe());
        assertEquals(-3.0, compared(true, 6.0, -2.0).aboveProbe());
        assertNull(compared(false, 6.0, -2.0).aboveProbe(), "-3 would say that it is worse");
        assertNull(compared(true, 0.0, 2.0).aboveProbe());
        assertNull(compared(false, 6.0, 0.0).aboveProbe());
        assertNull(compared(false, 1e300, 1e-300).aboveProbe());
        assertNull(compared(false, null, 2.0).aboveProbe());
        assertNull(compared(false, 2.0, null).underMovesAboveProbe());
        assertNull(compared(false, Double.NaN, 2.0).end());
    }

    @Test
    void impossibleRowsAreNotMade() {
        assertThrows(IllegalArgumentException.class, () -> row(Objective.CHANNEL, 1, false, 0, ""));
        assertThrows(IllegalArgumentException.class, () -> row(Objective.CHANNEL, -1, false, 1, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state,note   | state                | :1: no column note",
                "channel-0007 | ../x                 | :2: column image: '../x', expected the name of a PNG",
                "channel-0007 | .hidden              | :2: column image: '.hidden'",
                "channel-0007 | ''                   | :2: column image: ''",
                "7,channel,   | 7,chanel,            | :2: column objective: 'chanel', expected channel, neuron, layer",
                ",8,7,        | ,8,8,                | :2: column unit: 8, but the channel is 8, expected one more",
                ",8,7,        | ,8,,                 | :2: column channel: ''",
                ",8,7,        | ,0,-1,               | :2: column channel: '-1'",
                "positive     | up                   | :2: column tail: 'up', expected positive or negative",
                ",1,5,        | ,0,5,                | :2: column variant: '0', expected a whole number from 1",
                ",1,5,        | ,1,5.5,              | :2: column seed: '5.5', expected a whole number",
                "128          | many                 | :2: column steps: 'many'",
                "0.25         | NaN                  | :2: column start: 'NaN', expected a number, or nothing",
                "12.0         | x                    | :2: column end: 'x', expected a number, or nothing",
                "moved        | woke                 | :2: column state: 'woke', expected moved, woken, dead, failed",
                "moved,       | moved                | :2: 18 fields, expected 19",
            })
    void aWrongTableIsRefusedWithRowAndColumn(String part, String instead, String message) throws IOException {
        assertTrue(SOUND.contains(part), part);
        String told = Failures.message(InputException.class, () -> read(SOUND.replaceFirst(part, instead)));
        assertTrue(told.startsWith(folder.resolve("t.csv") + message), told);
        assertEquals(1, told.lines().count(), told);
    }

    @Test
    void anImageTwiceAndAMissingFileAreRefused() throws IOException {
        String twice = SOUND + SOUND.lines().skip(1).findFirst().orElseThrow() + "\n";
        String told = Failures.message(InputException.class, () -> read(twice));
        assertTrue(told.contains(":3: column image: channel-0007 stands in an earlier row"), told);
        Path missing = folder.resolve("none.csv");
        assertTrue(Failures.message(InputException.class, () -> VisualizationTable.read(missing))
                .contains("none.csv: no such file, expected a table with the columns image, objective"));
    }

    @Test
    void aFolderFindsTheImagesThatExist() throws IOException {
        VisualizationFolder nothing = new VisualizationFolder(folder.resolve("none"));
        assertFalse(nothing.hasTables());
        assertEquals(List.of(), nothing.rows("a/b"));
        assertEquals(Optional.empty(), nothing.image("a/b", 7, false));

        Path out = folder.resolve("out");
        Path layer = Files.createDirectories(out.resolve("a%2Fb"));
        assertFalse(new VisualizationFolder(out).hasTables());
        Visualized negative = row(Objective.CHANNEL, 7, true, 1, "");
        Visualized gone = row(Objective.CHANNEL, 8, false, 1, "");
        Visualized diverse = row(Objective.CHANNEL, 9, false, 2, "");
        Visualized logit = row(Objective.LOGIT, 3, false, 1, "bedroom");
        List<Visualized> rows = List.of(diverse, logit, SEVEN, negative, gone);
        Files.writeString(layer.resolve(VisualizationTable.NAME), VisualizationTable.csv(rows));
        for (Visualized row : List.of(SEVEN, negative, diverse, logit)) {
            Files.createFile(layer.resolve(row.file()));
        }
        VisualizationFolder found = new VisualizationFolder(out);
        assertTrue(found.hasTables());
        assertEquals(rows, found.rows("a/b"));
        assertEquals(Optional.of(layer.resolve("channel-0007.png")), found.image("a/b", 7, false));
        assertEquals(Optional.of(layer.resolve("channel-0007-negative.png")), found.image("a/b", 7, true));
        assertEquals(Optional.empty(), found.image("a/b", 8, false), "there is no such file");
        assertEquals(Optional.empty(), found.image("a/b", 9, false), "only the second of several");
        assertEquals(Optional.empty(), found.image("a/b", 3, false), "a class is no channel");
        assertEquals(Optional.empty(), found.image("c", 7, false));
    }
}
