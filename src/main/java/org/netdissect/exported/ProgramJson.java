package org.netdissect.exported;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.netdissect.base.InputException;

/** Reads the JSON documents of an archive within bounds, without the parts that nothing here needs. */
final class ProgramJson {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NAME = 2_000;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_DIGITS = 400;

    /** Values of a tree, some 60 bytes each on the heap; a graph of 1,000 nodes has 60,000. */
    private static final int MAX_VALUES = 4_000_000;

    /** Fields that tell where Python's code made a node: most of the document. */
    private static final Set<String> SKIPPED =
            Set.of("stack_trace", "torch_fn", "source_fn_stack", "from_node", "module_call_graph", "guards_code");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .build();

    private final JsonParser parser;
    private int values;

    private ProgramJson(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads a document.
     *
     * @param document names it in errors
     * @throws InputException if it is no JSON, is nested too deep or has too many values
     */
    static JsonPart read(String document, byte[] bytes) {
        // decoded here: from bytes, the parser would guess the encoding
        String text = new String(bytes, StandardCharsets.UTF_8);
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new InputException(document + ": is empty");
            }
            JsonNode root = new ProgramJson(parser).value(document);
            if (parser.nextToken() != null) {
                throw new InputException(document + ": goes on behind its end");
            }
            return JsonPart.of(document, root);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    document + ": cannot be read as JSON, line "
                            + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + ": "
                            + Shown.of(e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new IllegalStateException(e); // reads a string
        }
    }

    private JsonNode value(String document) throws IOException {
        if (++values > MAX_VALUES) {
            throw new InputException(document + ": has more than " + MAX_VALUES + " values");
        }
        JsonNodeFactory factory = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(document);
            case START_ARRAY -> array(document);
            case VALUE_STRING -> factory.textNode(parser.getText());
            case VALUE_NUMBER_INT -> factory.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> factory.numberNode(parser.getDoubleValue());
            case VALUE_TRUE, VALUE_FALSE -> factory.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> factory.nullNode();
            default -> throw new InputException(document + ": " + parser.currentToken() + " is out of place");
        };
    }

    private ObjectNode object(String document) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (SKIPPED.contains(name)) {
                parser.skipChildren();
            } else {
                object.set(name, value(document));
            }
        }
        return object;
    }

    private ArrayNode array(String document) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(document));
        }
        return array;
    }
}
