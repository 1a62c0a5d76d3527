package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.image.PngEncoder;
import org.netdissect.image.Rasters;
import org.netdissect.torchscript.TinyArchive;

/** {@code visualize} with a generator, and near a given image. */
class VisualizePriorTest {
    private static final String NETWORK = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              units : __torch__.Units
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return torch.mul(torch.mean((self.units).forward(x, ), [2, 3]), 20)
            class Units(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Units, x: Tensor) -> Tensor:
                return torch.mul(x, torch.roll(x, [1], [3]))
            """;
    private static final String GENERATOR = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              part : __torch__.Part
              def forward(self: __torch__.Net, z: Tensor) -> Tensor:
                return torch.tanh((self.part).forward(torch.view(z, [-1, %s, 7, 9]), ))
            class Part(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Part, z: Tensor) -> Tensor:
                return torch.mul(z, %s)
            """;

    @TempDir
    private Path folder;

    private Path model;
    private Path photo;

    @BeforeEach
    void write() throws Exception {
        model = new TinyArchive().code(NETWORK).runnable("units", "Units").writeTo(folder);
        byte[] rgb = new byte[6 * 5 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i % 3 == 0 ? 140 : 130);
        }
        photo = Files.write(folder.resolve("photo.png"), PngEncoder.encode(rgb, new GridSize(6, 5)));
    }

    private Path generator(int channels, double factor) throws Exception {
        return new TinyArchive()
                .code(GENERATOR.formatted(channels, factor))
                .runnable("part", "Part")
                .writeTo(Files.createTempDirectory(folder, "g"));
    }

    private Cli visualize(Path out, Object... options) {
        List<Object> args = new ArrayList<>(List.of(
                "visualize",
                "--model",
                model,
                "--out",
                out,
                "--steps",
                18,
                "--pixel-scale",
                255,
                "--mean",
                "0,0,0",
                "--std",
                "1,1,1",
                "--channels",
                "RGB"));
        args.addAll(List.of(options));
        return Cli.run(args.toArray());
    }

    private Cli generated(Path out, Path generator, Object... options) {
        List<Object> all = new ArrayList<>(List.of("--layer", "units", "--generator", generator));
        all.addAll(List.of(options));
        return visualize(out, all.toArray());
    }

    @Test
    void makesImagesOfAGenerator() throws Exception {
        Path generator = generator(3, 2);
        Path out = folder.resolve("out");
        Cli first = generated(out, generator, "--latent-size", 189, "--tail", "both", "--threads", 2);
        assertEquals(0, first.code(), first.toString());
        Path image = out.resolve("units/channel-0000.png");
        assertEquals(new GridSize(7, 9), Rasters.readSize(image));
        assertTrue(Files.readString(out.resolve("run.json")).contains("189 uniform numbers"));
        assertTrue(mean(image) > 140, "red is bright");
        assertTrue(mean(out.resolve("units/channel-0000-negative.png")) < 115, "red is dark");
        byte[] bytes = Files.readAllBytes(image);

        Cli again = generated(out, generator, "--latent-size", 189, "--tail", "both");
        assertTrue(again.err().contains("6 of 6 images are there already"), again.toString());
        Path other = folder.resolve("other");
        assertEquals(
                0,
                generated(other, generator, "--latent-size", 189, "--tail", "both")
                        .code());
        assertArrayEquals(bytes, Files.readAllBytes(other.resolve("units/channel-0000.png")));

        Cli changed = generated(out, generator(3, 3), "--latent-size", 189, "--tail", "both");
        assertEquals(2, changed.code());
        assertTrue(changed.errorLine().contains("generator"), changed.errorLine());
        Cli normal = generated(out, generator, "--latent-size", 189, "--tail", "both", "--latent", "normal");
        assertEquals(2, normal.code());
        assertTrue(normal.errorLine().contains("latent"), normal.errorLine());
    }

    /** Mean of red. */
    private static double mean(Path png) throws Exception {
        byte[] rgb = Rasters.readRgb(png, null);
        double sum = 0;
        for (int i = 0; i < rgb.length; i += 3) {
            sum += rgb[i] & 0xff;
        }
        return sum / (rgb.length / 3.0);
    }

    @Test
    void tellsTheClassesNearAnImage() throws Exception {
        Files.writeString(
                Path.of(model.toString().replaceAll("\\.pt$", ".json")),
                "{\"classes\": [\"warm\", \"fresh\", \"cold\"]}");
        Path out = folder.resolve("near");
        Cli near = visualize(
                out,
                "--classes",
                "1,2",
                "--objective",
                "probability",
                "--learning-rate",
                "0.5",
                "--from",
                photo,
                "--within",
                "20/255",
                "--basis",
                "pixels");
        assertEquals(0, near.code(), near.toString());
        assertTrue(near.out().contains("classes: class-0001: class before: 0 warm (0."), near.toString());
        assertTrue(near.out().contains(", after: 1 fresh (0."), near.toString());
        assertTrue(near.out().contains(", after: 2 cold (0."), near.toString());
        byte[] before = Rasters.readRgb(photo, null);
        byte[] after = Rasters.readRgb(out.resolve("classes/class-0001.png"), null);
        for (int i = 0; i < before.length; i++) {
            assertTrue(Math.abs((before[i] & 0xff) - (after[i] & 0xff)) <= 20, "sample " + i);
        }
        String table = Files.readString(out.resolve("classes/visualizations.csv"));
        assertTrue(table.contains("class before: 0 warm (0."), table);
        Cli dream = visualize(folder.resolve("dream"), "--layer", "units", "--objective", "layer", "--from", photo);
        assertTrue(dream.out().contains("units: layer: class before: 0 warm (0."), dream.toString());
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        Path generator = generator(3, 1);
        Path out = folder.resolve("wrong");
        String image = photo.toString();
        refused(generated(out, generator, "--size", "32,32"), "leave --size and --decay out");
        refused(generated(out, generator, "--decay", "2"), "leave --size and --decay out");
        refused(generated(out, generator, "--from", image), "leave --from and --basis out");
        refused(generated(out, generator, "--latent-size", 0), "--latent-size 0: expected at least 1");
        refused(generated(out, generator), "give --latent-size N");
        refused(generated(out, generator(1, 1), "--latent-size", 63), "its images have 1 channels");
        refused(generated(out, photo), "--generator " + photo);
        refused(generated(out, folder.resolve("none.pt")), "none.pt");
        refused(visualize(out, "--layer", "units", "--latent", "normal"), "without --generator G.pt");
        refused(visualize(out, "--layer", "units", "--within", "0.1"), "--within without --from");
        refused(visualize(out, "--layer", "units", "--from", image, "--within", "0.003"), "expected at least 1/255");
        refused(
                visualize(out, "--layer", "units", "--from", model),
                model.getFileName().toString());
        refused(
                visualize(out, "--layer", "units", "--from", image, "--within", "0.1", "--basis", "maco"),
                "leave --within out");
        assertFalse(Files.exists(out.resolve("units")), "nothing is half-written");
    }

    private static void refused(Cli result, String message) {
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.errorLine().contains(message), result.toString());
        assertEquals(1, result.errorLine().lines().count(), result.toString());
    }
}
