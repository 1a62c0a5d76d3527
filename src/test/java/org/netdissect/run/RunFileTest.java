package org.netdissect.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Precision;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ReadableImages;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;

class RunFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Sweep ONE = new Sweep(List.of(new BigDecimal("0.005")), List.of(0.04));
    private static final MethodSettings METHOD = Profile.PAPER.settings();
    private static final ForwardSettings FORWARD = new ForwardSettings(
            "f00d",
            true,
            null,
            "beef",
            750,
            Preprocessing.IMAGENET,
            new GridSize(224, 112),
            4,
            MemoryFormat.CHANNELS_LAST,
            "pytorch",
            Precision.FLOAT16,
            Map.of("a b=", AxesSpec.parse("nyxu")));
    private static final RunSettings USUAL = settings(
            ImageSelection.ALL, PlaneEncoding.BRODEN, ONE, null, TailChoice.UPPER, METHOD, RotationSettings.NONE, null);

    @TempDir
    Path folder;

    private static RunSettings settings(
            ImageSelection selection,
            PlaneEncoding planes,
            Sweep sweep,
            @Nullable String thresholds,
            TailChoice tail,
            MethodSettings method,
            RotationSettings rotation,
            @Nullable BaselineSettings baseline) {
        return new RunSettings(
                List.of("layer4", "layer5"),
                selection,
                planes,
                sweep,
                thresholds,
                tail,
                method,
                rotation,
                baseline,
                "1abe1",
                FORWARD);
    }

    private static RunRecord record(RunSettings settings) {
        return new RunRecord(
                List.of("dissect", "--out", "o"),
                "2026-01-02T03:04:05Z",
                Map.of(Versions.PROCESSOR, "some machine"),
                Path.of("nets/net.pt"),
                Path.of("probe"),
                settings,
                List.of(new ReadableImages.Skipped("a.png", 7, "broken")),
                List.of(
                        new RunRecord.Layer(
                                "layer4", "layer4", 128, List.of(14, 7), "/c/k/layer4/activations.npy", true),
                        new RunRecord.Layer("layer5", "layer5", 160, List.of(7, 7), null, false)),
                List.of(16),
                Map.of(RunFile.TOP_IMAGES, 12, RunFile.LEAST_IMAGES, 3),
                Map.of("prepare", 0.5));
    }

    private RunSettings written(RunSettings settings) throws IOException {
        RunFile.write(folder, record(settings));
        return RunFile.read(folder).settings();
    }

    /** One record for each setting that differs from the default. */
    @Test
    void everySettingIsReadAsItWasWritten() throws IOException {
        List<RunSettings> all = new ArrayList<>();
        all.add(USUAL);
        ImageSelection part = new ImageSelection(List.of("train", "val"), List.of("color"), OptionalInt.of(20));
        all.add(settings(part, PlaneEncoding.BRODEN, ONE, null, TailChoice.UPPER, METHOD, RotationSettings.NONE, null));
        all.add(settings(
                ImageSelection.ALL,
                PlaneEncoding.INDEX,
                ONE,
                "d1ce",
                TailChoice.LOWER,
                METHOD,
                RotationSettings.NONE,
                null));
        Sweep sweep = new Sweep(List.of(new BigDecimal("0.01"), new BigDecimal("1E-3")), List.of(0.04, 0.1, 0.0));
        for (Profile profile : Profile.values()) {
            for (BaselineMethod method : BaselineMethod.values()) {
                all.add(settings(
                        part,
                        PlaneEncoding.INDEX,
                        sweep,
                        null,
                        TailChoice.BOTH,
                        profile.settings(),
                        new RotationSettings(new BigDecimal("0.6"), List.of(), 1, 3),
                        new BaselineSettings(method, 50, 3)));
            }
        }
        RotationSettings turns = new RotationSettings(null, List.of(BigDecimal.ZERO, BigDecimal.ONE), 5, 1L << 40);
        all.add(settings(ImageSelection.ALL, PlaneEncoding.BRODEN, sweep, null, TailChoice.UPPER, METHOD, turns, null));
        for (RunSettings settings : all) {
            assertEquals(settings, written(settings));
            assertEquals("", RunFile.read(folder).difference(settings));
        }
    }

    @Test
    void theRestIsReadAsItWasWritten() throws IOException {
        RunFile.write(folder, record(USUAL));
        RunFile run = RunFile.read(folder);
        assertEquals(0.04, run.iou());
        assertEquals(Path.of("").toAbsolutePath().resolve("nets/net.pt"), run.model());
        assertEquals(Path.of("").toAbsolutePath().resolve("probe"), run.probe());
        assertEquals(Set.of(7), run.skippedRows());
        assertEquals("some machine", run.processor().orElseThrow());
        assertEquals(
                List.of(
                        new RunFile.Layer("layer4", 128, "/c/k/layer4/activations.npy"),
                        new RunFile.Layer("layer5", 160, null)),
                run.layers());
        assertEquals("0.04", run.texts().get("iou"));
        assertEquals("probe", run.texts().get("inputs.probe"));
        assertEquals("1", run.texts().get("skipped.images"));
    }

    @Test
    void namesStandInTheOrderOfBefore() throws IOException {
        BaselineSettings baseline = new BaselineSettings(BaselineMethod.QUICK, 400, 0);
        RunFile.write(
                folder,
                record(settings(
                        new ImageSelection(List.of(), List.of(), OptionalInt.of(20)),
                        PlaneEncoding.INDEX,
                        new Sweep(List.of(new BigDecimal("0.005")), List.of(0.04, 0.1)),
                        "d1ce",
                        TailChoice.LOWER,
                        METHOD,
                        new RotationSettings(BigDecimal.ONE, List.of(), 1, 0),
                        baseline)));
        ObjectNode root = (ObjectNode) JSON.readTree(folder.resolve("run.json").toFile());
        assertEquals(
                "schemaVersion commandLine started versions inputs settings seeds skipped layers batches report timings",
                names(root));
        assertEquals("model probe folder limit", names(root.get("inputs")));
        assertEquals(
                "layers split categories label-planes top-fraction thresholds iou tail sweep interpolation comparison"
                        + " activation-images pixel-labels label-zero quantile detectors rotate seed baseline"
                        + " permutations labels activations.axes activations.batch activations.channels"
                        + " activations.engine activations.format activations.image-count activations.images"
                        + " activations.input-size activations.mean activations.memory-format activations.mode"
                        + " activations.model activations.pixel-scale activations.precision activations.std",
                names(root.get("settings")));
        assertEquals("name folder units map activations wasCached", names(root.at("/layers/0")));
        assertEquals("[0]", root.get("seeds").toString());
    }

    private static String names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return String.join(" ", names);
    }

    /** Changes run.json and reads the result. */
    private RunFile changed(Consumer<ObjectNode> change) throws IOException {
        RunFile.write(folder, record(USUAL));
        Path file = folder.resolve("run.json");
        ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(root);
        Files.writeString(file, root.toString());
        return RunFile.read(folder);
    }

    private static ObjectNode settings(ObjectNode root) {
        return (ObjectNode) root.get("settings");
    }

    /** run.json of the first version has neither the rules of masks nor the counting rule. */
    @Test
    void runsOfBeforeHaveTheDefaultsOfTheirTime() throws IOException {
        RunFile run = changed(root -> {
            settings(root)
                    .remove(List.of(
                            "interpolation",
                            "comparison",
                            "activation-images",
                            "pixel-labels",
                            "label-zero",
                            "quantile",
                            "detectors"));
            root.remove(List.of("versions", "skipped"));
            ((ObjectNode) root.get("inputs")).remove("folder");
        });
        assertEquals(
                new MethodSettings(
                        Interpolation.HALF_PIXEL, AlignmentRules.PAPER, QuantileRule.EXACT, CountingRule.TOP_LABEL),
                run.settings().method());
        assertTrue(run.processor().isEmpty());
        assertEquals(Set.of(), run.skippedRows());
        assertEquals(Path.of("probe"), run.probe());
    }

    @Test
    void aFieldOfTheWrongKindIsNamed() throws IOException {
        refused(settings -> settings.remove("top-fraction"), "settings.top-fraction is missing, expected a text");
        refused(settings -> settings.put("top-fraction", "few"), "settings.top-fraction is \"few\", which cannot be");
        refused(settings -> settings.put("iou", "x"), "settings.iou is \"x\", expected a number");
        refused(settings -> settings.put("iou", 1.5), "settings.iou is 1.5, which cannot be");
        refused(settings -> settings.put("sweep", "all"), "settings.sweep is \"all\", expected top-fraction VALUES");
        refused(settings -> settings.put("tail", "front"), "settings.tail is \"front\", expected one of upper, lower");
        refused(settings -> settings.put("interpolation", 3), "settings.interpolation is 3, expected a text");
        refused(settings -> settings.put("rotate", "left").put("seed", 1), "settings.rotate is \"left\", which cannot");
        refused(settings -> settings.put("rotate", "0.5"), "settings.seed is missing, expected a whole number");
        refused(settings -> settings.put("baseline", "none"), "settings.baseline is \"none\", expected one of quick");
        refused(
                settings ->
                        settings.put("baseline", "quick").put("permutations", 0).put("seed", 1),
                "settings.permutations is 0, which cannot be");
        refused(settings -> settings.putArray("layers").add(3), "settings.layers is [3], expected texts");
        refused(settings -> settings.remove("labels"), "settings.labels is missing");
        refused(settings -> settings.remove("activations.batch"), "(no batch)");
        refused(settings -> settings.put("activations.batch", "all"), "(batch is 'all')");
    }

    private void refused(Consumer<ObjectNode> change, String part) throws IOException {
        RunFile run = changed(root -> change.accept(settings(root)));
        String message = Failures.message(InputException.class, run::settings);
        assertTrue(message.startsWith(folder.resolve("run.json") + ": settings."), message);
        assertTrue(message.endsWith("dissect again") && message.lines().count() == 1, message);
        contains(message, part);
    }

    @Test
    void inputsAndLayersThatLackSomething() throws IOException {
        RunFile noModel = changed(root -> ((ObjectNode) root.get("inputs")).remove("model"));
        assertEquals(USUAL, noModel.settings(), "the settings are good");
        contains(Failures.message(InputException.class, noModel::model), "inputs.model is missing");
        RunFile limit = changed(root -> ((ObjectNode) root.get("inputs")).put("limit", "all"));
        contains(Failures.message(InputException.class, limit::settings), "inputs.limit is \"all\"");
        RunFile units = changed(root -> ((ObjectNode) root.at("/layers/1")).put("units", "many"));
        contains(Failures.message(InputException.class, units::layers), "layers[1].units is \"many\"");
        RunFile row = changed(root -> ((ObjectNode) root.at("/skipped/0")).remove("row"));
        contains(Failures.message(InputException.class, row::skippedRows), "skipped[0].row is missing");
        RunFile none = changed(root -> root.remove("layers"));
        contains(Failures.message(InputException.class, none::layers), "names no layer");
    }

    @Test
    void foldersAndFilesThatAreNoRun() throws IOException {
        Path file = folder.resolve("run.json");
        contains(message(folder.resolve("nowhere")), "nowhere: no such file or folder, expected a run directory");
        contains(message(folder), "has no run.json; expected a run directory");
        RunFile.writePartial(folder, List.of("layer4", "layer5"));
        contains(message(folder), "holds an unfinished run");
        assertEquals(List.of("layer4", "layer5"), RunFile.layers(folder.resolve(RunFile.PARTIAL)));
        RunFile.write(folder, record(USUAL));
        contains(message(file), "run.json: is a file, expected a run directory");
        assertEquals(List.of("layer4", "layer5"), RunFile.layers(file));
        String sound = Files.readString(file);
        for (int length : new int[] {0, 1, sound.length() / 2, sound.length() - 3}) {
            Files.writeString(file, sound.substring(0, length));
            contains(message(folder), "run.json: is not JSON");
            assertEquals(List.of(), RunFile.layers(file));
        }
        Files.writeString(file, "{\"schemaVersion\": 2}");
        contains(message(folder), "run.json: schemaVersion is 2, this program reads 1");
        Files.writeString(file, "[]");
        contains(message(folder), "run.json: schemaVersion is missing");
        Files.delete(file);
        Files.createDirectory(file);
        contains(message(folder), "run.json: expected a file");
    }

    private static String message(Path folder) {
        return Failures.message(InputException.class, () -> RunFile.read(folder));
    }

    private static void contains(String message, String part) {
        assertTrue(message.contains(part), message);
    }
}
