package org.netdissect.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.report.ClassAttribution;

/** Attributions of a class as JSON. */
final class AttributionJson {
    private AttributionJson() {}

    static Map<String, @Nullable Object> of(ClassAttribution attribution) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("class", attribution.index());
        object.put("name", attribution.name().isEmpty() ? null : attribution.name());
        object.put("score", attribution.score());
        object.put("ofLogarithm", attribution.logarithm());
        object.put(
                "layers",
                attribution.layers().stream().map(AttributionJson::layer).toList());
        return object;
    }

    private static Map<String, @Nullable Object> layer(ClassAttribution.Layer layer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("layer", layer.name());
        object.put("sum", layer.sum());
        object.put("for", layer.favouring().stream().map(AttributionJson::unit).toList());
        object.put(
                "against", layer.opposing().stream().map(AttributionJson::unit).toList());
        List<List<Double>> rows = new ArrayList<>();
        for (int y = 0; y < layer.map().height(); y++) {
            List<Double> row = new ArrayList<>();
            for (int x = 0; x < layer.map().width(); x++) {
                row.add(layer.places()[y * layer.map().width() + x]);
            }
            rows.add(row);
        }
        object.put("places", rows);
        return object;
    }

    private static Map<String, @Nullable Object> unit(ClassAttribution.Unit unit) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("unit", unit.number());
        object.put("channel", unit.channel());
        object.put("attribution", unit.attribution());
        object.put("category", unit.category().isEmpty() ? null : unit.category());
        object.put("label", unit.label().isEmpty() ? null : unit.label());
        object.put("score", unit.score());
        object.put("isDetector", unit.detector());
        object.put("isVisualized", unit.picture() != null);
        return object;
    }
}
