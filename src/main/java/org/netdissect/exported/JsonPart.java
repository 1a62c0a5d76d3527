package org.netdissect.exported;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;

/** A value of a foreign JSON document with its place, which errors name. */
final class JsonPart {
    private final String document;
    private final @Nullable JsonPart parent;
    private final String step;
    private final JsonNode node;

    private JsonPart(String document, @Nullable JsonPart parent, String step, JsonNode node) {
        this.document = document;
        this.parent = parent;
        this.step = step;
        this.node = node;
    }

    /** The whole of a document that errors call {@code document}. */
    static JsonPart of(String document, JsonNode root) {
        return new JsonPart(document, null, "", root);
    }

    /**
     * A value of one of several kinds, such as {@code {"as_int": 3}}.
     *
     * @param kind such as {@code as_int}
     */
    record Choice(String kind, JsonPart value) {}

    JsonPart at(String field) {
        return find(field).orElseThrow(() -> wrong("has no \"" + field + "\""));
    }

    /** A field; empty if missing or null. */
    Optional<JsonPart> find(String field) {
        JsonNode value = object().get(field);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.of(new JsonPart(document, this, "." + field, value));
    }

    boolean has(String field) {
        return find(field).isPresent();
    }

    List<JsonPart> items() {
        if (!node.isArray()) {
            throw wrong("is no list");
        }
        List<JsonPart> items = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new JsonPart(document, this, "[" + i + "]", node.get(i)));
        }
        return items;
    }

    /** Names of the fields of an object. */
    List<String> fields() {
        List<String> names = new ArrayList<>();
        object().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The only field that is not null; PyTorch 2.1 and 2.2 write all the others as null. */
    Choice choice() {
        for (Map.Entry<String, JsonNode> field : object().properties()) {
            if (!field.getValue().isNull()) {
                return new Choice(field.getKey(), new JsonPart(document, this, "." + field.getKey(), field.getValue()));
            }
        }
        throw wrong("has no value");
    }

    String text() {
        if (!node.isTextual()) {
            throw wrong("is no text");
        }
        return node.textValue();
    }

    long whole() {
        if (!node.isIntegralNumber()) {
            throw wrong("is no whole number");
        }
        return node.longValue();
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw wrong("is neither true nor false");
        }
        return node.booleanValue();
    }

    /** A number; PyTorch writes infinite ones as {@code "Infinity"} or, before 2.7, without the quotes. */
    double real() {
        if (node.isTextual()) {
            return switch (node.textValue()) {
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                case "NaN" -> Double.NaN;
                default -> throw wrong("is no number");
            };
        } else if (!node.isNumber()) {
            throw wrong("is no number");
        }
        return node.doubleValue();
    }

    boolean isWhole() {
        return node.isIntegralNumber();
    }

    InputException wrong(String what) {
        return new InputException(document + ": " + place() + " " + what);
    }

    private JsonNode object() {
        if (!node.isObject()) {
            throw wrong("is no object");
        }
        return node;
    }

    private String place() {
        StringBuilder place = new StringBuilder();
        for (JsonPart part = this; part != null; part = part.parent) {
            place.insert(0, Shown.of(part.step));
        }
        return place.isEmpty() ? "the document" : place.substring(place.charAt(0) == '.' ? 1 : 0);
    }
}
