package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Json;
import org.netdissect.base.SharedData;
import org.netdissect.base.Tables;

/** Cases of label planes and tables, each with its correct values or its refusal. */
class LabelCasesTest {
    private static final Path CASES = Path.of("cases");
    private static final String LAYER = "conv2";

    @TempDir
    static Path folder;

    private static int runs;

    private static Path require(String name) {
        return SharedData.require(CASES.resolve(name).toString());
    }

    /** Dissects the probe set with these options. */
    private static Cli dissect(Path probe, Path out, String... options) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--layer", LAYER, "--preprocess", "imagenet"));
        args.addAll(List.of("--model", require("c05-not-in-evaluation-mode/eval_trace.pt"), "--probe", probe));
        args.addAll(List.of("--interpolation", "half-pixel", "--no-report"));
        args.addAll(List.of("--cache", folder.resolve("cache"), "--out", out));
        args.addAll(List.of(options));
        return Cli.run(args.toArray());
    }

    private static Path dissected(Path probe, String... options) {
        Path out = folder.resolve("out" + runs++);
        Cli run = dissect(probe, out, options);
        assertEquals(0, run.code(), run.toString());
        return out;
    }

    private static String table(Path out) throws IOException {
        return Files.readString(out.resolve(LAYER).resolve("detectors.csv"));
    }

    private static Path activations(Path out) throws IOException {
        return Path.of(Json.read(Files.readAllBytes(out.resolve("run.json")))
                .at("/layers/0/activations")
                .asText());
    }

    private static void assertRefused(Path probe, String... parts) {
        Cli check = Cli.run("check", probe);
        Cli dissect = dissect(probe, folder.resolve("refused"));
        assertEquals(2, check.code(), check.toString());
        assertEquals(2, dissect.code(), dissect.toString());
        for (String part : parts) {
            assertTrue(check.out().contains(part), "no '" + part + "' in: " + check.out());
            assertTrue(dissect.errorLine().contains(part), "no '" + part + "' in: " + dissect.errorLine());
        }
    }

    /** Copy with label planes in Broden's encoding, made from the indices of palettes. */
    private static Path asBroden(Path palettes) throws IOException {
        Path copy = folder.resolve("broden");
        try (Stream<Path> files = Files.walk(palettes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(palettes.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (file.toString().endsWith("_object.png")) {
                    Raster indices = ImageIO.read(file.toFile()).getRaster();
                    BufferedImage plane =
                            new BufferedImage(indices.getWidth(), indices.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
                    for (int i = 0; i < indices.getWidth() * indices.getHeight(); i++) {
                        int x = i % indices.getWidth();
                        int y = i / indices.getWidth();
                        plane.setRGB(x, y, indices.getSample(x, y, 0) << 16);
                    }
                    ImageIO.write(plane, "png", target.toFile());
                } else {
                    Files.write(target, Files.readAllBytes(file));
                }
            }
        }
        return copy;
    }

    /** Aeroplane, boat and chair are 1, 4 and 9; lamp and sofa are 128 and 192, as VOC's colours would be read. */
    @Test
    void palettesOfVocAreRefusedOrReadByIndex() throws IOException {
        Path probe = require("c08-palette-label-planes/l_pal2");
        assertRefused(
                probe, "index.csv:2: column object: images/i000_object.png: is a palette PNG", "--label-planes index");
        Cli check = Cli.run("check", probe, "--label-planes", "index");
        assertEquals(0, check.code(), check.toString());
        assertTrue(check.out().contains("2 labels of label.csv occur in no image: lamp, sofa"), check.out());

        Path out = dissected(probe, "--label-planes", "index");
        Path converted = asBroden(probe);
        assertEquals(table(dissected(converted)), table(out));
        NaiveDissection naive = new NaiveDissection(converted, activations(out), 0.005);
        for (int label : new int[] {1, 4, 9}) {
            assertEquals(1024, naive.truth(label));
        }
        assertEquals(0, naive.truth(128) + naive.truth(192));
        assertAsNaive(naive, out);
        TreeSet<String> labels = new TreeSet<>();
        for (CSVRecord row : Tables.read(out.resolve(LAYER).resolve("detectors.csv"))) {
            if (!row.get("object-label").isEmpty()) {
                labels.add(row.get("object-label"));
                assertEquals("1024", row.get("object-truth"));
            }
        }
        assertTrue(!labels.isEmpty() && List.of("aeroplane", "boat", "chair").containsAll(labels), labels.toString());
    }

    private static void assertAsNaive(NaiveDissection naive, Path out) throws IOException {
        List<CSVRecord> rows = Tables.read(out.resolve(LAYER).resolve("detectors.csv"));
        assertTrue(!rows.isEmpty());
        for (CSVRecord row : rows) {
            int unit = Integer.parseInt(row.get("channel"));
            assertEquals(naive.thresholds[unit], Float.parseFloat(row.get("threshold")));
            for (int category = 0; category < naive.categories().size(); category++) {
                SampleRunTest.assertBestLabel(naive, row, unit, category);
            }
        }
    }

    @Test
    void planesOfCocoAndAdeAreRefused() {
        assertRefused(
                require("c09-blue-in-label-planes/l_pan"),
                "index.csv:2: column object: images/i000_object.png: pixel x=3, y=10 is RGB (1, 0, 2), expected blue 0",
                "COCO",
                "ADE20K");
    }

    @Test
    void tablesOfPandasAreRead() throws IOException {
        Path sound = require("probe64");
        Path floats = require("c14-index-written-by-pandas/t_float");
        Path numbered = require("c14-index-written-by-pandas/t_idx");
        String expected = table(dissected(sound));
        for (Path probe : List.of(floats, numbered)) {
            Path out = folder.resolve("pandas-" + probe.getFileName());
            Cli check = Cli.run("check", probe);
            Cli dissect = dissect(probe, out);
            assertEquals(0, check.code(), check.toString());
            assertEquals(0, dissect.code(), dissect.toString());
            assertEquals(expected, table(out));
            String passed = "index.csv:1: column 1 has no name (pandas' row numbers?) and is ignored";
            assertEquals(probe.equals(numbered), check.out().contains("warning: " + passed), check.out());
            assertEquals(probe.equals(numbered), dissect.err().contains(passed), dissect.err());
        }
    }

    @Test
    void aRowGivenTwiceIsToldAndCountsTwice() throws IOException {
        Path probe = require("c17-duplicate-row/t_dup");
        String twice = "index.csv:14: column image: 'i000.png' stands in an earlier row, and counts twice";
        Cli check = Cli.run("check", probe);
        assertEquals(0, check.code(), check.toString());
        assertTrue(check.out().contains("warning: " + twice), check.out());
        Path out = folder.resolve("twice");
        Cli dissect = dissect(probe, out);
        assertEquals(0, dissect.code(), dissect.toString());
        assertTrue(dissect.err().contains("note: probe set " + probe + ": " + twice), dissect.err());
        assertAsNaive(new NaiveDissection(probe, activations(out), 0.005), out);
        Cli first = dissect(probe, folder.resolve("limited"), "--limit", "5");
        assertTrue(first.code() == 0 && !first.err().contains("counts twice"), first.err());
    }

    /** Both encodings can read this probe set, so that only the option separates the runs. */
    @Test
    void theOptionTellsRunsApart() throws IOException {
        Path palettes = require("c08-palette-label-planes/l_pal2");
        Path probe = folder.resolve("agreeing");
        try (Stream<Path> files = Files.walk(palettes)) {
            files.filter(Files::isRegularFile).forEach(file -> copyAgreeing(palettes, file, probe));
        }
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        Cli first = dissect(probe, a);
        assertEquals(0, first.code(), first.toString());
        Cli second = dissect(probe, b, "--label-planes", "index");
        assertEquals(0, second.code(), second.toString());
        assertTrue(second.err().contains("alignment: "), "the counts of the first are not taken: " + second.err());
        assertEquals(table(a), table(b));
        String usual = Files.readString(a.resolve("run.json"));
        assertTrue(!usual.substring(usual.indexOf("\"settings\"")).contains("label-planes"), usual);
        assertTrue(Files.readString(b.resolve("run.json")).contains("\"label-planes\" : \"index\""));

        Cli other = dissect(probe, a, "--label-planes", "index");
        assertEquals(2, other.code(), other.toString());
        assertTrue(other.errorLine().contains("label-planes is not given there and \"index\" here"), other.errorLine());
        Cli compare = Cli.run("compare", a, b, "--out", folder.resolve("compared"));
        assertEquals(0, compare.code(), compare.toString());
        assertTrue(compare.err().contains("label-planes is not given in a and index in b"), compare.err());
    }

    private static void copyAgreeing(Path from, Path file, Path to) {
        try {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            byte[] bytes = Files.readAllBytes(file);
            if (file.toString().endsWith("_object.png")) {
                byte[] reds = new byte[10];
                for (int i = 0; i < reds.length; i++) {
                    reds[i] = (byte) i;
                }
                IndexColorModel palette = new IndexColorModel(8, reds.length, reds, new byte[10], new byte[10]);
                Raster indices = ImageIO.read(file.toFile()).getRaster();
                BufferedImage plane = new BufferedImage(
                        indices.getWidth(), indices.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette);
                plane.setData(indices);
                ImageIO.write(plane, "png", target.toFile());
            } else {
                Files.write(target, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theReportIsMadeAgainInTheEncodingOfItsRun() throws IOException {
        Path probe = require("c08-palette-label-planes/l_pal2");
        Path out = dissected(probe, "--label-planes", "index");
        KeptAlignments.forget(folder.resolve("cache"));
        Cli report = Cli.run("report", out);
        assertEquals(0, report.code(), report.toString());
        assertTrue(report.err().contains("alignment: "), report.err());
        assertTrue(Files.exists(out.resolve("report.html")));
    }
}
