package org.netdissect.explain;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Mask;
import org.netdissect.align.MaskGeometry;
import org.netdissect.base.GridSize;
import org.netdissect.report.ClassAttribution;
import org.netdissect.report.ExplanationTable;
import org.netdissect.report.ImageExplanation;

/**
 * The explanation of one image as text and JSON.
 *
 * @param order of the units
 * @param page the HTML file, or null
 */
public record ExplanationResult(
        ImageExplanation explanation,
        ActiveUnit.Order order,
        @Nullable Path page) {
    private static final int SCHEMA_VERSION = 1;

    /** The explanation as text: classes, then each layer's concepts and units. */
    public String text() {
        return ExplanationTable.text(explanation) + (page == null ? "" : "\nPage: " + page + "\n");
    }

    /** The explanation as JSON. Boxes are in pixels of the image as stored, masks in those of the network's input. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", SCHEMA_VERSION);
        document.put("run", explanation.run());
        document.put("model", explanation.model());
        document.put("image", explanation.image());
        document.put("page", page == null ? null : page.toString());
        document.put("imageSize", size(explanation.imageSize()));
        document.put("inputSize", size(explanation.inputSize()));
        document.put("order", order.toString());
        document.put("iouThreshold", explanation.iouThreshold());
        document.put("classes", explanation.classes());
        document.put(
                "layers",
                explanation.layers().stream()
                        .map(layer -> layer(layer, explanation.imageSize()))
                        .toList());
        ClassAttribution attribution = explanation.attribution();
        if (attribution != null) {
            document.put("attribution", AttributionJson.of(attribution));
        }
        return document;
    }

    private static List<Integer> size(GridSize size) {
        return List.of(size.height(), size.width());
    }

    private static Map<String, @Nullable Object> layer(ImageExplanation.Layer layer, GridSize image) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("layer", layer.name());
        object.put("units", layer.units());
        object.put("active", layer.active().size());
        object.put("activeDetectors", layer.activeDetectors());
        object.put(
                "concepts",
                layer.concepts().stream().map(ExplanationResult::concept).toList());
        object.put(
                "mostActive",
                layer.shown().stream().map(unit -> unit(unit, image)).toList());
        return object;
    }

    private static Map<String, Object> concept(ImageExplanation.SeenConcept concept) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("label", concept.label());
        object.put("category", concept.category());
        object.put("units", concept.units());
        object.put("area", concept.area());
        return object;
    }

    private static Map<String, @Nullable Object> unit(ImageExplanation.Unit unit, GridSize image) {
        Mask mask = unit.activity().mask();
        List<MaskGeometry.Region> regions = MaskGeometry.regions(mask);
        OptionalDouble ratio = unit.activity().peakRatio();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("unit", unit.number());
        object.put("channel", unit.activity().unit());
        object.put("category", unit.category().isEmpty() ? null : unit.category());
        object.put("label", unit.label().isEmpty() ? null : unit.label());
        object.put("score", unit.score());
        object.put("isDetector", unit.detector());
        object.put("threshold", (double) unit.activity().threshold());
        object.put("peak", (double) unit.activity().peak());
        object.put("peakByThreshold", ratio.isPresent() ? ratio.getAsDouble() : null);
        object.put("maskPixels", mask.size());
        object.put("area", unit.activity().area());
        object.put("box", MaskGeometry.bounds(mask).scaled(mask.grid(), image));
        object.put(
                "regions",
                regions.stream()
                        .map(region -> region(region, mask.grid(), image))
                        .toList());
        return object;
    }

    private static Map<String, Object> region(MaskGeometry.Region region, GridSize grid, GridSize image) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("maskPixels", region.size());
        object.put("box", region.box().scaled(grid, image));
        return object;
    }
}
