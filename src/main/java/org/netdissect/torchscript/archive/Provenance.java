package org.netdissect.torchscript.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;

/**
 * Where a generated archive comes from, and the input that its code is made for. It is kept inside the archive.
 *
 * @param network what was recognised, such as {@code resnet18, torchvision's; 365 classes}
 * @param generator version of the code that generated it
 * @param batch number of images that the code takes; empty if any
 * @param inputSize that the code takes; empty if any
 */
public record Provenance(String network, int generator, OptionalInt batch, Optional<GridSize> inputSize) {
    /** Name of the archive's entry, in its folder of extra files. */
    static final String NAME = "netdissect.json";

    private static final int LARGEST = 1 << 14;

    /** Of archives that this program did not generate. */
    public static final Provenance NONE = new Provenance("", 0, OptionalInt.empty(), Optional.empty());

    byte[] json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("network", network);
        fields.put("generator", generator);
        batch.ifPresent(images -> fields.put("batch", images));
        inputSize.ifPresent(size -> fields.put("input-size", List.of(size.height(), size.width())));
        return (Json.text(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @param label names the entry in errors
     */
    static Provenance parse(String label, byte[] bytes) {
        JsonNode json;
        try {
            json = Json.read(bytes);
        } catch (JsonProcessingException e) {
            throw new InputException(label + ": is not JSON", e);
        } catch (java.io.IOException e) {
            throw new InputException(label + ": cannot be read", e);
        }
        JsonNode size = json.path("input-size");
        return new Provenance(
                json.path("network").asText(),
                json.path("generator").asInt(),
                json.has("batch") ? OptionalInt.of(number(label, "batch", json.path("batch"))) : OptionalInt.empty(),
                size.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(new GridSize(
                                number(label, "input-size", size.path(0)), number(label, "input-size", size.path(1)))));
    }

    private static int number(String label, String field, JsonNode node) {
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > LARGEST) {
            throw new InputException(
                    label + ": field " + field + " is " + node + ", expected a number from 1 to " + LARGEST);
        }
        return node.intValue();
    }
}
