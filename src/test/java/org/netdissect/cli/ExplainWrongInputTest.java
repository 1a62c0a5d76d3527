package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.SharedData;
import org.netdissect.broden.TinyProbe;

/** Wrong input of explain: one clear line, exit code 2, and no files. */
class ExplainWrongInputTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");
    private static final GridSize IMAGE = new GridSize(96, 96);

    @TempDir
    static Path folder;

    private static Path moved;
    private static Path run;
    private static Path image;
    private static int copies;

    /** Makes a run, and then renames its model. */
    @BeforeAll
    static void dissect() throws IOException {
        Path probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", IMAGE, 0x4080c0, new GridSize(2, 2))
                .plane("object", "1 0", "0 0")
                .image("b.png", "train", IMAGE, 0xf0a010, new GridSize(2, 2))
                .plane("object", "1 1", "0 0")
                .write();
        image = probe.resolve("images/a.png");
        run = folder.resolve("run");
        Path model = Files.copy(MODEL, folder.resolve("net.pt"));
        Cli dissected = Cli.run(
                "dissect",
                "--model",
                model,
                "--probe",
                probe,
                "--preprocess",
                "imagenet",
                "--layer",
                "layer4",
                "--layer",
                "fc",
                "--cache",
                folder.resolve("cache"),
                "--out",
                run);
        assertEquals(0, dissected.code(), dissected.toString());
        moved = Files.move(model, folder.resolve("moved.pt"));
    }

    private static Cli explain(Object... args) {
        List<Object> all = new ArrayList<>(List.of("explain"));
        all.addAll(List.of(args));
        if (!all.contains("--model")) {
            all.addAll(List.of("--model", moved));
        }
        return Cli.run(all.toArray());
    }

    private static void refused(Cli cli, String... fragments) {
        assertEquals(2, cli.code(), cli.toString());
        assertEquals(1, cli.errorLine().lines().count(), cli.toString());
        for (String fragment : fragments) {
            assertTrue(cli.errorLine().contains(fragment), "no '" + fragment + "' in: " + cli.errorLine());
        }
        assertEquals("", cli.out());
        assertFalse(Files.exists(run.resolve("explain")), "no page is left");
    }

    @Test
    void imagesThatCannotBeRead() throws IOException {
        refused(explain(run, "nope.jpg"), "nope.jpg", "no such file");
        refused(explain(run, folder), folder.toString());
        Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
        refused(explain(run, text), "text.jpg", "neither a JPEG nor a PNG");
        Path deep = Path.of("src/test/resources/fuzz/RasterFuzz/seed-16bit.png");
        refused(explain(run, deep), "seed-16bit.png", "16 bits a sample, expected 8");
        refused(explain(run, cmyk()), "cmyk.jpg", "CMYK", "convert it first");
        byte[] half = Files.readAllBytes(image);
        Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(half, half.length / 2));
        refused(explain(run, cut), "cut.png", "cut off");
    }

    /** JPEG with four bands, which ImageIO writes as CMYK. */
    private static Path cmyk() throws IOException {
        Path file = folder.resolve("cmyk.jpg");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            BufferedImage argb = new BufferedImage(16, 16, BufferedImage.TYPE_4BYTE_ABGR);
            writer.write(null, new IIOImage(argb.getRaster(), null, null), null);
        } finally {
            writer.dispose();
        }
        return file;
    }

    @Test
    void foldersThatAreNoRun() throws IOException {
        refused(explain(folder.resolve("nowhere"), image), "nowhere", "no such", "dissect --out");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        refused(explain(empty, image), "empty", "no run.json", "dissect --out");
        Files.writeString(empty.resolve("run.json.partial"), "{}");
        refused(explain(empty, image), "empty", "unfinished");
        refused(explain(image, run), "a.png", "is a file", "run directory");
        refused(explain(run.resolve("layer4/detectors.csv"), image), "detectors.csv", "is a file");
    }

    /** Copy of the run with a changed run.json. */
    private static Path changed(Consumer<ObjectNode> change) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy" + ++copies));
        for (String file : List.of("layer4/detectors.csv", "fc/detectors.csv")) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(run.resolve(file), copy.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = (ObjectNode) json.readTree(run.resolve("run.json").toFile());
        change.accept(record);
        Files.writeString(copy.resolve("run.json"), json.writeValueAsString(record));
        return copy;
    }

    private static ObjectNode settings(ObjectNode record) {
        return (ObjectNode) record.path("settings");
    }

    @Test
    void recordsThatLackSomething() throws IOException {
        refused(explain(changed(record -> record.put("schemaVersion", 0)), image), "run.json", "schemaVersion");
        Path noBatch = changed(record -> settings(record).remove("activations.batch"));
        refused(explain(noBatch, image), "run.json", "no batch", "dissect again");
        Path badMean = changed(record -> settings(record).put("activations.mean", "[1, 2]"));
        refused(explain(badMean, image), "run.json", "mean", "dissect again");
        Path future = changed(record -> settings(record).put("interpolation", "splines"));
        refused(explain(future, image), "run.json", "splines", "dissect again");
        Path noModel = changed(record -> ((ObjectNode) record.path("inputs")).remove("model"));
        refused(Cli.run("explain", noModel, image), "run.json", "inputs.model");
        Path relative = changed(record -> ((ObjectNode) record.path("inputs"))
                .put("model", moved.getFileName().toString())
                .put("folder", folder.toString()));
        Cli elsewhere = Cli.run("explain", relative, image, "--no-page");
        assertEquals(0, elsewhere.code(), "from the folder where the run was started: " + elsewhere);
        Cli explained = explain(noModel, image, "--no-page");
        assertEquals(0, explained.code(), "where the network is given: " + explained);
    }

    @Test
    void tablesThatLackSomething() throws IOException {
        Path run = changed(record -> {});
        Path table = run.resolve("layer4/detectors.csv");
        String text = Files.readString(table);
        Files.writeString(table, text.replaceFirst("threshold", "other"));
        refused(explain(run, image), "detectors.csv", "threshold");
        Files.writeString(table, text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
        refused(explain(run, image), "detectors.csv", "127 units", "128");
        Files.delete(table);
        refused(explain(run, image), "detectors.csv", "no such file");
    }

    @Test
    void networksThatAreNotTheRuns() throws IOException {
        Cli gone = Cli.run("explain", run, image);
        refused(gone, folder.resolve("net.pt").toString(), "where it was", "--model M.pt");
        refused(explain(run, image, "--model", "nope.pt"), "--model nope.pt", "no such file");
        byte[] bytes = Files.readAllBytes(moved);
        bytes[bytes.length / 2] ^= 1;
        Path other = Files.write(folder.resolve("other.pt"), bytes);
        refused(explain(run, image, "--model", other), "other.pt is not the network of the run", "SHA-256");
        Cli found = explain(run, image, "--model", moved, "--no-page");
        assertEquals(0, found.code(), found.toString());
    }

    @Test
    void layersAndOptions() throws IOException {
        refused(explain(run, image, "--layer", "layr4"), "--layer layr4", "did you mean layer4?");
        refused(explain(run, image, "--layer", "conv*"), "--layer conv*", "it has layer4, fc");
        refused(explain(run, image, "--layer", "layer5"), "layer5", "did you mean layer4?");
        refused(explain(run, image, "--units", "0"), "--units", "at least 1");
        refused(explain(run, image, "--top-classes", "-1"), "--top-classes", "at least 1");
        refused(explain(run, image, "--sort", "size"), "--sort", "area or peak");
        refused(explain(run, image, "--device", "tpu"), "--device", "gpu:N");
        refused(explain(run), "IMAGE");
        byte[] before = Files.readAllBytes(image);
        refused(explain(run, image, "--out", image), "--out", "a.png", "ends in .html");
        assertEquals(before.length, Files.size(image), "the image is not overwritten");
        Path taken = Files.createDirectories(folder.resolve("taken.html"));
        refused(explain(run, image, "--out", taken), "--out", "taken.html");
    }

    @Test
    void aPageThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "");
        Cli explained = explain(run, image, "--out", file.resolve("page.html"));
        assertEquals(1, explained.code(), explained.toString());
        assertTrue(explained.errorLine().contains("page.html cannot be written"), explained.errorLine());
        assertTrue(explained.errorLine().contains("--no-page"), explained.errorLine());
        assertEquals("", explained.out());
    }

    @Test
    void namesThatFitNoOutputAreNotedAndTheRestIsShown() throws IOException {
        Path beside = Files.createDirectories(folder.resolve("named"));
        Path model = Files.copy(moved, beside.resolve("net.pt"));
        Files.writeString(beside.resolve("MODEL.json"), "{\"classes\": [\"one\", \"two\"]}");
        Cli explained = explain(run, image, "--model", model, "--no-page");
        assertEquals(0, explained.code(), explained.toString());
        assertTrue(
                explained.err().contains("names of 2 beside the model, and the network gives 20 numbers"),
                explained.err());
        assertFalse(explained.out().contains("probability"), explained.out());
        assertTrue(explained.out().contains("of 128 units"), explained.out());
    }

    @Test
    void classesOfARealNetwork() throws IOException {
        Path source = SharedData.require("models/squeezenet1_0-imagenet.traced.pt");
        List<String> names = Files.readAllLines(SharedData.require("models/imagenet_labels.txt"));
        Path probe = SharedData.require("probe");
        Path model = Files.copy(
                source, Files.createDirectories(folder.resolve("real")).resolve("squeezenet.pt"));
        Files.writeString(
                model.resolveSibling("MODEL.json"),
                new ObjectMapper().writeValueAsString(java.util.Map.of("classes", names)));
        Path out = folder.resolve("squeezenet");
        Cli dissected = Cli.run(
                "dissect",
                "--model",
                model,
                "--probe",
                probe,
                "--layer",
                "features.12",
                "--limit",
                "4",
                "--channels",
                "RGB",
                "--pixel-scale",
                "1",
                "--mean",
                "123,117,104",
                "--std",
                "1,1,1",
                "--cache",
                folder.resolve("cache"),
                "--out",
                out);
        assertEquals(0, dissected.code(), dissected.toString());
        Path car = probe.resolve("images/carparts/trai_train197.jpg");
        Cli explained = Cli.run("explain", out, car, "--out", folder.resolve("car.html"), "--top-classes", "3");
        assertEquals(0, explained.code(), explained.toString());
        String classes = explained.out().lines().limit(4).reduce("", (a, b) -> a + "\n" + b);
        assertTrue(classes.contains("car,") || classes.contains("wagon"), explained.out());
        assertTrue(Files.readString(folder.resolve("car.html")).contains("What the network says"));
    }
}
