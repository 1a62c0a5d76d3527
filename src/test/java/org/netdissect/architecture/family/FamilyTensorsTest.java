package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** The networks' tensors and modules are those that PyTorch has. */
class FamilyTensorsTest {
    static Stream<String> networks() {
        return FamilyFile.torchvision(Families.ALL).stream().map(Architecture::name);
    }

    static Architecture network(String name) {
        return Families.ALL.stream()
                .flatMap(family -> family.known().stream())
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void tensorsAndModulesAreTorchvisions(String name) throws IOException {
        FamilyFile expected = FamilyFile.of(name);
        Architecture network = network(name);
        ModuleSpec made = network.network().apply(1000);
        Map<String, List<Long>> sizes = new TreeMap<>();
        made.allTensors().forEach((tensor, slot) -> sizes.put(tensor, slot.sizes()));

        assertEquals(expected.tensors(network.extras()), sizes);
        assertEquals(expected.modules(network.extras()), FamilyFile.modules(made));
        if (network.fixedSize()) {
            assertEquals(expected.side(), network.inputSize().height());
        }
        // some weights were made with larger images than those of the account
        assertTrue(network.inputSize().height() >= expected.side());
        assertEquals(1000, Objects.requireNonNull(sizes.get(network.head())).get(0));
    }

    /** torchvision's documentation has these numbers. */
    @ParameterizedTest
    @CsvSource({
        "alexnet, 61100840",
        "vgg11, 132863336",
        "vgg16_bn, 138365992",
        "vgg19, 143667240",
        "resnet18, 11689512",
        "wideresnet18-places365, 11689512",
        "resnet50, 25557032",
        "resnet152-caffe, 60192808",
        "resnext101_64x4d, 83455272",
        "wide_resnet101_2, 126886696",
        "squeezenet1_0, 1248424",
        "squeezenet1_1, 1235496",
        "densenet121, 7978856",
        "densenet161, 28681000",
        // without the heads that only training uses: 13004888 and 27161264 with them
        "googlenet, 6624904",
        "inception_v3, 23834568",
    })
    void parametersAreAsManyAsPublished(String name, long parameters) {
        assertEquals(parameters, FamilyFile.parameters(network(name), 1000));
    }

    /** Table 6 of the paper, in millions: 0.27, 0.46, 0.66, 0.85, 1.7, 19.4. */
    @ParameterizedTest
    @CsvSource({
        "cifar-resnet20, 269722",
        "cifar-resnet32, 464154",
        "cifar-resnet44, 658586",
        "cifar-resnet56, 853018",
        "cifar-resnet110, 1727962",
        "cifar-resnet1202, 19421274",
    })
    void parametersOfCifarNetworksAreAsManyAsPublished(String name, long parameters) {
        assertEquals(parameters, FamilyFile.parameters(network(name), 10));
    }
}
