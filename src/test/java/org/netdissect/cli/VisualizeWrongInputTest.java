package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.SharedData;
import org.netdissect.table.NpyArray;
import org.netdissect.torchscript.TinyArchive;

/** Wrong input of visualize: one clear line, the right exit code, and nothing half-written. */
class VisualizeWrongInputTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");

    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    private Cli visualize(Object... args) {
        List<Object> all = new ArrayList<>(List.of("visualize"));
        all.addAll(List.of(args));
        defaults(all, "--model", MODEL);
        defaults(all, "--out", out());
        defaults(all, "--size", "16,16");
        defaults(all, "--steps", "2");
        return Cli.run(all.toArray());
    }

    private static void defaults(List<Object> all, String option, Object value) {
        if (!all.contains(option)) {
            all.addAll(List.of(option, value));
        }
    }

    private void told(int code, Cli cli, String... fragments) throws IOException {
        assertEquals(code, cli.code(), cli.toString());
        assertEquals(1, cli.errorLine().lines().count(), cli.toString());
        assertFalse(cli.err().contains("\tat "), cli.err());
        for (String fragment : fragments) {
            assertTrue(cli.errorLine().contains(fragment), "no '" + fragment + "' in: " + cli.errorLine());
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    all.filter(path -> path.toString().endsWith(".tmp")).toList());
        }
    }

    private void refused(Cli cli, String... fragments) throws IOException {
        told(2, cli, fragments);
        assertFalse(Files.exists(out().resolve("run.json")), "nothing was begun");
    }

    /** An archive with one layer {@code a}; lines of both methods are indented by four. */
    private Path archive(String layer, String end) throws IOException {
        return new TinyArchive()
                .code("""
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  a : __torch__.A
                  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                    y = (self.a).forward(x, )
                %s
                class A(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.A, x: Tensor) -> Tensor:
                %s
                """.formatted(end, layer))
                .runnable("a", "A")
                .writeTo(folder);
    }

    private Path archive(String layer) throws IOException {
        return archive(layer, "    return y");
    }

    @Test
    void unitsAndLayers() throws IOException {
        refused(
                visualize("--layer", "layer4", "--units", "127-130"),
                "--units",
                "layer4 has 128 units",
                "no channel 128");
        refused(visualize("--layer", "layer4", "--units", "seven"), "'seven'", "channels counted from 0");
        refused(visualize("--layer", "layer4", "--units", "detectors"), "--units detectors", "--run");
        refused(visualize("--layer", "layr4"), "layr4", "did you mean", "layer4");
        refused(visualize("--layer", "nothing*"), "nothing*");
        refused(visualize("--model", "nope.pt", "--layer", "a"), "nope.pt", "no such file");
        refused(visualize("--model", archive("    return x")), "no layer given", "--layer NAME");
    }

    @Test
    void classes() throws IOException {
        refused(visualize("--classes", "bedrom-s"), "--classes bedrom-s", "did you mean bedroom-s");
        refused(visualize("--classes", "20"), "--classes 20", "20 classes, 0 to 19");
        refused(visualize("--classes", "-1"), "--classes");
        refused(visualize("--objective", "probability"), "--classes", "by name");
        refused(visualize("--classes", "1", "--layer", "layer4"), "--layer");
        Path nameless = Files.copy(MODEL, folder.resolve("nameless.pt"));
        refused(
                visualize("--model", nameless, "--classes", "bedroom-s"),
                "names of the network's 20 classes are not known",
                "JSON");
    }

    @Test
    void layersWithoutGradient() throws IOException {
        Path argmax = archive("    return torch.to(torch.argmax(x, 1, True), 6)");
        refused(visualize("--model", argmax, "--layer", "a"), "layer a", "no gradient reaches the image", "argmax");
        assertFalse(Files.exists(out().resolve("a")));
        Cli other = visualize("--layer", "layer4", "--units", "1", "--seed", "5");
        assertEquals(0, other.code(), "the folder is free for other settings: " + other);
    }

    /** What is taken off has a gradient for dead units too, and must not pass for theirs. */
    @Test
    void deadUnitsAreWokenBesideOtherTerms() throws IOException {
        Path dead = archive("    return torch.relu(torch.sub(x, 4.))");
        for (List<String> term : List.of(List.of("--total-variation", "0.1"), List.of("--diverse", "2"))) {
            Path images = folder.resolve(term.get(0));
            List<Object> options = new ArrayList<>(List.of("--model", dead, "--layer", "a", "--out", images));
            options.addAll(term);
            Cli cli = visualize(options.toArray());
            assertEquals(0, cli.code(), cli.toString());
            List<String> rows = Files.readAllLines(images.resolve("a/visualizations.csv"));
            rows.stream().skip(1).forEach(row -> assertTrue(row.contains("2 of 2 steps"), row));
        }
    }

    @Test
    void optionsWithoutAnEffect() throws IOException {
        refused(visualize("--layer", "layer4", "--probe-images", "9"), "--probe-images 9", "--probe DIR");
        refused(visualize("--layer", "layer4", "--decay", "2", "--basis", "pixels"), "--decay", "--basis pixels");
        refused(visualize("--layer", "layer4", "--decay", "2", "--basis", "maco"), "--decay", "--basis maco");
        refused(visualize("--layer", "layer4", "--batch", "2", "--diverse", "3"), "--batch 2", "--diverse");
        refused(visualize("--classes", "1", "--axes", "layer4=nuyx"), "--axes", "logit");
        Path two = archive("    return torch.conv2d(x, torch.ones([4, 2, 3, 3]), None, [1, 1], [0, 0], [1, 1], 1)");
        refused(visualize("--model", two, "--layer", "a", "--from", firstImage(), "--probe-images", "9"), "--probe");
    }

    @Test
    void imagesWithoutARunFile() throws IOException {
        assertEquals(0, visualize("--layer", "layer4", "--units", "1").code());
        Files.delete(out().resolve("run.json"));
        refused(visualize("--layer", "layer4", "--units", "1", "--seed", "7"), "without a run.json", "--overwrite");
        Cli again = visualize("--layer", "layer4", "--units", "1", "--seed", "7", "--overwrite");
        assertEquals(0, again.code(), again.toString());
    }

    @Test
    void leftoversOfAKilledRunAreDeleted() throws IOException {
        Path layer = Files.createDirectories(out().resolve("layer4"));
        Path left = Files.createFile(layer.resolve(".sheet.png-00a7b2c4-1111-4222-8333-0123456789ab.tmp"));
        Path mine = Files.createFile(layer.resolve(".mine-1.tmp"));
        assertEquals(0, visualize("--layer", "layer4", "--units", "1").code());
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(mine));
    }

    /** Rounding has a gradient, which is 0: every unit is dead, and is told so. */
    @Test
    void roundedLayersAreDead() throws IOException {
        Cli rounded = visualize("--model", archive("    return torch.round(x)"), "--layer", "a");
        assertEquals(0, rounded.code(), rounded.toString());
        List<String> rows = Files.readAllLines(out().resolve("a/visualizations.csv"));
        assertEquals(4, rows.size());
        rows.stream().skip(1).forEach(row -> assertTrue(row.contains("dead,\"no gradient reaches the image"), row));
    }

    @Test
    void aUnitWithoutNumbersIsNamedAndTheOthersGoOn() throws IOException {
        Path model = archive("""
                    n = torch.log(torch.sub(torch.slice(x, 1, 1, 2), 1000.))
                    return torch.cat([torch.slice(x, 1, 0, 1), n, torch.slice(x, 1, 2, 3)], 1)
                """.stripTrailing());
        for (int run = 0; run < 2; run++) {
            Cli cli = visualize("--model", model, "--layer", "a");
            told(1, cli, "1", "layer a, unit 2 (channel-0001)", "the objective is NaN at step 0");
            assertTrue(Files.exists(out().resolve("a/channel-0000.png")));
            assertTrue(Files.exists(out().resolve("a/channel-0002.png")));
            assertFalse(Files.exists(out().resolve("a/channel-0001.png")));
            List<String> rows = Files.readAllLines(out().resolve("a/visualizations.csv"));
            assertEquals(4, rows.size());
            assertTrue(rows.get(1).contains(",moved,"), rows.get(1));
            assertTrue(rows.get(2).contains("failed,the objective is NaN at step 0"), rows.get(2));
        }
    }

    /** The gradient of a root of a negative number is none, even times 0: it reaches the images of all units. */
    @Test
    void gradientsWithoutNumbersAreTold() throws IOException {
        Path model = archive("""
                    n = torch.sqrt(torch.sub(torch.slice(x, 1, 1, 2), 1000.))
                    return torch.cat([torch.slice(x, 1, 0, 1), n], 1)
                """.stripTrailing());
        told(
                1,
                visualize("--model", model, "--layer", "a"),
                "unit 1 (channel-0000): the ",
                "unit 2 (channel-0001): the objective is NaN");
        assertFalse(Files.exists(out().resolve("a/channel-0000.png")));
    }

    @Test
    void wholeNumberInputs() throws IOException {
        Path model = archive("    return torch.to(torch.to(x, 4), 6)");
        told(
                2,
                visualize("--model", model, "--layer", "a"),
                "layer a",
                "no gradient reaches the image",
                "whole numbers");
        Path bits = archive("    return torch.bitwise_and(x, 1)");
        told(2, visualize("--model", bits, "--layer", "a"), "the network fails", "bitwise_and");
    }

    @Test
    void sizes() throws IOException {
        Path pooled = archive("    return torch.max_pool2d(x, [20, 20], [1, 1], [0, 0], [1, 1], False)");
        refused(visualize("--model", pooled, "--layer", "a", "--size", "8,8"), "--size 8x8", "--input-size H,W");
        Path fixed = archive("""
                    return torch.reshape(torch.matmul(torch.flatten(x, 1), torch.ones([3072, 2])), [-1, 2, 1, 1])
                """.stripTrailing());
        Cli resampled =
                visualize("--model", fixed, "--layer", "a", "--size", "12,20", "--out", folder.resolve("fixed"));
        assertEquals(0, resampled.code(), resampled.toString());
        assertTrue(resampled.err().contains("resampled to 32x32"), resampled.err());
        refused(visualize("--layer", "layer4", "--size", "0,4"), "--size");
        refused(visualize("--model", pooled, "--layer", "a", "--input-size", "1,1"), "--input-size 1x1");
    }

    @Test
    void networksOfTwoChannels() throws IOException {
        Path two = archive("    return torch.conv2d(x, torch.ones([4, 2, 3, 3]), None, [1, 1], [0, 0], [1, 1], 1)");
        Cli cli = visualize("--model", two, "--layer", "a", "--from", firstImage());
        assertTrue(cli.code() == 2 || cli.code() == 1, cli.toString());
        told(cli.code(), cli);
        refused(visualize("--model", two, "--layer", "a", "--probe", "broden-sample"), "takes 2 channels");
    }

    private static String firstImage() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("broden-sample", "images"))) {
            return files.filter(file ->
                            file.toString().endsWith(".jpg") || file.toString().endsWith(".png"))
                    .map(Path::toString)
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void directions() throws IOException {
        refused(visualize("--layer", "layer4", "--direction", "nope.npy"), "nope.npy", "no such file");
        Path vector = folder.resolve("v.npy");
        NpyArray.write(vector, new float[127], 127);
        refused(visualize("--layer", "layer4", "--direction", vector), "v.npy", "[127]", "[128]");
        NpyArray.write(vector, new float[256], 1, 2, 128);
        refused(visualize("--layer", "layer4", "--direction", vector), "v.npy", "[1, 2, 128]");
        float[] values = new float[256];
        values[129] = Float.NaN;
        NpyArray.write(vector, values, 2, 128);
        refused(visualize("--layer", "layer4", "--direction", vector), "v.npy", "row 1, column 1 is NaN");
        Path text = Files.writeString(folder.resolve("text.npy"), "no array");
        refused(visualize("--layer", "layer4", "--direction", text), "text.npy");
        refused(visualize("--layer", "layer4", "--objective", "direction"), "--direction V.npy", "--random-directions");
        refused(visualize("--layer", "layer4", "--random-directions", "0"), "--random-directions 0");
    }

    @Test
    void imagesToStartAt() throws IOException {
        refused(visualize("--layer", "layer4", "--from", "nope.jpg"), "nope.jpg", "no such file");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        refused(visualize("--layer", "layer4", "--from", empty), "empty.png");
        refused(visualize("--layer", "layer4", "--within", "8/255"), "--within", "--from");
        refused(visualize("--layer", "layer4", "--basis", "maco"), "--basis maco", "--probe");
    }

    @Test
    void placesOfNeurons() throws IOException {
        Cli far = visualize("--layer", "layer4", "--objective", "neuron", "--place", "0,99", "--units", "0");
        refused(far, "--place 0,99", "2x2");
    }

    @Test
    void foldersThatAreNoVisualization() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        refused(visualize("--layer", "layer4", "--out", file), "--out " + file, "is a file");
        assertEquals("mine", Files.readString(file));
        Path other = Files.createDirectories(folder.resolve("dissection"));
        Files.writeString(other.resolve("run.json"), "{\"schemaVersion\": 1}");
        for (String more : List.of("--json", "--overwrite")) {
            refused(visualize("--layer", "layer4", "--out", other, more), "another command");
            assertEquals("{\"schemaVersion\": 1}", Files.readString(other.resolve("run.json")));
        }
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        Files.writeString(damaged.resolve("run.json"), "{\"kind\": \"visu");
        told(2, visualize("--layer", "layer4", "--units", "1", "--out", damaged), "run.json", "damaged", "--overwrite");
        assertEquals(
                0,
                visualize("--layer", "layer4", "--units", "1", "--out", damaged, "--overwrite")
                        .code());
    }

    @Test
    void damagedTables() throws IOException {
        assertEquals(0, visualize("--layer", "layer4", "--units", "1").code());
        Path table = out().resolve("layer4/visualizations.csv");
        String text = Files.readString(table);
        Files.writeString(table, text.replace("positive", "upward"));
        told(2, visualize("--layer", "layer4", "--units", "1"), "visualizations.csv", "upward", "--overwrite");
        Files.writeString(out().resolve("layer4/curves.npy"), "no curves");
        Files.writeString(table, text);
        told(2, visualize("--layer", "layer4", "--units", "1"), "curves.npy", "--overwrite");
        Cli again = visualize("--layer", "layer4", "--units", "1", "--overwrite");
        assertEquals(0, again.code(), again.toString());
        assertEquals(text, Files.readString(table));
    }

    @Test
    void sizesOfARealNetwork() throws IOException {
        Path model = SharedData.require("models/squeezenet1_0-imagenet.traced.pt");
        refused(visualize("--model", model, "--layer", "features.12", "--size", "8,8"), "--size 8x8", "--input-size");
        refused(
                visualize("--model", model, "--layer", "features.12", "--units", "600", "--size", "64,64"),
                "512 units",
                "no channel 600");
    }

    /** Needs the right to mount a small file system. */
    @Test
    void aFullDiskLeavesNothingHalfWritten() throws IOException, InterruptedException {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString()),
                "skipped: no right to mount a small disk");
        try {
            Path full = disk.resolve("out");
            Object[] options = {"--layer", "layer4", "--units", "0-7", "--size", "64,64", "--out", full};
            Files.write(disk.resolve("more"), new byte[(int) disk.toFile().getUsableSpace() - 40960]);
            told(1, visualize(options), "disk is full");
            Files.delete(disk.resolve("more"));
            Cli again = visualize(options);
            assertEquals(0, again.code(), again.toString());
            Path roomy = folder.resolve("roomy");
            options[options.length - 1] = roomy;
            assertEquals(0, visualize(options).code());
            for (String name : List.of("visualizations.csv", "curves.npy", "channel-0007.png", "channel-0000.png")) {
                assertEquals(
                        new String(
                                Files.readAllBytes(roomy.resolve("layer4").resolve(name)), StandardCharsets.ISO_8859_1),
                        new String(
                                Files.readAllBytes(full.resolve("layer4").resolve(name)), StandardCharsets.ISO_8859_1),
                        name);
            }
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
