package org.netdissect.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One colour for each category, the same in every chart and page, and told apart by colour-blind people too: the palette
 * of Okabe and Ito (Color Universal Design, 2008).
 */
final class CategoryColors {
    /** Of what carries no label. */
    static final String NONE = "#8a8a8a";

    /** Broden's. */
    private static final Map<String, String> FIXED = Map.of(
            "object", "#0072b2",
            "part", "#e69f00",
            "scene", "#009e73",
            "material", "#cc79a7",
            "texture", "#d55e00",
            "color", "#56b4e9");
    /** For categories of other names; the first ones are those that Broden leaves. */
    private static final List<String> OTHERS =
            List.of("#b8a900", "#5c5c5c", "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9");

    private final Map<String, String> colors = new LinkedHashMap<>();

    /** Colours for these categories; more than the palette holds begin it anew. */
    CategoryColors(List<String> categories) {
        List<String> free = new ArrayList<>(OTHERS);
        free.removeIf(color -> categories.stream().anyMatch(name -> color.equals(FIXED.get(name))));
        int others = 0;
        for (String category : categories) {
            String fixed = FIXED.get(category);
            colors.put(category, fixed != null ? fixed : free.get(others++ % free.size()));
        }
    }

    /** Those of some categories that occur, in the order of all; what is no category comes first. */
    List<String> present(List<String> occurring) {
        List<String> order = List.copyOf(colors.keySet());
        return occurring.stream()
                .distinct()
                .sorted(Comparator.comparingInt(order::indexOf))
                .toList();
    }

    /** As {@code #rrggbb}; grey for a category that is not among those given. */
    String of(String category) {
        return colors.getOrDefault(category, NONE);
    }
}
