package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.Printable;
import org.netdissect.base.SharedData;
import org.netdissect.broden.TinyProbe;

/** Wrong input: one clear line, the right exit code, and no files. */
class WrongInputTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");
    private static final GridSize IMAGE = new GridSize(224, 224);
    private static final GridSize LABELS = new GridSize(4, 4);

    @TempDir
    static Path folder;

    private static Path probe;
    private static int runs;

    @BeforeAll
    static void makeProbe() throws IOException {
        probe = tiny("probe")
                .image("b.png", "val", IMAGE, 0x00ff00, LABELS)
                .cell("scene", "2")
                .write();
    }

    private static TinyProbe tiny(String name) {
        return TinyProbe.in(folder.resolve(name))
                .category("object")
                .category("scene")
                .label(1, "cat", "object", 1)
                .label(2, "street-s", "scene", 1)
                .image("a.png", "train", IMAGE, 0xff0000, LABELS)
                .plane("object", "1 1 0 0", "1 1 0 0", "0 0 0 0", "0 0 0 0");
    }

    private static Cli dissect(Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect"));
        args.addAll(List.of(more));
        if (!args.contains("--cache")) {
            args.addAll(List.of("--cache", folder.resolve("cache")));
        }
        if (!args.contains("--model")) {
            args.addAll(List.of("--model", MODEL));
        }
        if (!args.contains("--probe")) {
            args.addAll(List.of("--probe", probe));
        }
        if (!args.contains("--out")) {
            args.addAll(List.of("--out", folder.resolve("out" + ++runs)));
        }
        return Cli.run(args.toArray());
    }

    private static void refused(Cli run, int code, String... fragments) {
        assertEquals(code, run.code(), run.toString());
        assertEquals(1, run.errorLine().lines().count(), run.toString());
        for (String fragment : fragments) {
            assertTrue(run.errorLine().contains(fragment), "no '" + fragment + "' in: " + run.errorLine());
        }
        assertEquals("", run.out());
    }

    @Test
    void filesThatAreNotThere() {
        refused(dissect("--model", "nope.pt"), 2, "nope.pt", "no such file");
        refused(dissect("--probe", folder.resolve("nowhere")), 2, "nowhere", "index.csv");
        refused(dissect("--thresholds", "nope.npy", "--layer", "layer5"), 2, "nope.npy", "no such file");
        refused(Cli.run("layers", "nope.pt"), 2, "nope.pt");
        refused(dissect("--model", folder), 2, folder.toString());
    }

    @Test
    void filesThatAreNoNetwork() throws IOException {
        Path text = Files.writeString(folder.resolve("text.pt"), "abc");
        refused(dissect("--model", text), 2, "text.pt");
        refused(Cli.run("layers", text), 2, "text.pt");
    }

    @Test
    void archivesThatMustBeRefused() {
        refused(
                Cli.run("layers", SharedData.require("torchscript/state_dict_not_a_module.pt")),
                2,
                "of no network whose code this program has",
                "export_torchscript.py --pt2");
        refused(Cli.run("layers", SharedData.require("torchscript/prepacked_no_tensors.pt")), 2, "prepacked");
        refused(Cli.run("layers", SharedData.require("torchscript/broken.pt")), 2, "broken.pt");
    }

    @Test
    void layersThatAreNotThere() {
        refused(dissect("--layer", "layr5"), 2, "layr5", "layer5");
        refused(dissect("--layer", "nothing*"), 2, "nothing*");
        Path elsewhere = folder.resolve("elsewhere");
        try {
            Files.createDirectories(elsewhere);
            Path alone = Files.copy(MODEL, elsewhere.resolve("alone.pt"));
            refused(dissect("--model", alone), 2, "--layer", "netdissect layers");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void probeSetsThatDoNotFit() throws IOException {
        Path mixed = tiny("mixed")
                .image("small.png", "train", new GridSize(100, 120), 0x0000ff, LABELS)
                .cell("scene", "2")
                .write();
        Path alone = Files.createDirectories(folder.resolve("undescribed")).resolve("net.pt");
        Files.copy(MODEL, alone);
        refused(
                dissect("--model", alone, "--layer", "layer5", "--probe", mixed),
                2,
                "index.csv:3",
                "small.png",
                "100x120",
                "224x224",
                "--input-size");
        Cli resized = dissect(
                "--model",
                alone,
                "--layer",
                "layer5",
                "--probe",
                mixed,
                "--input-size",
                "224,224",
                "--out",
                folder.resolve("resized"));
        assertEquals(0, resized.code(), resized.toString());

        Path unlabelled = TinyProbe.in(folder.resolve("unlabelled"))
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", IMAGE, 0xff0000, LABELS)
                .write();
        refused(dissect("--probe", unlabelled), 2, "no", "label");

        Path beyond = tiny("beyond")
                .plane("object", "7 0 0 0", "0 0 0 0", "0 0 0 0", "0 0 0 0")
                .write();
        refused(dissect("--probe", beyond, "--layer", "layer5"), 2, "7", "label.csv", "netdissect check");
        Path traversal = tiny("traversal").cell("object", "../../secret.png").write();
        refused(dissect("--probe", traversal), 2, "index.csv:2", "..");

        Path noImage = tiny("noimage").write();
        Files.delete(noImage.resolve("images/a.png"));
        refused(dissect("--probe", noImage), 2, "a.png");
    }

    @Test
    void emptySelections() {
        refused(dissect("--split", "test"), 2, "test", "train", "val");
        refused(dissect("--categories", "sound"), 2, "sound", "object", "scene");
        refused(dissect("--limit", "0"), 2, "--limit", "at least 1");
        refused(dissect("--limit", "-3"), 2, "--limit", "at least 1");
        refused(dissect("--categories", "object,,scene"), 2, "--categories");
    }

    @Test
    void optionValues() {
        refused(dissect("--iou", "2"), 2, "--iou", "0.04");
        refused(dissect("--iou", "NaN"), 2, "--iou");
        refused(dissect("--top-fraction", "0"), 2, "--top-fraction", "0.005");
        refused(dissect("--top-fraction", "1"), 2, "--top-fraction");
        refused(dissect("--top-fraction", "1e-300"), 2, "--top-fraction", "12 digits");
        refused(dissect("--top-fraction", "1e-999999999"), 2, "--top-fraction");
        refused(dissect("--top-fraction", "x"), 2, "--top-fraction", "0.005");
        refused(dissect("--top-fraction", "0.1,,0.2"), 2, "--top-fraction", "expected a number");
        refused(dissect("--top-fraction", "0.1,0.2,0.10"), 2, "--top-fraction", "0.1 stands twice");
        refused(dissect("--top-fraction", "0.1,1"), 2, "--top-fraction 1", "less than 1");
        refused(dissect("--iou", "0.04,0.1,"), 2, "--iou", "0.04,0.1,");
        refused(dissect("--iou", "0.04,2"), 2, "--iou 2", "less than 1");
        refused(dissect("--iou", "0,-0.0"), 2, "--iou", "stands twice");
        String many = String.join(
                ",",
                java.util.stream.IntStream.range(1, 34).mapToObj(i -> "0.0" + i).toList());
        refused(dissect("--iou", many), 2, "--iou", "33 values, expected at most 32");
        refused(dissect("--tail", "sideways"), 2, "--tail", "upper or lower or both");
        refused(dissect("--out", ""), 2, "--out");
        refused(dissect("--input-size", "40000,40000"), 2, "--input-size", "16384");
        refused(dissect("--input-size", "16000,16000", "--batch", "2"), 2, "--batch", "--input-size");
        refused(dissect("--batch", "0"), 2, "--batch");
        refused(dissect("--threads", "0"), 2, "--threads");
        refused(dissect("--device", "tpu"), 2, "--device", "tpu", "gpu:N");
        refused(dissect("--mean", "1,2"), 2, "--mean", "three");
        refused(dissect("--std", "1,0,1"), 2, "--std");
        refused(dissect("--channels", "RGBA"), 2, "--channels", "RGBA");
        refused(dissect("--preprocess", "imagnet"), 2, "--preprocess", "imagenet");
        refused(dissect("--interpolation", "cubic"), 2, "--interpolation", "half-pixel");
        refused(dissect("--cache-precision", "int8"), 2, "--cache-precision", "float16");
        refused(dissect("--input-size", "0,224"), 2, "--input-size", "224,224");
        refused(dissect("--require", "unique=>4"), 2, "--require", "unique>=40");
        refused(dissect("--require", "conv9:unique>=4"), 2, "--require", "conv9", "layer5");
        refused(dissect("--require", "unique-sound>=4"), 2, "--require", "sound", "object");
        refused(dissect("--lyer", "x"), 2, "--lyer", "--layer");
        refused(Cli.run("dissect", "--probe", probe), 2, "--model");
        refused(Cli.run("dissect", "--model", MODEL), 2, "--probe");
        refused(Cli.run("disect"), 2, "disect", "dissect");
        refused(Cli.run(), 2, "dissect");
        refused(dissect("@" + folder.resolve("no-options")), 2, "no-options");
    }

    @Test
    void optionsFromAFile() throws IOException {
        Path options = Files.writeString(
                folder.resolve("options"),
                "--layer layer5\n# a comment\n--out \"" + folder.resolve("from file") + "\"\n");
        Cli run = Cli.run(
                "dissect", "--model", MODEL, "--probe", probe, "--cache", folder.resolve("cache"), "@" + options);
        assertEquals(0, run.code(), run.toString());
        assertTrue(Files.exists(folder.resolve("from file/layer5/detectors.csv")));
    }

    @Test
    void thresholdsThatDoNotFit() throws IOException {
        Path few = Files.writeString(folder.resolve("few.csv"), "unit,threshold\n1,0.5\n");
        refused(dissect("--layer", "layer5", "--thresholds", few), 2, "few.csv", "1 thresholds", "160 units");
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "unit,threshold\n1,0.5\n999,1\n");
        refused(dissect("--layer", "layer5", "--thresholds", wrong), 2, "wrong.csv", "no threshold for unit 2");
        Path columns = Files.writeString(folder.resolve("columns.csv"), "a,b\n1,0.5\n");
        refused(dissect("--layer", "layer5", "--thresholds", columns), 2, "columns.csv", "row 1", "threshold");
        Path twice = Files.writeString(folder.resolve("twice.csv"), "unit,threshold\n1,0.5\n1,1\n");
        refused(dissect("--layer", "layer5", "--thresholds", twice), 2, "row 3", "stands twice");
        Path infinite = Files.writeString(folder.resolve("infinite.csv"), "unit,threshold\n1,Infinity\n");
        refused(dissect("--layer", "layer5", "--thresholds", infinite), 2, "unit 1", "Infinity");
        Path latin = Files.write(folder.resolve("latin.csv"), new byte[] {'u', (byte) 0xe9});
        refused(dissect("--layer", "layer5", "--thresholds", latin), 2, "UTF-8");
        refused(dissect("--layer", "layer5", "--thresholds", folder), 2, "no file");
        refused(dissect("--thresholds", few), 2, "one layer", "2 layers");
    }

    @Test
    void aRunDirectoryThatHoldsAnotherRun() throws IOException {
        Path out = folder.resolve("taken");
        assertEquals(0, dissect("--layer", "layer5", "--out", out).code());
        String table = Files.readString(out.resolve("layer5/detectors.csv"));
        refused(dissect("--layer", "layer5", "--out", out, "--iou", "0.1"), 2, "iou is 0.04", "0.1", "--overwrite");
        assertEquals(table, Files.readString(out.resolve("layer5/detectors.csv")));
        assertEquals(0, dissect("--layer", "layer5", "--out", out).code(), "the same run again is welcome");
        Path notes = Files.writeString(out.resolve("layer5/notes.txt"), "mine");
        assertEquals(
                0, dissect("--layer", "layer4", "--out", out, "--overwrite").code());
        assertFalse(Files.exists(out.resolve("layer5/detectors.csv")), "old and new tables do not mix");
        assertTrue(Files.exists(notes), "somebody else's file stays");
        Path file = Files.writeString(folder.resolve("file"), "");
        refused(dissect("--out", file), 2, "--out", "folder");
    }

    @Test
    void aDamagedRunDirectoryIsReplacedOnRequest() throws IOException {
        Path out = folder.resolve("damaged");
        assertEquals(0, dissect("--layer", "layer5", "--out", out).code());
        Files.writeString(out.resolve("run.json"), "{");
        refused(dissect("--layer", "layer5", "--out", out), 2, "run.json", "damaged", "--overwrite");
        assertEquals(
                0, dissect("--layer", "layer5", "--out", out, "--overwrite").code());
    }

    @Test
    void whatAKilledRunLeftIsClearedAway() throws IOException {
        Path out = folder.resolve("killed");
        assertEquals(0, dissect("--layer", "layer5", "--out", out).code());
        Files.move(out.resolve("run.json"), out.resolve("run.json.partial"));
        assertEquals(0, dissect("--layer", "layer4", "--out", out).code());
        assertFalse(Files.exists(out.resolve("layer5")), "old and new tables do not mix");
        assertFalse(Files.exists(out.resolve("run.json.partial")));
    }

    @Test
    void foldersThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "");
        refused(dissect("--out", "/proc/netdissect"), 2, "--out", "/proc");
        refused(dissect("--out", file.resolve("below")), 2, "--out");
        refused(dissect("--layer", "layer5", "--cache", file), 2, "--cache", "NETDISSECT_CACHE");
    }

    @Test
    void descriptionsBesideTheModel() throws IOException {
        Path described = Files.createDirectories(folder.resolve("described"));
        Path model = Files.copy(MODEL, described.resolve("net.pt"));
        Path json = described.resolve("net.json");
        Object[][] cases = {
            {"{\"mean\":[null,1,2]}", "net.json", "mean"},
            {"{\"mean\":[1]}", "net.json", "three numbers"},
            {"{\"std\":[1,0,1]}", "std", "0"},
            {"{\"input-size\":[null,3]}", "net.json", "[height, width]"},
            {"{\"epochs\":3}", "epochs", "pixel-scale", "rename"},
            {"{\"channels\":\"RGBA\"}", "net.json", "BGR"},
            {"{\"layers\":\"layer5\"}", "net.json", "names"},
            {"[1]", "net.json", "object"},
            {"{", "net.json:1", "JSON"},
        };
        for (Object[] wrong : cases) {
            Files.writeString(json, wrong[0].toString());
            refused(
                    dissect("--model", model, "--layer", "layer5"),
                    2,
                    Stream.of(wrong).skip(1).map(Object::toString).toArray(String[]::new));
        }
        Files.writeString(json, "{\"channels\":\"BGR\",\"layers\":[\"layer5\"]}");
        Cli run = dissect("--model", model, "--out", folder.resolve("described-out"));
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains("--channels BGR --pixel-scale 255.0 --mean 0.485"), run.err());
    }

    @Test
    void aFailedRunLeavesNoTables() throws IOException {
        Path truncated = tiny("truncated").write();
        byte[] image = Files.readAllBytes(truncated.resolve("images/a.png"));
        Files.write(truncated.resolve("images/a.png"), java.util.Arrays.copyOf(image, image.length / 2));
        Path out = folder.resolve("failed");
        refused(dissect("--probe", truncated, "--out", out), 2, "a.png");
        assertFalse(Files.exists(out), "nothing was found out");
    }

    @Test
    void namesFromFilesCannotSpeakToTheTerminal() throws IOException {
        Path hostile = TinyProbe.in(folder.resolve("hostile"))
                .category("object")
                .label(1, "\u001b[31mcat<b>", "object", 1)
                .image("a.png", "train", IMAGE, 0xff0000, LABELS)
                .plane("object", "1 1 1 1", "1 1 1 1", "1 1 1 1", "1 1 1 1")
                .write();
        Cli run = dissect(
                "--probe",
                hostile,
                "--layer",
                "layer5",
                "--out",
                folder.resolve("hostile-out"),
                "--top-fraction",
                "0.5");
        assertEquals(0, run.code(), run.toString());
        assertFalse(run.out().contains("\u001b"), "escape sequences are taken out");
        String table = Files.readString(folder.resolve("hostile-out/layer5/detectors.csv"));
        assertTrue(table.contains("\u001b[31mcat<b>"), "files keep names as they are");
    }

    @Test
    void tablesWithHostileNamesReadBack() throws IOException {
        String cat = "=1+1,\"<script>alert('x')</script>\" & \u001b]0;x\u0007\u009b31m\u202e\u2028#";
        String category = "a <b>,\"c\"";
        Path hostile = TinyProbe.in(folder.resolve("names"))
                .category("object")
                .label(1, quoted(cat), "object", 1)
                .image("a.png", "train", IMAGE, 0xff0000, LABELS)
                .plane("object", "1 1 1 1", "1 1 1 1", "1 1 1 1", "1 1 1 1")
                .write();
        for (String table : List.of("category.csv", "index.csv")) {
            String text = Files.readString(hostile.resolve(table));
            Files.writeString(
                    hostile.resolve(table), text.replaceFirst("object", Matcher.quoteReplacement(quoted(category))));
        }
        Files.move(hostile.resolve("c_object.csv"), hostile.resolve("c_" + category + ".csv"));
        Path out = folder.resolve("names-out");
        Cli run = dissect("--probe", hostile, "--layer", "layer5", "--out", out, "--top-fraction", "0.5");
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("<script>alert('x')</script>\" & ?]0;x??31m??#"), run.out());
        assertTrue((run.out() + run.err()).codePoints().noneMatch(c -> c != '\n' && Printable.isUnsafe(c)), run.out());

        Path table = out.resolve("layer5/detectors.csv");
        int named = 0;
        try (CSVParser rows = CSVParser.parse(
                table,
                StandardCharsets.UTF_8,
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            assertEquals(
                    List.of("unit", "category", "label", "score", category + "-label"),
                    rows.getHeaderNames().subList(0, 5));
            for (CSVRecord row : rows) {
                if (!row.get("label").isEmpty()) {
                    assertEquals(cat, row.get("label"));
                    assertEquals(category, row.get("category"));
                    named++;
                }
            }
        }
        assertTrue(named > 0, "no unit has a label");
        JsonNode summary =
                new ObjectMapper().readTree(out.resolve("layer5/summary.json").toFile());
        assertEquals(cat, summary.get("concepts").get(0).get("label").asText());
        Cli again = dissect("--probe", hostile, "--layer", "layer5", "--thresholds", table, "--top-fraction", "0.5");
        assertEquals(0, again.code(), "our own table is read by our own reader: " + again);
    }

    private static String quoted(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }

    @Test
    void linesStayLinesWhateverTheFilesHold() throws IOException {
        Path probe = tiny("long-names")
                .cell("object", "x\u001b".repeat(50_000) + ".gif")
                .write();
        refused(dissect("--probe", probe), 2, "index.csv:2", "expected the name of a .png file");
        Cli check = Cli.run("check", probe);
        assertEquals(2, check.code());
        for (Cli run : List.of(dissect("--probe", probe), check)) {
            String printed = run.out() + run.err();
            assertTrue(printed.length() < 5000 && !printed.contains("\u001b"), printed);
        }
        refused(dissect("--model", "m".repeat(100_000)), 2, " ... ");
        Path huge = folder.resolve("huge.csv");
        try (FileChannel channel = FileChannel.open(huge, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 3L << 30);
        }
        refused(dissect("--layer", "layer5", "--thresholds", huge), 2, "huge.csv", "3221225473 bytes", "134217728");
    }

    @Test
    void aResultThatCannotBeWrittenIsAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(new PrintStream(full), new PrintStream(err), "check", probe.toString());
        assertEquals(1, code);
        assertTrue(
                err.toString(StandardCharsets.UTF_8).contains("standard output"), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void helpAndVersionEndWithZero() {
        for (String[] args : new String[][] {{"--help"}, {"--version"}, {"dissect", "--help"}, {"layers", "-h"}}) {
            Cli run = Cli.run((Object[]) args);
            assertEquals(0, run.code(), run.toString());
            assertEquals("", run.err());
            assertFalse(run.out().isEmpty());
        }
    }

    @Test
    void checkListsEveryFault() throws IOException {
        Path broken = tiny("broken").write();
        Path index = broken.resolve("index.csv");
        Files.writeString(
                index,
                Files.readString(index) + "missing.png,train,224,224,4,4,,2\na.png,train,12,224,4,4,,77\n",
                StandardCharsets.UTF_8);
        Cli check = Cli.run("check", broken);
        assertEquals(2, check.code(), check.toString());
        for (String fault : List.of("index.csv:3", "missing.png", "index.csv:4", "77")) {
            assertTrue(check.out().contains(fault), "no '" + fault + "' in: " + check.out());
        }
        Cli sound = Cli.run("check", probe);
        assertEquals(0, sound.code(), sound.toString());
        assertTrue(sound.out().contains("2 images (train 1, val 1)"), sound.out());
    }

    @Test
    void nothingTemporaryStays() throws IOException {
        dissect("--layer", "layer5", "--out", folder.resolve("tidy"));
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> temporary =
                    files.filter(file -> file.toString().endsWith(".tmp")).toList();
            assertEquals(List.of(), temporary);
        }
    }
}
