package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;

/** Transformers and ConvNeXt: sizes of images, old names, and the network that is not built. */
class TransformersTest {
    private static final int CLASSES = 1000;
    private static final Vits VITS = new Vits();

    /** Counts that torchvision publishes with its weights ({@code num_params}). */
    @ParameterizedTest
    @CsvSource({
        "convnext_tiny,28589128",
        "convnext_small,50223688",
        "convnext_base,88591464",
        "convnext_large,197767336",
        "vit_b_16,86567656",
        "vit_b_32,88224232",
        "vit_l_16,304326632",
        "vit_l_32,306535400",
        "vit_h_14,632045800",
        "swin_t,28288354",
        "swin_s,49606258",
        "swin_b,87768224",
        "swin_v2_t,28351570",
        "swin_v2_s,49737442",
        "swin_v2_b,87930848"
    })
    void parametersAreAsManyAsPublished(String name, long published) {
        assertEquals(published, FamilyFile.parameters(FamilyTensorsTest.network(name), CLASSES));
    }

    @Test
    void positionsTellTheSizeOfImages() {
        assertEquals(List.of("vit_b_32_768"), suggested(32, 1L, 577L, 768L));
        assertEquals(List.of("vit_b_16_384"), suggested(16, 1L, 577L, 768L));
        Architecture network = VITS.suggested(sizes(16, 1L, 577L, 768L)).get(0);
        assertEquals(new GridSize(384, 384), network.inputSize());
        assertTrue(network.fixedSize());
        assertEquals(
                List.of(1L, 577L, 768L),
                Objects.requireNonNull(
                                network.network().apply(CLASSES).allTensors().get("encoder.pos_embedding"))
                        .sizes());
        assertEquals(List.of(), suggested(16, 1L, 197L, 768L), "the published size");
        assertEquals(List.of(), suggested(16, 1L, 200L, 768L), "no square of patches");
        assertEquals(List.of(), suggested(16, 1L, 577L, 384L));
        assertEquals(List.of(), suggested(16, 577L, 768L));
        assertEquals(List.of(), suggested(16, 1L, 0L, 768L));
        assertEquals(List.of(), VITS.suggested(Map.of()));
    }

    private static List<String> suggested(long patch, Long... positions) {
        return VITS.suggested(sizes(patch, positions)).stream()
                .map(Architecture::name)
                .toList();
    }

    private static Map<String, List<Long>> sizes(long patch, Long... positions) {
        long width = positions[positions.length - 1];
        return Map.of(
                "encoder.pos_embedding", List.of(positions), "conv_proj.weight", List.of(width, 3L, patch, patch));
    }

    @Test
    void namesOfOldVitFiles() {
        String block = "encoder.layers.encoder_layer_11.mlp.";
        assertEquals(block + "0.weight", VITS.canonical(block + "linear_1.weight"));
        assertEquals(block + "3.bias", VITS.canonical(block + "linear_2.bias"));
        assertEquals(block + "3.bias", VITS.canonical(block + "3.bias"));
    }
}
