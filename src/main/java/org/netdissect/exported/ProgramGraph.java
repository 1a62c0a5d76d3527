package org.netdissect.exported;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.netdissect.base.InputException;

/**
 * A network as a list of operators.
 *
 * @param file names it in errors
 * @param image name of the images
 * @param imageMeta their type and sizes
 * @param weights tensors of the network by their names in the graph
 * @param weightMeta their types and sizes, where the graph tells them
 * @param nodes in order of execution
 * @param output name of the first tensor that it gives
 */
record ProgramGraph(
        String file,
        String image,
        TensorMeta imageMeta,
        Map<String, Weight> weights,
        Map<String, TensorMeta> weightMeta,
        List<GraphNode> nodes,
        String output) {
    /** Far above any network: the largest tested one has 1,500. */
    private static final int MAX_NODES = 100_000;

    /** Most values that one operator takes, such as tensors to be joined. */
    private static final int MAX_USES = 10_000;

    /**
     * A tensor of the network.
     *
     * @param name dotted
     */
    record Weight(String name, boolean parameter) {}

    /**
     * Reads a program.
     *
     * @throws InputException if it is damaged, of a newer schema, or takes or gives what a network of images does not
     */
    static ProgramGraph read(String file, JsonPart program) {
        SchemaVersion.check(file, program);
        JsonPart module = program.at("graph_module");
        JsonPart graph = module.at("graph");
        GraphSignature signature = GraphSignature.read(file, module.at("signature"));
        List<JsonPart> parts = graph.at("nodes").items();
        if (parts.size() > MAX_NODES) {
            throw graph.wrong("has more than " + MAX_NODES + " nodes");
        }
        ModuleStacks stacks = new ModuleStacks();
        List<GraphNode> nodes =
                parts.stream().map(part -> GraphNode.read(part, stacks)).toList();
        JsonPart sizes = graph.at("tensor_values");
        JsonPart image = sizes.find(signature.image())
                .orElseThrow(() -> graph.wrong("has no sizes of its input " + Shown.of(signature.image())));
        Map<String, TensorMeta> weightMeta = new HashMap<>();
        signature
                .weights()
                .keySet()
                .forEach(name -> sizes.find(name).ifPresent(meta -> weightMeta.put(name, TensorMeta.read(meta))));
        ProgramGraph read = new ProgramGraph(
                file,
                signature.image(),
                TensorMeta.read(image),
                signature.weights(),
                weightMeta,
                nodes,
                signature.output());
        read.checkNames();
        return read;
    }

    private void checkNames() {
        Set<String> known = new HashSet<>(weights.keySet());
        known.add(image);
        for (GraphNode node : nodes) {
            if (node.uses().count() > MAX_USES) {
                throw new InputException(
                        file + ": damaged: " + Shown.of(node.target()) + " takes more than " + MAX_USES + " values");
            }
            node.uses().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
                throw new InputException(file + ": damaged: " + Shown.of(node.target()) + " uses " + Shown.of(name)
                        + ", which nothing before it gives");
            });
            node.outputs().stream().flatMap(GraphArgument::names).forEach(name -> {
                if (!known.add(name)) {
                    throw new InputException(file + ": damaged: two values are called " + Shown.of(name));
                }
            });
        }
        if (!known.contains(output)) {
            throw new InputException(file + ": damaged: its output " + Shown.of(output) + " is never computed");
        }
    }

    /**
     * Compares a weight's sizes with those that the graph was made for.
     *
     * @param label names the weight in errors
     */
    void checkSizes(String weight, String label, List<Long> sizes) {
        TensorMeta meta = weightMeta.get(weight);
        if (meta != null && !meta.fixedSizes().orElse(sizes).equals(sizes)) {
            throw new InputException(label + ": has sizes " + sizes + ", but the graph expects "
                    + meta.fixedSizes().orElse(List.of()));
        }
    }

    /** The weights that operators use. */
    Map<String, Weight> usedWeights() {
        Map<String, Weight> used = new LinkedHashMap<>();
        nodes.stream().flatMap(GraphNode::uses).forEach(name -> {
            Weight weight = weights.get(name);
            if (weight != null) {
                used.put(name, weight);
            }
        });
        return used;
    }

    /** Position of the last node that uses a value, by name; the number of nodes for the output. */
    Map<String, Integer> lastUses() {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            int at = i;
            nodes.get(i).uses().forEach(name -> last.put(name, at));
        }
        last.put(output, nodes.size());
        return last;
    }
}
