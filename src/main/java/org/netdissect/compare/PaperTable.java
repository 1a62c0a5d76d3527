package org.netdissect.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.netdissect.table.CsvText;
import org.netdissect.table.TextTable;

/** Published counts beside a run's, network by network, with the difference. */
public final class PaperTable {
    private static final String ALL = "all";

    private final List<Block> blocks = new ArrayList<>();
    private final Set<String> categories = new LinkedHashSet<>(List.of(ALL));

    /**
     * One kind of count of one network.
     *
     * @param count {@code unique} or {@code detectors}
     * @param categories by name, {@code all} first
     */
    public record Block(String network, String layer, String rule, String count, Map<String, Pair> categories) {
        private boolean isPublished() {
            return categories.values().stream().anyMatch(pair -> pair.paper() != null);
        }
    }

    /** A count of the paper and of the run, null where there is none. */
    public record Pair(@Nullable Integer paper, @Nullable Integer run) {
        /** Difference run - paper, or null where a count is missing. */
        @JsonProperty
        public @Nullable Integer difference() {
            return paper == null || run == null ? null : Integer.valueOf(run - paper);
        }
    }

    void add(PublishedCounts.Row paper, CountRow run) {
        for (String count : PublishedCounts.KINDS) {
            Map<String, Pair> pairs = new LinkedHashMap<>();
            for (String category : names(paper, run)) {
                pairs.put(category, new Pair(paper.counts().get(count + "-" + category), count(run, count, category)));
            }
            categories.addAll(pairs.keySet());
            String layer = run.layer().isEmpty() ? paper.layer() : run.layer();
            blocks.add(new Block(run.network(), layer, run.rule().toString(), count, pairs));
        }
    }

    private static Set<String> names(PublishedCounts.Row paper, CountRow run) {
        Set<String> names = new LinkedHashSet<>(List.of(ALL));
        names.addAll(run.categories().keySet());
        paper.counts().keySet().forEach(column -> names.add(column.substring(column.indexOf('-') + 1)));
        return names;
    }

    private static @Nullable Integer count(CountRow run, String count, String category) {
        CountRow.@Nullable Count both =
                category.equals(ALL) ? run.all() : run.categories().get(category);
        if (both == null) {
            return null;
        }
        return count.equals("unique") ? both.unique() : both.detectors();
    }

    /** Two blocks for each network. */
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /**
     * Three lines for each network and kind of count: paper, run, difference. One line, the run's, where the paper has no
     * count.
     */
    public String text() {
        List<String> header = new ArrayList<>(List.of("network", "layer", "count", "source"));
        header.addAll(categories);
        TextTable table = new TextTable(4, header);
        for (Block block : blocks) {
            List<String> left = List.of(block.network(), block.layer(), block.count());
            if (!block.isPublished()) {
                table.add(line(left, "run", block, pair -> text(pair.run(), "%d")));
                continue;
            }
            List<String> below = List.of("", "", "");
            table.add(line(left, "paper", block, pair -> text(pair.paper(), "%d")));
            table.add(line(below, "run", block, pair -> text(pair.run(), "%d")));
            table.add(line(below, "difference", block, pair -> difference(pair)));
        }
        return table.toString();
    }

    private List<String> line(List<String> left, String source, Block block, Function<Pair, String> cell) {
        List<String> line = new ArrayList<>(left);
        line.add(source);
        for (String category : categories) {
            Pair pair = block.categories().get(category);
            line.add(pair == null ? "-" : cell.apply(pair));
        }
        return line;
    }

    private static String difference(Pair pair) {
        Integer difference = pair.difference();
        return text(difference, difference != null && difference == 0 ? "%d" : "%+d");
    }

    private static String text(@Nullable Integer value, String format) {
        return value == null ? "-" : String.format(format, value);
    }

    /** A row for each count: network, layer, rule, count, category, paper, run, difference. */
    String csv() {
        CsvText text =
                new CsvText(List.of("network", "layer", "rule", "count", "category", "paper", "run", "difference"));
        for (Block block : blocks) {
            block.categories().forEach((category, pair) -> {
                List<@Nullable Object> row =
                        new ArrayList<>(List.of(block.network(), block.layer(), block.rule(), block.count(), category));
                row.add(pair.paper());
                row.add(pair.run());
                row.add(pair.difference());
                text.add(row);
            });
        }
        return text.toString();
    }
}
