package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.InputException;

class LayerSelectionTest {
    private static LayerSelection selection(String... names) {
        return new LayerSelection(
                "net.pt",
                List.of(names).stream()
                        .map(name -> new ModuleNode(
                                name, "__torch__.X", List.of(), Optional.of("Tensor"), 1, Optional.empty()))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "layer3,        net.pt: no layer layer3; did you mean base.layer3?",
        "model.conv1,   net.pt: no layer model.conv1; did you mean conv1?",
        "Conv1,         'net.pt: no layer Conv1; did you mean conv1, conv2?'",
        "conv3,         'net.pt: no layer conv3; did you mean conv1, conv2?'",
        "xyzzy.plugh.0, net.pt: no layer xyzzy.plugh.0; the subcommand layers lists them",
        "zzz*,          net.pt: no layer matches zzz*; the subcommand layers lists them"
    })
    void unknownNamesSuggestOthers(String name, String message) {
        LayerSelection selection = selection("conv1", "conv2", "base.layer3");
        assertEquals(
                message,
                assertThrows(InputException.class, () -> selection.select(List.of(name)))
                        .getMessage());
    }

    @Test
    void orderIsTheTreesAndNothingRepeats() {
        assertEquals(List.of("a", "b", "b.c"), selection("a", "b", "b.c", "d").select(List.of("b.c", "b*", "a", "b")));
    }

    @Test
    void networksWithoutLayersSaySo() {
        String message = String.valueOf(
                assertThrows(InputException.class, () -> selection().select(List.of("*")))
                        .getMessage());
        assertTrue(message.contains("has no submodules"), message);
    }
}
