package org.netdissect.dissect;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.GridSize;
import org.netdissect.base.StageListener;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.TinyProbe;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;
import org.netdissect.run.DissectionSettings;
import org.netdissect.run.EngineSettings;
import org.netdissect.run.InputSettings;
import org.netdissect.run.MethodSettings;
import org.netdissect.run.Profile;
import org.netdissect.run.QuantileRule;
import org.netdissect.run.RotationSettings;
import org.netdissect.run.StorageSettings;
import org.netdissect.run.Sweep;
import org.netdissect.run.TailChoice;
import org.netdissect.torchscript.TinyArchive;

/** Whole dissections of a tiny probe set by a {@link FakeNetwork}, which take milliseconds. Fields are the options. */
final class FakeRun {
    static final int IMAGES = 40;
    static final String ALIGNMENT = "alignment";

    /** Memory for thresholds and for candidates of masks. */
    static final long ENOUGH = 16 << 20;

    /** Memory for thresholds, but less than the smallest block for candidates of masks. */
    static final long LITTLE = 100_000;

    private static final GridSize SIZE = new GridSize(8, 8);
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              conv4 : __torch__.Conv
              conv5 : __torch__.Conv
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return (self.conv5).forward((self.conv4).forward(x, ), )
            class Conv(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Conv, x: Tensor) -> Tensor:
                return torch.relu(x)
            """;

    final FakeNetwork network;
    final Path model;
    Path probe;
    List<String> layers = List.of("conv4", "conv5");
    List<String> splits = List.of();
    List<String> categories = List.of();
    OptionalInt limit = OptionalInt.empty();
    Path out;
    List<BigDecimal> topFractions = fractions("0.05");
    List<Double> ious = List.of(0.04);
    TailChoice tail = TailChoice.UPPER;
    MethodSettings method = new MethodSettings(
            Interpolation.HALF_PIXEL, AlignmentRules.PAPER, QuantileRule.EXACT, CountingRule.TOP_LABEL);

    @Nullable
    Path thresholds;

    @Nullable
    Path cache;

    Precision precision = Precision.FLOAT32;
    long memory = ENOUGH;

    @Nullable
    Integer topImages;

    int leastImages;

    RotationSettings rotation = RotationSettings.NONE;

    @Nullable
    BaselineSettings chance = BaselineSettings.of(BaselineMethod.QUICK, 1);

    /** Notes of the last run. */
    final List<String> notes = new ArrayList<>();

    /** Stages of the last run. */
    final List<String> stages = new ArrayList<>();

    /** Runs in {@code folder}, with a cache there, on the probe set and model that {@link #inputs} made. */
    FakeRun(Path inputs, Path folder, FakeNetwork network) {
        this.model = inputs.resolve("net.pt");
        this.probe = inputs.resolve("probe");
        this.cache = folder.resolve("cache");
        this.out = folder.resolve("out");
        this.network = network;
    }

    static List<BigDecimal> fractions(String... texts) {
        return Stream.of(texts).map(BigDecimal::new).toList();
    }

    /** Writes a probe set of {@link #IMAGES} images and a model of two layers. */
    static void inputs(Path folder) throws IOException {
        Files.move(new TinyArchive().code(CODE).runnable("conv4", "Conv").writeTo(folder), folder.resolve("net.pt"));
        TinyProbe probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .category("color")
                .label(1, "cat", "object", 3)
                .label(2, "dog", "object", 2)
                .label(3, "red-c", "color", 2)
                .label(4, "blue-c", "color", 1);
        for (int image = 0; image < IMAGES; image++) {
            probe.image("i" + image + ".png", image % 2 == 0 ? "train" : "val", SIZE, 0x10203 * image, SIZE);
            probe.plane("object", plane(image, 1)).plane("color", plane(3 * image + 1, 3));
        }
        probe.write();
    }

    /**
     * Plane with labels {@code label} and {@code label} + 1 side by side; their border and a gap without a label depend
     * on the seed.
     */
    private static String[] plane(int seed, int label) {
        String[] rows = new String[SIZE.height()];
        for (int y = 0; y < rows.length; y++) {
            StringBuilder row = new StringBuilder();
            for (int x = 0; x < SIZE.width(); x++) {
                int number = y == seed % rows.length ? 0 : x < 1 + seed % 6 ? label : label + 1;
                row.append(number).append(' ');
            }
            rows[y] = row.toString();
        }
        return rows;
    }

    /** Sets options as the command line spells them; {@code --layer} may be given several times. */
    FakeRun with(String options) {
        String[] words = options.isEmpty() ? new String[0] : options.split(" ");
        List<String> named = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("--no-report")) {
                topImages = null;
                continue;
            }
            String value = words[i + 1];
            switch (words[i++]) {
                case "--layer" -> named.add(value);
                case "--iou" ->
                    ious = Stream.of(value.split(",")).map(Double::valueOf).toList();
                case "--top-fraction" -> topFractions = fractions(value.split(","));
                case "--tail" -> tail = TailChoice.valueOf(value.toUpperCase(Locale.ROOT));
                case "--split" -> splits = List.of(value.split(","));
                case "--categories" -> categories = List.of(value.split(","));
                case "--top-images" -> topImages = Integer.parseInt(value);
                case "--least-images" -> leastImages = Integer.parseInt(value);
                case "--permutations" ->
                    chance = new BaselineSettings(BaselineMethod.PERMUTATION, Integer.parseInt(value), 1);
                case "--baseline" -> chance = null;
                case "--rotate" -> rotation = new RotationSettings(new BigDecimal(value), List.of(), 1, 1);
                case "--profile" ->
                    method = Profile.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'))
                            .settings();
                case "--detectors" ->
                    method = new MethodSettings(
                            method.interpolation(), method.rules(), method.quantile(), CountingRule.HTML);
                case "--interpolation" ->
                    method = new MethodSettings(
                            Interpolation.ALIGN_CORNERS, method.rules(), method.quantile(), method.detectors());
                case "--comparison" ->
                    method = new MethodSettings(
                            method.interpolation(),
                            new AlignmentRules(
                                    Comparison.AT_LEAST,
                                    method.rules().images(),
                                    method.rules().pixels(),
                                    method.rules().zero()),
                            method.quantile(),
                            method.detectors());
                default -> throw new IllegalArgumentException(words[i - 1]);
            }
        }
        layers = named.isEmpty() ? layers : named;
        return this;
    }

    private DissectionSettings settings() {
        return new DissectionSettings(
                new DissectionSettings.Source(
                        NetworkChoice.of(model),
                        layers,
                        probe,
                        PlaneEncoding.BRODEN,
                        new ImageSelection(splits, categories, limit),
                        false),
                new InputSettings(Preprocessing.IMAGENET, null, null, null, null, null, Map.of()),
                new EngineSettings(4, ComputeDevice.CPU, 2, MemoryFormat.CONTIGUOUS),
                new DissectionSettings.Scoring(new Sweep(topFractions, ious), tail, method, thresholds),
                rotation,
                chance,
                new StorageSettings(cache, precision, memory),
                new DissectionSettings.Output(out, true, topImages, leastImages));
    }

    /** Runs the dissection, and returns all files except run.json, by name. */
    Map<String, String> run() throws IOException {
        notes.clear();
        stages.clear();
        network.passed.clear();
        network.loaded.clear();
        new Dissection(settings(), List.of(), List.of(), listener(), network).run();
        return files();
    }

    StageListener listener() {
        return new StageListener() {
            @Override
            public Stage begin(String name, long from, long images) {
                stages.add(name);
                return new Silent();
            }

            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
    }

    private static final class Silent implements StageListener.Stage {
        @Override
        public void progress(long done, long total) {
            // shows no progress
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    /** Number of notes that contain {@code part}. */
    long notes(String part) {
        return notes.stream().filter(note -> note.contains(part)).count();
    }

    /** Files of the run directory except run.json, by name. */
    Map<String, String> files() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("run.json")) {
                    contents.put(out.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    /** Files of the cache with this name. */
    List<Path> cached(String name) throws IOException {
        if (cache == null || !Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    /** Files of alignments in the cache. */
    List<Path> alignments() throws IOException {
        return cached("alignment-[0-9a-f]{32}\\.bin");
    }

    /** Deletes these files, so that the next run reads activations again. */
    void forgetAlignments() throws IOException {
        for (Path file : alignments()) {
            Files.delete(file);
        }
    }

    static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 4;
        Files.write(file, bytes);
    }
}
