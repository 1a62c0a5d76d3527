package org.netdissect.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.netdissect.base.GridSize;

/** Labels that are on no disk, as a segmenting network or classes of images give them. */
public final class MemoryLabels implements LabelSource {
    private final List<Category> categories = new ArrayList<>();
    private final TreeMap<Integer, LabelTable.Label> names = new TreeMap<>();
    private final List<Image> images = new ArrayList<>();

    /** Planes are [plane][pixel]. */
    private record Image(GridSize grid, int[] covering, char[][] planes) {}

    /** Labels 1, 2, ... belong to one category each, which repeats: 1 to the first, 2 to the second and so on. */
    public MemoryLabels(List<String> categories, int labels) {
        for (String category : categories) {
            this.categories.add(new Category(category, this.categories.size()));
        }
        for (int number = 1; number <= labels; number++) {
            names.put(number, new LabelTable.Label("label " + number, List.of()));
        }
    }

    /** Adds an image with labels that cover it, and planes, [plane][pixel]. */
    public MemoryLabels image(GridSize grid, int[] covering, char[]... planes) {
        images.add(new Image(grid, covering, planes));
        return this;
    }

    @Override
    public int count() {
        return images.size();
    }

    @Override
    public List<Category> categories() {
        return List.copyOf(categories);
    }

    @Override
    public LabelTable labels() {
        double[][] coverage = new double[categories.size()][names.size() + 1];
        names.keySet().forEach(number -> coverage[(number - 1) % categories.size()][number] = 1);
        return new LabelTable(names, coverage);
    }

    @Override
    public GridSize labelSize(int image) {
        return images.get(image).grid();
    }

    @Override
    public LabelMap readLabels(int image, LabelReading reading) {
        Image given = images.get(image);
        List<char[]> planes = new ArrayList<>();
        for (char[] plane : given.planes()) {
            planes.add(plane.clone());
        }
        return LabelMap.of(given.grid(), given.covering(), planes, reading);
    }

    @Override
    public int mostLabelsPerPixel(int image) {
        return images.get(image).covering().length + images.get(image).planes().length;
    }

    @Override
    public String labelsDigest(int threads) {
        return "of this test";
    }
}
