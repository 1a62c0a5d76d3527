package org.netdissect.broden;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.broden.Contents.PerCategory;
import org.netdissect.broden.Contents.UnusedLabel;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;

/** Counts the contents of images. Thread-safe; all counts are sums, so the order of images does not matter. */
final class ContentsTally {
    private final List<Category> categories;
    private final int[] images; // [category]
    private final int[] planes; // [category]
    private final long[] pixels; // [category]
    private final BitSet[] occurring; // [category], label numbers
    private int unlabelled;

    /** Labels of one category on one image. */
    record Share(BitSet labels, long pixels, int planes) {}

    ContentsTally(List<Category> categories) {
        this.categories = categories;
        this.images = new int[categories.size()];
        this.planes = new int[categories.size()];
        this.pixels = new long[categories.size()];
        this.occurring = new BitSet[categories.size()];
        for (int i = 0; i < occurring.length; i++) {
            occurring[i] = new BitSet();
        }
    }

    /** Adds the contents of one image, [category]. */
    synchronized void add(List<Share> shares) {
        boolean labelled = false;
        for (int category = 0; category < shares.size(); category++) {
            Share share = shares.get(category);
            labelled |= !share.labels().isEmpty();
            images[category] += share.labels().isEmpty() ? 0 : 1;
            planes[category] += share.planes();
            pixels[category] += share.pixels();
            occurring[category].or(share.labels());
        }
        unlabelled += labelled ? 0 : 1;
    }

    synchronized Contents contents(List<ProbeImage> rows, @Nullable LabelTable labels) {
        TreeMap<String, Integer> splits = new TreeMap<>();
        rows.forEach(row -> splits.merge(row.split(), 1, Integer::sum));
        List<PerCategory> perCategory = new ArrayList<>();
        BitSet anywhere = new BitSet();
        for (Category category : categories) {
            int i = category.position();
            anywhere.or(occurring[i]);
            perCategory.add(
                    new PerCategory(category.name(), images[i], occurring[i].cardinality(), pixels[i], planes[i]));
        }
        List<UnusedLabel> unused = new ArrayList<>();
        for (int number = 1; labels != null && number < labels.size(); number++) {
            if (labels.isLabel(number) && !anywhere.get(number)) {
                unused.add(new UnusedLabel(number, labels.name(number)));
            }
        }
        return new Contents(rows.size(), splits, unlabelled, perCategory, unused);
    }
}
