package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.SharedData;

/** {@code layers} and {@code dissect} agree on each layer of difficult networks. */
class LayersAgreeTest {
    @TempDir
    Path folder;

    private Cli dissect(Path model, String layer, List<String> input) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", model, "--layer", layer));
        args.addAll(List.of("--probe", SharedData.require("cases/probe64"), "--no-report", "--baseline", "none"));
        args.addAll(List.of("--no-cache", "--overwrite", "--out", folder.resolve("out")));
        args.addAll(input);
        return Cli.run(args.toArray());
    }

    @Test
    void ofAllCases() throws IOException {
        List<Path> models;
        try (Stream<Path> files = Files.walk(SharedData.require("cases"))) {
            models = files.filter(file -> file.toString().endsWith(".pt"))
                    .sorted()
                    .toList();
        }
        int layers = 0;
        for (Path model : models) {
            Cli listed = Cli.run("layers", "--json", "--input-size", "64,64", model);
            List<String> input = model.endsWith("ch1.pt")
                    ? List.of("--mean", "0.5", "--std", "0.25")
                    : List.of("--preprocess", "imagenet");
            if (listed.out().isEmpty()) {
                assertEquals(listed.code(), dissect(model, "any", input).code(), listed.toString());
                continue;
            }
            for (JsonNode row : new ObjectMapper().readTree(listed.out()).path("rows")) {
                Cli run = dissect(model, row.path("name").asText(), input);
                boolean said = listed.code() == 0 && row.path("canBeDissected").asBoolean();
                assertEquals(said, run.code() == 0, model + "\n" + row + "\n" + listed.err() + run);
                layers++;
            }
        }
        assertTrue(layers > 40, layers + " layers");
    }
}
