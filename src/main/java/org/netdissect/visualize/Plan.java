package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.StageListener;
import org.netdissect.base.Tail;
import org.netdissect.images.ImageSource;
import org.netdissect.network.Engines;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.network.TappedForward;
import org.netdissect.report.VisualizedLayer;
import org.netdissect.result.StoredTable;
import org.netdissect.result.Visualized;
import org.netdissect.run.SourceRun;
import org.netdissect.run.View;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/**
 * A visualisation's settings and layers, found by passes of the network over grey images before the first step.
 *
 * @param sizes of images and of the network's input
 * @param batch images in one call
 * @param ascent settings of the steps
 * @param prior generator that makes the images, or null
 * @param origin the image given with {@code --from}, {@code [1][channels][height][width]} from 0 to 1, or null
 */
record Plan(
        Subject subject,
        VisualizationSettings settings,
        InputFinder.Sizes sizes,
        int batch,
        AscentSettings ascent,
        @Nullable LearnedPrior prior,
        @Nullable FloatTensor origin,
        List<LayerPlan> layers) {
    /** Folder of a class's images. */
    private static final String CLASSES = "classes";

    /** Version of the method: it changes whenever the same settings give other images or numbers. */
    private static final int METHOD = 1;

    private static final int PAIR = 2;

    static Plan of(Subject subject, VisualizationSettings settings, Path scratch, StageListener listener)
            throws IOException {
        boolean ofClass = settings.goal().isOfClass();
        List<String> taps = ofClass ? List.of(TorchScriptArchive.OUTPUT) : subject.layers();
        List<Edit> edits = taps.stream().<Edit>map(Edit.Tap::new).toList();
        LearnedPrior prior = prior(subject, settings, scratch, listener);
        try (LoadedNetwork network = subject.load(edits, settings.engine().device(), scratch)) {
            int inputs = subject.input().order().length;
            GridSize wanted = prior == null ? size(settings) : prior.seenSize();
            InputFinder.Sizes sizes = new InputFinder(network::tryPass, inputs, listener::note)
                    .find(wanted, subject.usualSize(), settings.input().inputSize() != null);
            if (prior != null) {
                sizes = new InputFinder.Sizes(prior.size(), sizes.input());
            }
            LayerMaps maps = LayerMaps.of(subject.archive(), subject.axes(), sizes.input());
            int batch = batch(settings, network, maps, inputs, sizes.input(), listener);
            List<LayerPlan> layers = new ArrayList<>();
            for (String tap : taps) {
                MapArrangement arrangement =
                        MapArrangement.of(network, maps, tap, InputFinder.grey(1, inputs, sizes.input()));
                layers.add(layer(subject, settings, tap, arrangement));
            }
            AscentSettings ascent = new AscentSettings(
                    settings.picture().steps(),
                    settings.picture().rate(),
                    Transforms.parse(settings.picture().transforms(), sizes.image()),
                    settings.picture().variation(),
                    settings.goal().diverse() > 1 ? settings.goal().diversity() : 0,
                    subject.hasLeakyRectifiers(),
                    settings.engine().seed());
            Path from = settings.picture().from();
            FloatTensor origin = from == null
                    ? null
                    : Origin.read(from, sizes.image(), subject.input().channels());
            return new Plan(subject, settings, sizes, batch, ascent, prior, origin, layers);
        }
    }

    private static @Nullable LearnedPrior prior(
            Subject subject, VisualizationSettings settings, Path scratch, StageListener listener) throws IOException {
        VisualizationSettings.Prior given = settings.picture().prior();
        if (given == null) {
            return null;
        }
        LearnedPrior prior = LearnedPrior.find(given, settings.engine().device(), scratch, listener::note);
        if (prior.channels() != subject.input().channels()) {
            throw new InputException("--generator " + given.generator() + ": its images have " + prior.channels()
                    + " channels, and the network takes " + subject.input().channels());
        }
        return prior;
    }

    /** The size asked for, or that of the image to start at, or null. */
    private static @Nullable GridSize size(VisualizationSettings settings) throws IOException {
        Path from = settings.picture().from();
        if (settings.picture().size() != null || from == null) {
            return settings.picture().size();
        }
        return Origin.size(from);
    }

    /** Images in one call: the diverse ones of a unit, else as many as asked for, if the network takes several. */
    private static int batch(
            VisualizationSettings settings,
            LoadedNetwork network,
            LayerMaps maps,
            int channels,
            GridSize input,
            StageListener listener) {
        int diverse = settings.goal().diverse();
        int wanted = diverse > 1
                ? diverse
                : settings.engine().batch() > 0
                        ? settings.engine().batch()
                        : Engines.usualBatch(settings.engine().device());
        if (wanted == 1) {
            return 1;
        }
        boolean oneByOne;
        if (settings.goal().isOfClass()) {
            try {
                network.tryPass(InputFinder.grey(wanted, channels, input));
                oneByOne = false;
            } catch (RunException e) {
                oneByOne = true;
            }
        } else {
            oneByOne = new TappedForward(network, maps)
                    .runsOneByOne(InputFinder.grey(PAIR, channels, input), listener::note);
        }
        if (oneByOne && diverse > 1) {
            throw new InputException(
                    "--diverse " + diverse + ": the network takes one image at a time, so that the images "
                            + "of a unit cannot be compared as they grow; leave it out");
        }
        return oneByOne ? 1 : wanted;
    }

    private static LayerPlan layer(
            Subject subject, VisualizationSettings settings, String tap, MapArrangement arrangement)
            throws IOException {
        Targets targets = new Targets(settings.goal());
        SourceRun run = subject.run();
        List<Integer> byScore = new ArrayList<>();
        Map<Integer, VisualizedLayer.Concept> concepts = new LinkedHashMap<>();
        List<String> categories = List.of();
        int detectors = 0;
        StoredTable table = run == null || tap.equals(TorchScriptArchive.OUTPUT)
                ? null
                : run.tables(List.of(tap)).get(new View(tap, Tail.UPPER));
        if (run != null && table != null) {
            categories = table.categories();
            for (UnitScores unit : table.scores().units()) {
                boolean detector = unit.best().iou() > run.iouThreshold();
                byScore.add(unit.unit());
                detectors += detector ? 1 : 0;
                concepts.put(
                        unit.unit(),
                        new VisualizedLayer.Concept(
                                table.label(unit.best()),
                                table.category(unit),
                                unit.best().iou(),
                                detector));
            }
        }
        FloatTensor directions = null;
        List<Target> chosen = switch (settings.goal().objective()) {
            case CHANNEL, NEURON -> targets.channels(tap, arrangement.units(), byScore, detectors);
            case LOGIT, PROBABILITY -> targets.classes(arrangement.units(), subject.classes());
            case LAYER -> targets.numbered(1);
            case DIRECTION -> {
                directions = Directions.of(settings, tap, arrangement.units());
                yield targets.numbered(Math.toIntExact(directions.shape()[0]));
            }
        };
        VisualizationSettings.Goal goal = settings.goal();
        GridSize map = arrangement.map();
        if (goal.row() >= map.height() || goal.column() >= map.width()) {
            throw new InputException("--place " + goal.row() + "," + goal.column() + ": maps of layer " + tap + " are "
                    + map + " at this --size, rows 0 to " + (map.height() - 1) + ", columns 0 to " + (map.width() - 1));
        }
        boolean ofClass = tap.equals(TorchScriptArchive.OUTPUT);
        return new LayerPlan(tap, ofClass ? CLASSES : tap, arrangement, chosen, directions, concepts, categories);
    }

    /** The layer's network, loaded with a tap of it. */
    LayerNetwork network(LayerPlan layer, LoadedNetwork loaded) {
        return new LayerNetwork(
                loaded,
                layer.arrangement(),
                subject.input().constants(sizes.input()),
                settings.goal().objective(),
                layer.directions(),
                new int[] {settings.goal().row(), settings.goal().column()});
    }

    /** Images to compare with, or null. */
    @Nullable
    ProbeImages probeImages() {
        int channels = subject.input().channels();
        ImageSource images = subject.images();
        return images == null || !ProbeImages.have(channels)
                ? null
                : new ProbeImages(images, settings.source().probeImages(), sizes.image(), channels);
    }

    /** The space of the images; {@code amplitudes} are those of the phases' basis. */
    ImageSpace space(LayerNetwork network, float @Nullable [] amplitudes) {
        VisualizationSettings.Picture picture = settings.picture();
        int channels = subject.input().channels();
        ImageSpace space = new ImageSpace(picture.basis(), channels, sizes.image(), picture.decay(), amplitudes, null);
        if (origin == null) {
            return space;
        } else if (picture.within() != null) {
            return space.within(Origin.wholeLevels(picture.within()), origin.values());
        }
        return new ImageSpace(
                picture.basis(),
                channels,
                sizes.image(),
                picture.decay(),
                amplitudes,
                network.parameter(space, origin));
    }

    /** The settings that images and their numbers depend on, by name. */
    SortedMap<String, String> recorded() throws IOException {
        VisualizationSettings.Goal goal = settings.goal();
        VisualizationSettings.Picture picture = settings.picture();
        SortedMap<String, String> fields = new TreeMap<>();
        fields.put("method", Integer.toString(METHOD));
        fields.put("model", subject.digest());
        fields.put("objective", goal.objective().toString());
        if (goal.objective() == Visualized.Objective.NEURON) {
            fields.put("place", goal.row() + "," + goal.column());
        }
        if (goal.objective() == Visualized.Objective.DIRECTION) {
            fields.put(
                    "directions",
                    goal.directions() == null
                            // the share of moves under which one is first is among all of them
                            ? goal.randomDirections() + " random"
                            : Digests.ofFile(goal.directions()));
        }
        fields.put("diverse", Integer.toString(goal.diverse()));
        fields.put("diversity", Double.toString(ascent.diversity()));
        if (prior == null) {
            fields.put("basis", picture.basis().toString());
            fields.put("decay", Double.toString(picture.decay()));
        } else {
            fields.put("generator", prior.digest());
            fields.put("latent", prior.text());
        }
        fields.put("size", sizes.image().toString());
        fields.put("input-size", sizes.input().toString());
        fields.put("steps", Integer.toString(picture.steps()));
        fields.put("learning-rate", Double.toString(picture.rate()));
        fields.put("transforms", ascent.transforms().toString());
        fields.put("total-variation", Double.toString(picture.variation()));
        if (picture.from() != null) {
            fields.put("from", Digests.ofFile(picture.from()));
            fields.put(
                    "within", picture.within() == null ? "any" : Double.toString(Origin.wholeLevels(picture.within())));
        }
        fields.put("input", subject.input().text());
        fields.put("axes", subject.axes().toString());
        fields.put("probe", subject.imagesDigest());
        if (subject.images() != null) {
            fields.put("probe-images", Integer.toString(settings.source().probeImages()));
        }
        fields.put("seed", Long.toString(settings.engine().seed()));
        fields.put("batch", Integer.toString(batch));
        fields.put("engine", Engines.identity(settings.engine().device()));
        return fields;
    }
}
