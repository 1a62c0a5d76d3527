package org.netdissect.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.report.SheetPictures.Picture;
import org.netdissect.report.VisualizedLayer.Concept;
import org.netdissect.report.VisualizedLayer.Item;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.result.Visualized;

/** Puts the images of a layer together by unit, for its contact sheet. */
final class SheetUnits {
    private static final Comparator<Item> ORDER = Comparator.comparing(
                    (Item item) -> item.row().negative())
            .thenComparingInt(item -> item.row().variant());

    private final SheetPictures pictures;
    private final CategoryColors colors;

    SheetUnits(SheetPictures pictures, CategoryColors colors) {
        this.pictures = pictures;
        this.colors = colors;
    }

    /** The units with an image or a failure, by falling score, then number. */
    List<SheetUnit> of(List<Item> items) throws IOException {
        Map<String, List<Item>> subjects = new LinkedHashMap<>();
        for (Item item : items) {
            if (item.row().state() == Visualized.State.FAILED
                    || pictures.find(item.row().file()) != null) {
                subjects.computeIfAbsent(item.row().subject(), subject -> new ArrayList<>())
                        .add(item);
            }
        }
        List<SheetUnit> units = new ArrayList<>();
        for (List<Item> images : subjects.values()) {
            images.sort(ORDER);
            units.add(unit(images));
        }
        units.sort(Comparator.comparingDouble((SheetUnit unit) -> -unit.score()).thenComparingInt(SheetUnit::number));
        return units;
    }

    private SheetUnit unit(List<Item> images) throws IOException {
        Visualized first = images.get(0).row();
        @Nullable Concept concept = images.get(0).concept();
        String label = !first.name().isEmpty() || concept == null ? first.name() : concept.label();
        String category = concept == null ? "" : concept.category();
        String subject = VisualizationWording.subject(first);
        List<SheetUnit.Tile> tiles = new ArrayList<>();
        for (Item image : images) {
            @Nullable Picture picture = pictures.find(image.row().file());
            if (picture != null) {
                tiles.add(tile(image.row(), picture.size()).labelled(label));
            }
        }
        return new SheetUnit(
                subject,
                VisualizationWording.number(first),
                first.channel() == null ? first.objective().toString() : "channel " + first.channel(),
                label,
                category,
                colors.of(category),
                concept != null,
                concept != null && concept.detector(),
                score(first, concept),
                concept == null ? "" : String.format(Locale.ROOT, "%.3f", concept.iou()),
                VisualizationWording.state(first),
                VisualizationWording.outcome(first),
                VisualizationWording.quality(first),
                pictures.find(first.file()) == null ? "" : first.file(),
                tiles);
    }

    private static double score(Visualized row, @Nullable Concept concept) {
        Double ratio = row.underMovesAboveProbe() != null ? row.underMovesAboveProbe() : row.aboveProbe();
        return concept != null ? concept.iou() : ratio == null ? 0 : ratio;
    }

    /** An image for a page beside its file, whose plain name is its address. */
    static SheetUnit.Tile tile(Visualized row, GridSize size) {
        String kind = VisualizationWording.kind(row);
        String subject = VisualizationWording.subject(row);
        String state = VisualizationWording.state(row);
        return new SheetUnit.Tile(
                row.file(),
                size.width(),
                size.height(),
                "image made for " + subject + (kind.isEmpty() ? "" : ", " + kind),
                VisualizationWording.capital(subject),
                VisualizationWording.text(row),
                kind.isEmpty() || state.isEmpty() ? kind : kind + ", " + state);
    }

    /** Number of units, classes or directions, with or without images. */
    static int count(Collection<Item> items) {
        return (int) items.stream().map(item -> item.row().subject()).distinct().count();
    }
}
