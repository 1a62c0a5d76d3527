package org.netdissect.dissect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.Printable;
import org.netdissect.result.UnitFields;
import org.netdissect.table.TextTable;

/** The layers of a network as text. */
final class LayerListingText {
    private LayerListingText() {}

    /** One row per module, then the legend. */
    static String of(LayerListing listing) {
        TextTable table = new TextTable(7, List.of("layer", "class", "output", "field", "stride", "centre", "dissect"));
        boolean ran = listing.failure() == null;
        for (LayerListing.Row row : listing.rows()) {
            UnitFields field = row.receptiveField();
            String uses = row.uses() > 1 ? " (used " + row.uses() + " times, the last is read)" : "";
            table.add(List.of(
                    row.name(),
                    row.type(),
                    row.shape(),
                    field == null ? "" : pair(field.size()) + (field.wholeImage() ? " +all" : ""),
                    field == null ? "" : pair(field.stride()),
                    field == null ? "" : pair(field.centre()),
                    row.canBeDissected() ? (ran ? "yes" : "not run") + uses : "no: " + row.obstacle()));
        }
        String legend = """
                field, stride, centre: pixels of the input that a unit sees, from one unit to the next, and the
                centre of what unit (0, 0) sees; +all: each depends on the whole image besides.
                """;
        boolean axes = listing.rows().stream().anyMatch(row -> row.obstacle().contains("--axes"));
        return table + legend + unknownFields(listing) + (axes ? """
                AXES of --axes: a letter for each dimension, n images, u units, y rows, x columns, t tokens, then
                tokens that are no places and the grid of the others: nyxu, or ntu,drop=0,grid=14x14.
                """ : "");
    }

    private static String unknownFields(LayerListing listing) {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        for (LayerListing.Row row : listing.rows()) {
            if (row.canBeDissected() && row.receptiveField() == null) {
                layers.computeIfAbsent(row.receptiveFieldObstacle(), obstacle -> new ArrayList<>())
                        .add(row.name());
            }
        }
        StringBuilder text = new StringBuilder();
        layers.forEach((obstacle, names) -> text.append(Printable.of("no field for " + names.get(0)
                        + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "") + ": " + obstacle))
                .append('\n'));
        return text.toString();
    }

    /** Height and width, or one number where they are equal. */
    private static String pair(List<? extends Number> values) {
        String height = number(values.get(0));
        String width = number(values.get(1));
        return height.equals(width) ? height : height + "x" + width;
    }

    private static String number(Number value) {
        return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }
}
