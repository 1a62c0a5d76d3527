package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.netdissect.base.Json;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/** PyTorch's own account of a network with weights by the formula, a JSON file of the shared checkpoints. */
final class FamilyFile {
    private static final String FOLDER = "checkpoints/families";

    private final JsonNode root;
    private final Path logits;

    private FamilyFile(JsonNode root, Path logits) {
        this.root = root;
        this.logits = logits;
    }

    /** Skips the test where there is none. */
    static FamilyFile of(String network) throws IOException {
        SharedData.require(FOLDER);
        Optional<FamilyFile> file = find(network);
        assumeTrue(file.isPresent(), () -> "skipped: " + network + " is not among the shared " + FOLDER);
        return file.orElseThrow();
    }

    /** The account of a network, if it is among them. */
    static Optional<FamilyFile> find(String network) throws IOException {
        Path folder = SharedData.path(FOLDER);
        Path file = folder.resolve(network + ".json");
        return Files.exists(file)
                ? Optional.of(
                        new FamilyFile(Json.read(Files.readAllBytes(file)), folder.resolve(network + ".logits.npy")))
                : Optional.empty();
    }

    /** torchvision's networks as its constructors make them, smallest first. */
    static List<Architecture> torchvision(List<Family> families) {
        return families.stream()
                .flatMap(family -> family.known().stream())
                .filter(network -> !network.onRequest() && network.origin().equals("torchvision's"))
                .sorted(Comparator.comparingLong(network -> parameters(network, 1000)))
                .toList();
    }

    /** Number of parameters. */
    static long parameters(Architecture network, int classes) {
        return network.network().apply(classes).allTensors().values().stream()
                .filter(TensorSlot::parameter)
                .mapToLong(slot -> slot.sizes().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }

    /** Sizes by name, without {@code num_batches_tracked} and the tensors that evaluation does not use. */
    Map<String, List<Long>> tensors(List<String> extras) {
        Map<String, List<Long>> tensors = new TreeMap<>();
        for (JsonNode tensor : root.get("tensors")) {
            String name = tensor.get(0).textValue();
            if (!name.endsWith("num_batches_tracked") && !matches(name, extras)) {
                tensors.put(name, longs(tensor.get(1)));
            }
        }
        return tensors;
    }

    /** Classes by module name, without those that evaluation does not use. */
    Map<String, String> modules(List<String> extras) {
        Map<String, String> modules = new TreeMap<>();
        for (JsonNode module : root.get("modules")) {
            String name = module.get(0).textValue();
            if (!matches(name + ".", extras)) {
                modules.put(name, module.get(1).textValue());
            }
        }
        return modules;
    }

    /** Classes by module name of a network that is to be generated. */
    static Map<String, String> modules(ModuleSpec network) {
        Map<String, String> modules = new TreeMap<>();
        addModules(network, "", modules);
        return modules;
    }

    private static void addModules(ModuleSpec network, String path, Map<String, String> modules) {
        network.submodules().forEach((name, module) -> {
            modules.put(path + name, module.type().substring(module.type().lastIndexOf('.') + 1));
            addModules(module, path + name + ".", modules);
        });
    }

    private static boolean matches(String name, List<String> patterns) {
        return patterns.stream()
                .anyMatch(pattern -> name.matches(pattern.replace(".", "\\.").replace("*", ".*")));
    }

    /** Side of the square image. */
    int side() {
        return root.get("size").intValue();
    }

    Path logits() {
        return logits;
    }

    /** The output of a module. */
    record Output(String layer, List<Long> shape, double sum, double absolute) {}

    List<Output> layers() {
        List<Output> outputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.get("layers").properties()) {
            JsonNode output = field.getValue();
            outputs.add(new Output(
                    field.getKey(),
                    longs(output.get("shape")),
                    output.get("sum").doubleValue(),
                    output.get("abs").doubleValue()));
        }
        return outputs;
    }

    private static List<Long> longs(JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.longValue()));
        return numbers;
    }
}
