package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.SharedData;

class LayersCommandTest {
    private static JsonNode rows(Object... args) throws IOException {
        Object[] all =
                Stream.concat(Stream.of("layers", "--json"), Stream.of(args)).toArray();
        return rows(0, all);
    }

    private static JsonNode rows(int code, Object[] all) throws IOException {
        Cli run = Cli.run(all);
        assertEquals(code, run.code(), run.toString());
        return new ObjectMapper().readTree(run.out()).path("rows");
    }

    private static JsonNode row(JsonNode rows, String name) {
        return StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> row.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSampleNetwork() throws IOException {
        Path model = Path.of("broden-sample", "scenenet.pt");
        assertEquals("160 x 14x14", row(rows(model), "layer5").path("shape").asText());
        assertEquals(
                "160 x 7x8",
                row(rows(model, "--input-size", "112,128"), "layer5")
                        .path("shape")
                        .asText());
        assertEquals(
                "160 x 14x14",
                row(rows(model, "--probe", "broden-sample"), "layer5")
                        .path("shape")
                        .asText());
        Cli text = Cli.run("layers", model);
        assertTrue(
                text.out().lines().anyMatch(line -> line.matches("layer5 +\\w+ +160 x 14x14 +\\d+ +16 +[\\d.]+ +yes")),
                text.out());
    }

    @ParameterizedTest
    @CsvSource({
        "squeezenet1_1bn-places365.traced,fire9,512 x 13x13",
        "squeezenet1_1bn-places365.scripted,fire5.expand3x3,128 x 27x27",
        "squeezenet1_0-imagenet.traced,features.12,512 x 13x13",
        "squeezenet1_0-imagenet.scripted,features.0,96 x 109x109",
    })
    void realNetworks(String model, String layer, String shape) throws IOException {
        JsonNode rows = rows(SharedData.require("models/" + model + ".pt"));
        assertEquals(shape, row(rows, layer).path("shape").asText());
        assertTrue(row(rows, layer).path("canBeDissected").asBoolean());
    }

    @ParameterizedTest
    @CsvSource({"scripted_ssd,base_net.0,0", "d2go_partly_quantised,model.model.backbone,2", "scripted_mlp,1,1"})
    void oddArchivesListTheirLayers(String archive, String layer, int code) throws IOException {
        // the layers are listed even if the network does not run; the exit code is that of dissect
        Object[] args = {"layers", "--json", SharedData.require("torchscript/" + archive + ".pt")};
        JsonNode rows = rows(code, args);
        assertEquals(layer, row(rows, layer).path("name").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "squeezenet1_1bn-places365.traced,fire5,63,8,6",
        "squeezenet1_1bn-places365.scripted,fire5,63,8,6",
        "squeezenet1_1bn-places365.traced,fire9,207,16,14",
        "squeezenet1_1bn-places365.scripted,fire9,207,16,14",
        "squeezenet1_0-imagenet.traced,features.12,155,16,17",
        "squeezenet1_0-imagenet.scripted,features.12,155,16,17",
    })
    void receptiveFieldsOfRealNetworks(String model, String layer, long size, long stride, double centre)
            throws IOException {
        JsonNode field =
                row(rows(SharedData.require("models/" + model + ".pt")), layer).path("receptiveField");
        for (int axis = 0; axis < 2; axis++) {
            assertEquals(size, field.path("size").path(axis).asLong());
            assertEquals(stride, field.path("stride").path(axis).asLong());
            assertEquals(centre, field.path("centre").path(axis).asDouble());
        }
    }

    @Test
    void unknownFieldsSayWhy() throws IOException {
        Path model = Path.of("broden-sample", "scenenet.pt");
        Cli text = Cli.run("layers", model);
        assertTrue(text.out().contains(": its units see the whole image"), text.out());
    }

    @Test
    void aNetworkWithoutSubmodulesSaysSo() {
        Cli run = Cli.run("layers", SharedData.require("torchscript/tiny_no_submodules.pt"));
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("no submodules"), run.toString());
    }
}
