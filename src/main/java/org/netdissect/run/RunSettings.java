package org.netdissect.run;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.align.ImageParts;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSet;
import org.netdissect.image.PlaneEncoding;

/**
 * All settings that the tables of a run depend on, with no default left open. The stages run with this record, and it
 * is {@code settings} in run.json.
 *
 * @param layers dotted names, in order
 * @param selection images and categories in use
 * @param planes how label planes are read
 * @param sweep top fractions and IoU thresholds, those of the tables first
 * @param thresholds SHA-256 of the file of given thresholds, or null
 * @param tail tails of each layer
 * @param method choices in which the known programs differ
 * @param rotation bases in which layers are dissected
 * @param baseline settings of the permutation baseline, or null
 * @param labels SHA-256 of the probe set's tables
 * @param forward how images go through the network
 */
public record RunSettings(
        List<String> layers,
        ImageSelection selection,
        PlaneEncoding planes,
        Sweep sweep,
        @Nullable String thresholds,
        TailChoice tail,
        MethodSettings method,
        RotationSettings rotation,
        @Nullable BaselineSettings baseline,
        String labels,
        ForwardSettings forward) {
    private static final String LAYERS = "layers";
    private static final String SPLIT = "split";
    private static final String CATEGORIES = "categories";
    private static final String LABEL_PLANES = "label-planes";
    private static final String THRESHOLDS = "thresholds";
    private static final String TAIL = "tail";
    private static final String BASELINE = "baseline";
    private static final String PERMUTATIONS = "permutations";
    private static final String LABELS = "labels";
    private static final String ACTIVATIONS = "activations.";

    /** Copies the list. */
    public RunSettings {
        layers = List.copyOf(layers);
    }

    /**
     * Values by name, for run.json. Defaults of newer settings are left out, so that older runs still compare as equal.
     */
    Map<String, Object> recorded() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(LAYERS, layers);
        json.put(SPLIT, selection.splits());
        json.put(CATEGORIES, selection.categories());
        if (planes != PlaneEncoding.BRODEN) {
            json.put(LABEL_PLANES, planes.toString());
        }
        json.put(Sweep.TOP_FRACTION, topFraction().toPlainString());
        if (thresholds != null) {
            json.put(THRESHOLDS, thresholds);
        }
        json.put(Sweep.IOU, iou());
        if (tail != TailChoice.UPPER) {
            json.put(TAIL, tail.toString());
        }
        if (sweep.hasMore()) {
            json.put(Sweep.NAME, sweep.recorded());
        }
        json.putAll(method.recorded());
        json.putAll(rotation.recorded());
        if (baseline != null) {
            json.put(BASELINE, baseline.method().toString());
            json.put(PERMUTATIONS, baseline.permutations());
            json.put(RotationSettings.SEED, baseline.seed());
        }
        json.put(LABELS, labels);
        forward.identity().fields().forEach((name, value) -> json.put(ACTIVATIONS + name, value));
        return json;
    }

    /**
     * Reads what {@link #recorded} wrote.
     *
     * @param limit greatest number of images, which run.json has among the inputs
     * @throws InputException if a field is missing or invalid
     */
    static RunSettings read(JsonFields fields, OptionalInt limit) {
        return new RunSettings(
                fields.texts(LAYERS),
                new ImageSelection(fields.texts(SPLIT), fields.texts(CATEGORIES), limit),
                fields.choice(LABEL_PLANES, PlaneEncoding.BRODEN),
                Sweep.read(fields),
                fields.has(THRESHOLDS) ? fields.text(THRESHOLDS) : null,
                fields.choice(TAIL, TailChoice.UPPER),
                MethodSettings.read(fields),
                RotationSettings.read(fields),
                readBaseline(fields),
                fields.text(LABELS),
                readForward(fields));
    }

    private static @Nullable BaselineSettings readBaseline(JsonFields fields) {
        if (!fields.has(BASELINE)) {
            return null;
        }
        BaselineMethod method = fields.choice(BASELINE, BaselineMethod.QUICK);
        int permutations = fields.integer(PERMUTATIONS);
        long seed = fields.wholeNumber(RotationSettings.SEED);
        return fields.made(PERMUTATIONS, () -> new BaselineSettings(method, permutations, seed));
    }

    private static ForwardSettings readForward(JsonFields fields) {
        Map<String, String> forward = new TreeMap<>();
        fields.texts().forEach((name, value) -> {
            if (name.startsWith(ACTIVATIONS)) {
                forward.put(name.substring(ACTIVATIONS.length()), value);
            }
        });
        try {
            return ForwardSettings.of(forward);
        } catch (InputException e) {
            throw fields.refused("settings." + ACTIVATIONS + "* do not say how images went through the network ("
                    + e.getMessage() + ")");
        }
    }

    /** q of the run's tables. */
    public BigDecimal topFraction() {
        return sweep.topFractions().get(0);
    }

    /** The IoU that a detector's score exceeds. */
    public double iou() {
        return sweep.ious().get(0);
    }

    /** Seeds of all random numbers. */
    List<Long> seeds() {
        Set<Long> seeds = new LinkedHashSet<>(rotation.seeds());
        if (baseline != null) {
            seeds.add(baseline.seed());
        }
        return List.copyOf(seeds);
    }

    /** The splits to be scored separately: those that were named, if there are several. */
    public ImageParts splits(ProbeSet probe) {
        List<String> named = selection.splits().stream().distinct().toList();
        return named.size() > 1 ? ImageParts.of(probe.splits(), named) : ImageParts.WHOLE;
    }

    /** All quantiles of a layer that a run uses: its thresholds, and for a lower tail the least activations. */
    public List<Quantile> quantiles() {
        List<Quantile> quantiles = new ArrayList<>();
        tail.tails().forEach(each -> quantiles.addAll(quantiles(each)));
        if (tail.tails().contains(Tail.LOWER)) {
            quantiles.add(Quantile.LEAST);
        }
        return quantiles.stream().distinct().toList();
    }

    /** The quantile of each top fraction in a tail, that of the tables first. */
    public List<Quantile> quantiles(Tail each) {
        return sweep.topFractions().stream()
                .map(fraction -> new Quantile(each, method.quantile().above(fraction)))
                .toList();
    }

    /** The quantiles that given thresholds do not replace. */
    public List<Quantile> quantilesNeeded() {
        return thresholds == null
                ? quantiles()
                : quantiles().stream().filter(Quantile.LEAST::equals).toList();
    }

    /** Whether candidates suffice for masks: upper tail, computed thresholds, the network's basis. */
    public boolean alignsActiveMaps() {
        return tail == TailChoice.UPPER
                && thresholds == null
                && rotation.turned().isEmpty();
    }
}
