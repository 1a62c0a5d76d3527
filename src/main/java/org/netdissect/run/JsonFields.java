package org.netdissect.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;

/** Fields of one object of a JSON file. Every error message names the file and the field. */
final class JsonFields {
    private static final int LONGEST_VALUE = 100;

    private final Path file;
    private final String prefix;
    private final JsonNode object;

    private JsonFields(Path file, String prefix, JsonNode object) {
        this.file = file;
        this.prefix = prefix;
        this.object = object;
    }

    /** Fields of the file's root. */
    static JsonFields of(Path file, JsonNode root) {
        return new JsonFields(file, "", root);
    }

    /** Fields of an object; a missing object has none. */
    JsonFields object(String name) {
        return new JsonFields(file, prefix + name + ".", object.path(name));
    }

    /** Fields of each object of an array; a missing array is empty. */
    List<JsonFields> objects(String name) {
        List<JsonFields> objects = new ArrayList<>();
        object.path(name)
                .forEach(each -> objects.add(new JsonFields(file, prefix + name + "[" + objects.size() + "].", each)));
        return objects;
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** All values as text, by name. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            texts.put(field.getKey(), value.isTextual() ? value.asText() : value.toString());
        });
        return texts;
    }

    String text(String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw wrong(name, "expected a text");
        }
        return value.asText();
    }

    /** Texts of an array; a missing array is empty. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : object.path(name)) {
            if (!value.isTextual()) {
                throw wrong(name, "expected texts");
            }
            texts.add(value.asText());
        }
        return texts;
    }

    double number(String name) {
        JsonNode value = object.path(name);
        if (!value.isNumber()) {
            throw wrong(name, "expected a number");
        }
        return value.asDouble();
    }

    int integer(String name) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "expected a whole number");
        }
        return value.asInt();
    }

    long wholeNumber(String name) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "expected a whole number");
        }
        return value.asLong();
    }

    /** The constant that a field spells, or {@code fallback} if the field is missing. */
    <E extends Enum<E>> E choice(String name, E fallback) {
        if (!has(name)) {
            return fallback;
        }
        String text = text(name);
        List<String> spellings = new ArrayList<>();
        for (E value : fallback.getDeclaringClass().getEnumConstants()) {
            if (value.toString().equals(text)) {
                return value;
            }
            spellings.add(value.toString());
        }
        throw wrong(name, "expected one of " + String.join(", ", spellings));
    }

    /** The value that {@code maker} makes from a field. Its exceptions become errors that name the field. */
    <T> T made(String name, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InputException | IllegalArgumentException e) {
            throw wrong(name, "which cannot be: " + e.getMessage());
        }
    }

    /** An error in a field's value; {@code why} follows the value. */
    InputException wrong(String name, String why) {
        JsonNode value = object.path(name);
        String given = value.isMissingNode() ? "missing" : Printable.brief(value.toString(), LONGEST_VALUE);
        return refused(prefix + name + " is " + given + ", " + why);
    }

    /** An error in the file. */
    InputException refused(String what) {
        return new InputException(
                file + ": " + what + "; another version of netdissect wrote it, or it is damaged: dissect again");
    }
}
