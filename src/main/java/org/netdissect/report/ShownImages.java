package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.Mask;
import org.netdissect.align.TopImages;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.images.ImageSource;
import org.netdissect.labels.LabelMap;
import org.netdissect.labels.LabelReading;
import org.netdissect.labels.LabelSource;
import org.netdissect.result.LayerFindings;

/**
 * The images that a report shows. Each is read once for all units and layers; its file and the masks of the units'
 * concepts are made then.
 */
final class ShownImages {
    private final ImageSource images;
    private final LabelSource labels;
    private final Thumbnails thumbnails;
    /** numbers of the labels to find, by position of the image */
    private final TreeMap<Integer, Set<Integer>> wanted = new TreeMap<>();

    private final List<Integer> order;
    private final Map<Concept, Mask> concepts = new ConcurrentHashMap<>();
    private final Map<Integer, String> obstacles = new ConcurrentHashMap<>();

    /** A concept on an image. */
    private record Concept(int image, int label) {}

    ShownImages(ReportSource source, List<LayerFindings> layers) {
        this.images = source.images();
        this.labels = source.labels();
        long units = 0;
        for (LayerFindings layer : layers) {
            units += layer.report().scores().units().size();
            for (UnitScores unit : layer.report().scores().units()) {
                want(layer.top().of(unit.unit()), unit);
                want(layer.least().of(unit.unit()), unit);
            }
        }
        this.order = List.copyOf(wanted.keySet());
        this.thumbnails = new Thumbnails(images, wanted.size(), units);
    }

    private void want(List<TopImages.Entry> entries, UnitScores unit) {
        for (TopImages.Entry entry : entries) {
            wanted.computeIfAbsent(entry.image(), image -> new HashSet<>())
                    .add(unit.best().label());
        }
    }

    /** Number of images shown. */
    int count() {
        return wanted.size();
    }

    /** Reads an image and writes its file. An unreadable image is recorded for {@link #obstacle}. */
    void write(int index, Path folder) throws IOException {
        int image = order.get(index);
        try {
            thumbnails.write(image, folder.resolve(fileName(image)));
        } catch (InputException e) {
            obstacles.put(image, String.valueOf(e.getMessage()));
        }
        findConcepts(image);
    }

    private void findConcepts(int image) throws IOException {
        Set<Integer> shown = new HashSet<>(wanted.getOrDefault(image, Set.of()));
        shown.remove(0);
        if (shown.isEmpty()) {
            return;
        }
        try {
            LabelMap map = labels.readLabels(image, LabelReading.STANDARD);
            Mask.of(map, shown).forEach((label, mask) -> concepts.put(new Concept(image, label), mask));
        } catch (InputException e) {
            obstacles.putIfAbsent(image, String.valueOf(e.getMessage()));
        }
    }

    static String fileName(int image) {
        return String.format(Locale.ROOT, "%06d.jpg", image + 1);
    }

    String name(int image) {
        return images.name(image);
    }

    /** Size of the image's file. */
    GridSize fileSize(int image) {
        return thumbnails.size(images.imageSize(image));
    }

    /** Mask of a label on an image; null if its labels could not be read. */
    @Nullable
    Mask concept(int image, int label) {
        return concepts.get(new Concept(image, label));
    }

    /** Note on images that could not be read, if any. */
    Optional<String> obstacle() {
        if (obstacles.isEmpty()) {
            return Optional.empty();
        }
        String first = new TreeMap<>(new HashMap<>(obstacles)).firstEntry().getValue();
        return Optional.of(obstacles.size() + " of " + count() + " images shown cannot be read; the first: " + first);
    }
}
