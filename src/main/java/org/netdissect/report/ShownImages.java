package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
import org.netdissect.broden.LabelMap;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/**
 * The images that a report shows, each read once however many units and layers show it: its file, and where the concepts
 * of those units are on it.
 */
final class ShownImages {
    private final ProbeSet probe;
    private final Thumbnails thumbnails;
    /** labels to look for, by position of the image */
    private final TreeMap<Integer, Set<Integer>> wanted = new TreeMap<>();

    private final List<Integer> order;
    private final Map<Concept, Mask> concepts = new ConcurrentHashMap<>();
    private final Map<Integer, String> obstacles = new ConcurrentHashMap<>();

    /** A concept on an image. */
    private record Concept(int image, int label) {}

    ShownImages(ProbeSet probe, List<LayerFindings> layers) {
        this.probe = probe;
        long units = 0;
        for (LayerFindings layer : layers) {
            units += layer.report().scores().units().size();
            for (UnitScores unit : layer.report().scores().units()) {
                for (TopImages.Entry entry : layer.top().of(unit.unit())) {
                    wanted.computeIfAbsent(entry.image(), image -> new HashSet<>())
                            .add(unit.best().label());
                }
            }
        }
        this.order = List.copyOf(wanted.keySet());
        this.thumbnails = new Thumbnails(probe, wanted.size(), units);
    }

    /** How many there are. */
    int count() {
        return wanted.size();
    }

    /** Reads one of them and writes its file. One that cannot be read is remembered, and no failure. */
    void write(int index, Path folder) throws IOException {
        int image = order.get(index);
        try {
            thumbnails.write(probe.images().get(image), folder.resolve(fileName(image)));
        } catch (InputException e) {
            obstacles.put(image, String.valueOf(e.getMessage()));
        }
        findConcepts(image);
    }

    private void findConcepts(int image) throws IOException {
        Set<Integer> labels = new HashSet<>(wanted.getOrDefault(image, Set.of()));
        labels.remove(0);
        if (labels.isEmpty()) {
            return;
        }
        try {
            LabelMap map = probe.readLabels(probe.images().get(image));
            Mask.of(map, labels).forEach((label, mask) -> concepts.put(new Concept(image, label), mask));
        } catch (InputException e) {
            obstacles.putIfAbsent(image, String.valueOf(e.getMessage()));
        }
    }

    static String fileName(int image) {
        return String.format(java.util.Locale.ROOT, "%06d.jpg", image + 1);
    }

    ProbeImage image(int image) {
        return probe.images().get(image);
    }

    /** Size of the image's file. */
    GridSize fileSize(int image) {
        return thumbnails.size(image(image).imageSize());
    }

    /** Where a label is on an image; null where its labels could not be read. */
    @Nullable
    Mask concept(int image, int label) {
        return concepts.get(new Concept(image, label));
    }

    /** A line on the images that could not be read, if any. */
    Optional<String> obstacle() {
        if (obstacles.isEmpty()) {
            return Optional.empty();
        }
        String first = new TreeMap<>(new HashMap<>(obstacles)).firstEntry().getValue();
        return Optional.of(obstacles.size() + " of " + count() + " images shown cannot be read; the first: " + first);
    }
}
