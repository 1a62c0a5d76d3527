package org.netdissect.base;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON with Jackson's parser, generator and tree. Its ObjectMapper gives the same, but starts with
 * hundreds of classes, which took a tenth of the time of a run from the cache.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /**
     * Reads one document in UTF-8.
     *
     * @throws JsonProcessingException where it is not JSON, holds nothing, or more than one value
     */
    public static JsonNode read(byte[] document) throws IOException {
        // as text: from bytes, the parser would guess at encodings and fail in ways of its own
        String all = new String(document, StandardCharsets.UTF_8);
        String text = all.startsWith("\uFEFF") ? all.substring(1) : all;
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "there is nothing in it");
            }
            JsonNode root = node(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows its end");
            }
            return root;
        }
    }

    /** The parser bounds the depth. */
    private static JsonNode node(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, node(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    /** As a tree; takes what {@link #text} takes. */
    public static JsonNode tree(@Nullable Object value) {
        try {
            return read(text(value).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * As an indented document, without a line's end behind it.
     *
     * @param value null, a string, number, boolean, enum (by its name), map, iterable, tree, or record with such components;
     *     of a record also what its methods with {@link JsonProperty} give
     */
    public static String text(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.useDefaultPrettyPrinter();
            write(out, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String string) {
            out.writeString(string);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Number number) {
            writeNumber(out, number);
        } else if (value instanceof Enum<?> constant) {
            out.writeString(constant.name());
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject(map, map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof JsonNode node) {
            writeNode(out, node);
        } else if (value instanceof Iterable<?> items) {
            out.writeStartArray();
            for (Object item : items) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Record fields) {
            writeRecord(out, fields);
        } else {
            throw new IllegalArgumentException(
                    "no JSON for a " + value.getClass().getName());
        }
    }

    private static void writeNumber(JsonGenerator out, Number number) throws IOException {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            out.writeNumber(number.intValue());
        } else if (number instanceof Long) {
            out.writeNumber(number.longValue());
        } else if (number instanceof Double) {
            out.writeNumber(number.doubleValue());
        } else if (number instanceof Float) {
            out.writeNumber(number.floatValue());
        } else if (number instanceof BigDecimal decimal) {
            out.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            out.writeNumber(integer);
        } else {
            throw new IllegalArgumentException(
                    "no JSON for a " + number.getClass().getName());
        }
    }

    private static void writeNode(JsonGenerator out, JsonNode node) throws IOException {
        if (node.isObject()) {
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                out.writeFieldName(field.getKey());
                writeNode(out, field.getValue());
            }
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray();
            for (JsonNode item : node) {
                writeNode(out, item);
            }
            out.writeEndArray();
        } else if (node.isNumber()) {
            writeNumber(out, node.numberValue());
        } else if (node.isBoolean()) {
            out.writeBoolean(node.booleanValue());
        } else if (node.isTextual()) {
            out.writeString(node.textValue());
        } else {
            out.writeNull();
        }
    }

    private static void writeRecord(JsonGenerator out, Record fields) throws IOException {
        out.writeStartObject();
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
            out.writeFieldName(component.getName());
            write(out, get(component.getAccessor(), fields));
        }
        for (Method method : fields.getClass().getDeclaredMethods()) {
            if (method.isAnnotationPresent(JsonProperty.class)) {
                out.writeFieldName(method.getName());
                write(out, get(method, fields));
            }
        }
        out.writeEndObject();
    }

    private static @Nullable Object get(Method method, Record fields) {
        try {
            method.setAccessible(true);
            return method.invoke(fields);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
