package org.netdissect.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;

/** Parses the header of a file of safetensors. */
final class SafetensorsHeader {
    private static final int MAX_TENSORS = 1_000_000;
    private static final int MAX_RANK = 64;
    private static final int MAX_NAME = 120;

    private final String label;

    private SafetensorsHeader(String label) {
        this.label = label;
    }

    /**
     * A tensor as the header says, unchecked.
     *
     * @param begin first byte in the data
     * @param end byte after its last
     */
    record Entry(String type, List<Long> sizes, long begin, long end) {}

    /**
     * The tensors by name, in order.
     *
     * @param label names the header in errors
     * @throws InputException if it is not as the format says
     */
    static Map<String, Entry> parse(String label, byte[] header) throws IOException {
        if (header.length == 0 || header[0] != '{') {
            throw new InputException(label + ": does not start with {");
        }
        try (JsonParser parser = StrictJson.parser(header)) {
            return new SafetensorsHeader(label).entries(parser);
        } catch (CharacterCodingException e) {
            throw new InputException(label + ": is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new InputException(label + ": is no JSON of safetensors: " + Printable.of(e.getOriginalMessage()), e);
        }
    }

    private Map<String, Entry> entries(JsonParser parser) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("__metadata__")) {
                skipMetadata(parser);
            } else if (entries.size() == MAX_TENSORS) {
                throw new InputException(label + ": names more than " + MAX_TENSORS + " tensors");
            } else {
                entries.put(name, entry(parser, name));
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            throw new InputException(label + ": is not one object");
        }
        return entries;
    }

    private void skipMetadata(JsonParser parser) throws IOException {
        boolean valid = parser.currentToken() == JsonToken.START_OBJECT;
        while (valid && parser.nextToken() == JsonToken.FIELD_NAME) {
            valid = parser.nextToken() == JsonToken.VALUE_STRING;
        }
        if (!valid) {
            throw new InputException(label + ": its __metadata__ is no object of strings");
        }
    }

    private Entry entry(JsonParser parser, String name) throws IOException {
        String place = label + ", tensor " + Printable.brief(Printable.of(name), MAX_NAME);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InputException(place + ": is described by no object");
        }
        @Nullable String type = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "dtype" -> type = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                case "shape" -> shape = numbers(parser, place + ", shape");
                case "data_offsets" -> offsets = numbers(parser, place + ", data_offsets");
                default -> parser.skipChildren();
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new InputException(place + ": needs dtype, shape and two data_offsets");
        }
        return new Entry(type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> numbers(JsonParser parser, String place) throws IOException {
        List<Long> numbers = new ArrayList<>();
        boolean valid = parser.currentToken() == JsonToken.START_ARRAY;
        while (valid && parser.nextToken() != JsonToken.END_ARRAY) {
            valid = parser.currentToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < MAX_RANK;
            if (valid) {
                numbers.add(parser.getLongValue());
                valid = parser.getLongValue() >= 0;
            }
        }
        if (!valid) {
            throw new InputException(place + ": is no list of whole numbers from 0 on");
        }
        return numbers;
    }
}
