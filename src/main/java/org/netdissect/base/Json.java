package org.netdissect.base;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON documents: Jackson, with the settings that all files of the program share. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

    /**
     * Reads one document in UTF-8.
     *
     * @throws JsonProcessingException where it is not JSON, holds nothing, or more than one value
     */
    public static JsonNode read(byte[] document) throws IOException {
        // decoded here: from bytes, the parser would guess the encoding and throw other exceptions
        String all = new String(document, StandardCharsets.UTF_8);
        String text = all.startsWith("\uFEFF") ? all.substring(1) : all;
        try (JsonParser parser = MAPPER.createParser(text)) {
            @Nullable JsonNode root = MAPPER.readTree(parser);
            if (root == null) {
                throw new JsonParseException(parser, "there is nothing in it");
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows its end");
            }
            return root;
        }
    }

    /**
     * Reads one document in UTF-8 as a record.
     *
     * @throws JsonProcessingException as {@link #read(byte[])}, and where a component is missing, unknown or of another kind
     */
    public static <T extends Record> T read(byte[] document, Class<T> type) throws IOException {
        return MAPPER.treeToValue(read(document), type);
    }

    /** The tree that reading a value's {@link #text} gives. */
    public static JsonNode tree(@Nullable Object value) {
        try {
            return MAPPER.readTree(text(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An indented document without a line break at its end.
     *
     * @param value null, a string, number, boolean, enum (written by its name), map, iterable, tree or record; methods
     *     of a record with {@link com.fasterxml.jackson.annotation.JsonProperty} are written too
     */
    public static String text(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
