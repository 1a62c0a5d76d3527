package org.netdissect.broden;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netdissect.base.InputException;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;

/** Applies a {@link ImageSelection} to a probe set. */
final class Selector {
    private Selector() {}

    static ProbeSet select(ProbeSet all, List<String> tables, ImageSelection selection) {
        int[] positions = positions(all, selection.categories());
        List<Category> categories = new ArrayList<>();
        for (int position : positions) {
            categories.add(new Category(all.categories().get(position).name(), categories.size()));
        }
        boolean everyCategory = positions.length == all.categories().size();
        List<ProbeImage> images = images(all, selection).stream()
                .map(image -> everyCategory ? image : withCategories(image, positions))
                .toList();
        if (images.isEmpty()) {
            throw new InputException("probe set " + all.folder() + ": no image is selected, expected a --limit of 1"
                    + " or more (" + all.images().size() + " images in all)");
        }
        if (images.stream().noneMatch(ProbeImage::mayHaveLabels)) {
            throw new InputException("probe set " + all.folder() + ": none of the " + images.size()
                    + " selected images has a label in " + names(categories)
                    + "; select others with --split, --categories or --limit");
        }
        LabelTable labels = everyCategory ? all.labels() : all.labels().withCategories(positions);
        return new ProbeSet(all.folder(), all.planeEncoding(), tables, categories, labels, images);
    }

    private static int[] positions(ProbeSet all, List<String> wanted) {
        Set<String> existing = all.categories().stream().map(Category::name).collect(Collectors.toSet());
        expectExisting(all, "category", "--categories", wanted, existing, names(all.categories()));
        return all.categories().stream()
                .filter(category -> wanted.isEmpty() || wanted.contains(category.name()))
                .mapToInt(Category::position)
                .toArray();
    }

    private static List<ProbeImage> images(ProbeSet all, ImageSelection selection) {
        Set<String> splits =
                all.images().stream().map(ProbeImage::split).collect(Collectors.toCollection(TreeSet::new));
        expectExisting(all, "split", "--split", selection.splits(), splits, String.join(", ", splits));
        Set<String> wanted = selection.splits().isEmpty() ? splits : Set.copyOf(selection.splits());
        Stream<ProbeImage> images = all.images().stream().filter(image -> wanted.contains(image.split()));
        int limit = Math.max(0, selection.limit().orElse(Integer.MAX_VALUE));
        return images.limit(limit).toList();
    }

    private static void expectExisting(
            ProbeSet all, String kind, String option, List<String> wanted, Collection<String> existing, String names) {
        for (String name : wanted) {
            if (!existing.contains(name)) {
                throw new InputException(option + ": probe set " + all.folder() + " has no " + kind + " '" + name
                        + "', expected one of: " + names);
            }
        }
    }

    private static ProbeImage withCategories(ProbeImage image, int[] positions) {
        List<List<Cell>> cells = new ArrayList<>(positions.length);
        for (int position : positions) {
            cells.add(image.cells().get(position));
        }
        return new ProbeImage(image.row(), image.file(), image.split(), image.imageSize(), image.labelSize(), cells);
    }

    private static String names(List<Category> categories) {
        return categories.stream().map(Category::name).collect(Collectors.joining(", "));
    }
}
