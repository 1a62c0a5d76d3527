package org.netdissect.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorNamesTest {
    private static List<String> stripped(String... names) {
        return List.copyOf(TensorNames.stripped(List.of(names)).values());
    }

    @Test
    void prefixesThatAllNamesHaveAreTakenOff() {
        assertEquals(List.of("conv1.weight", "fc.bias"), stripped("module.conv1.weight", "module.fc.bias"));
        assertEquals(List.of("a", "b"), stripped("_orig_mod.model.module.a", "_orig_mod.model.module.b"));
        assertEquals(List.of("a", "b"), stripped("net.backbone.a", "net.backbone.b"));
    }

    @Test
    void prefixesOfSomeNamesStay() {
        assertEquals(List.of("model.a", "head.b"), stripped("model.a", "head.b"));
        assertEquals(List.of("model", "model.b"), stripped("model", "model.b"));
        assertEquals(List.of("module."), stripped("module."));
    }

    @Test
    void wrappersInsideAreTakenOut() {
        assertEquals(
                List.of("features.0.weight", "classifier.6.bias"),
                stripped("features.module.0.weight", "classifier.6.bias"));
        assertEquals(List.of("a.b", "c.d"), stripped("a.module.module.b", "c._orig_mod.d"));
        assertEquals(List.of("module.0.weight", "fc.bias"), stripped("module.0.weight", "fc.bias"));
    }

    @Test
    void noTwoNamesBecomeEqual() {
        assertEquals(List.of("a.module.b", "a.b"), stripped("a.module.b", "a.b"));
        assertEquals(List.of(), stripped());
    }

    @Test
    void storedNamesLeadToBareOnesInOrder() {
        assertEquals(
                "{module.z=z, module.a=a}",
                TensorNames.stripped(List.of("module.z", "module.a")).toString());
    }
}
