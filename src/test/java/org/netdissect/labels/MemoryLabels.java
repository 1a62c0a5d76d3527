package org.netdissect.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.netdissect.base.GridSize;

/** Labels in memory, as from a segmentation network or from classes of images. */
public final class MemoryLabels implements LabelSource {
    private final List<Category> categories = new ArrayList<>();
    private final TreeMap<Integer, LabelTable.Label> names = new TreeMap<>();
    private final List<GridSize> grids = new ArrayList<>();
    private final List<int[]> covering = new ArrayList<>();
    /** [plane][pixel] of each image */
    private final List<char[][]> planes = new ArrayList<>();

    /** Labels 1, 2, ... are assigned to the categories in turn: 1 to the first, 2 to the second and so on. */
    public MemoryLabels(List<String> categories, int labels) {
        for (String category : categories) {
            this.categories.add(new Category(category, this.categories.size()));
        }
        for (int number = 1; number <= labels; number++) {
            names.put(number, new LabelTable.Label("label " + number, List.of()));
        }
    }

    /** Adds an image with labels that cover it and label planes, [plane][pixel]. */
    public void add(GridSize grid, int[] coveringLabels, char[]... labelPlanes) {
        grids.add(grid);
        covering.add(coveringLabels);
        planes.add(labelPlanes);
    }

    @Override
    public int count() {
        return grids.size();
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
        return grids.get(image);
    }

    @Override
    public LabelMap readLabels(int image, LabelReading reading) {
        List<char[]> copies = new ArrayList<>();
        for (char[] plane : planes.get(image)) {
            copies.add(plane.clone());
        }
        return LabelMap.of(grids.get(image), covering.get(image), copies, reading);
    }

    @Override
    public int mostLabelsPerPixel(int image) {
        return covering.get(image).length + planes.get(image).length;
    }

    @Override
    public String labelsDigest(int threads) {
        return "of this test";
    }
}
