package org.netdissect.report.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A colour for each category, the same in every chart and page, from a palette for colour-blind readers (Okabe and Ito,
 * Color Universal Design, 2008).
 */
public final class CategoryColors {
    /** Colour of units and pixels without a label. */
    static final String NONE = "#8a8a8a";

    /** Colours of Broden's categories. */
    private static final Map<String, String> FIXED = Map.of(
            "object", "#0072b2",
            "part", "#e69f00",
            "scene", "#009e73",
            "material", "#cc79a7",
            "texture", "#d55e00",
            "color", "#56b4e9");
    /** Colours of other categories; the first two are not those of Broden's categories. */
    private static final List<String> OTHERS =
            List.of("#b8a900", "#5c5c5c", "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9");

    private final Map<String, String> colors = new LinkedHashMap<>();

    /** Colours for these categories; after its last colour the palette repeats. */
    public CategoryColors(List<String> categories) {
        List<String> free = new ArrayList<>(OTHERS);
        free.removeIf(color -> categories.stream().anyMatch(name -> color.equals(FIXED.get(name))));
        int others = 0;
        for (String category : categories) {
            String fixed = FIXED.get(category);
            colors.put(category, fixed != null ? fixed : free.get(others++ % free.size()));
        }
    }

    /** The categories that occur, in the order of all categories; other names come first. */
    List<String> present(List<String> occurring) {
        List<String> order = List.copyOf(colors.keySet());
        return occurring.stream()
                .distinct()
                .sorted(Comparator.comparingInt(order::indexOf))
                .toList();
    }

    /** As {@code #rrggbb}; grey for a category that is not among those given. */
    public String of(String category) {
        return colors.getOrDefault(category, NONE);
    }
}
