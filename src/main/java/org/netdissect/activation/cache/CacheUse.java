package org.netdissect.activation.cache;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;

/**
 * Last user of a key's activations. The key knows model and images only by digest; these names are for people, and no
 * result depends on them.
 *
 * @param model path of the network
 * @param probe path of the probe set
 * @param lastUsed when a run opened the cache
 */
record CacheUse(String model, String probe, Instant lastUsed) {
    /** File name; no layer folder begins with a dot, see {@link org.netdissect.base.FileNames}. */
    static final String FILE = ".used.json";

    void write(Path folder) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("model", model);
        fields.put("probe", probe);
        fields.put("lastUsed", lastUsed.toString());
        SafeFiles.write(folder.resolve(FILE), Json.text(fields) + "\n");
    }

    /** Reads the record in a key's folder; nothing if it is missing or damaged. */
    static Optional<CacheUse> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            JsonNode fields = Json.read(Files.readAllBytes(file));
            Instant lastUsed = Instant.parse(fields.path("lastUsed").asText());
            return Optional.of(new CacheUse(
                    fields.path("model").asText(), fields.path("probe").asText(), lastUsed));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
