package org.netdissect.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;

/** Reads an index of weights in several files: the file of each tensor, such as {@code model.safetensors.index.json}. */
final class ShardIndex {
    private static final int MAX_SIZE = 32 << 20;
    private static final int MAX_NAME = 120;

    private ShardIndex() {}

    /**
     * The name of the file beside the index, by tensor.
     *
     * @throws InputException if it is no such index, or names a file elsewhere
     */
    static Map<String, String> read(Path file) throws IOException {
        byte[] document;
        try (InputStream in = Files.newInputStream(file)) {
            document = in.readNBytes(MAX_SIZE + 1);
        }
        if (document.length > MAX_SIZE) {
            throw new InputException(
                    file + ": is longer than " + (MAX_SIZE >> 20) + " MiB; expected an index of files of" + " weights");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        try (JsonParser parser = StrictJson.parser(document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("weight_map")) {
                    readShards(file, parser, shards);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new InputException(file + ": is not one object of JSON");
            }
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": is no JSON: " + Printable.of(e.getOriginalMessage()), e);
        }
        if (shards.isEmpty()) {
            throw new InputException(file + ": is JSON but no index of files of weights; expected a weight_map in it");
        }
        return shards;
    }

    private static void readShards(Path file, JsonParser parser, Map<String, String> shards) throws IOException {
        boolean valid = parser.currentToken() == JsonToken.START_OBJECT;
        while (valid && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            valid = parser.nextToken() == JsonToken.VALUE_STRING;
            shards.put(name, valid ? beside(file, parser.getText()) : "");
        }
        if (!valid) {
            throw new InputException(file + ": its weight_map is no object of file names");
        }
    }

    private static String beside(Path file, String name) {
        boolean plain = !name.isEmpty()
                && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Printable.isUnsafe(c));
        if (!plain) {
            throw new InputException(file + ": names the file " + Printable.brief(Printable.of(name), MAX_NAME)
                    + "; expected files beside the index");
        }
        return name;
    }
}
