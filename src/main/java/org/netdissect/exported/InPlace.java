package org.netdissect.exported;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.InputException;

/** Finds the names that a tensor has: operators that change it in place give it another one. */
final class InPlace {
    private final Map<String, String> tensors = new HashMap<>();

    /**
     * Finds the names.
     *
     * @throws InputException if an operator changes a weight
     */
    InPlace(ProgramGraph graph) {
        for (GraphNode node : graph.nodes()) {
            OperatorName operator = OperatorName.of(node.target());
            List<GraphNode.Input> inputs = node.inputs();
            boolean one = node.outputs().size() == 1 && node.outputs().get(0) instanceof GraphArgument.TensorName;
            if (!operator.isInPlace()
                    || inputs.isEmpty()
                    || !one
                    || !(inputs.get(0).value() instanceof GraphArgument.TensorName changed)) {
                continue;
            }
            ProgramGraph.Weight weight = graph.weights().get(tensor(changed.name()));
            if (weight != null) {
                throw TrainingMode.refused(
                        graph.file(), Shown.of(operator.name()) + " changes " + Shown.of(weight.name()));
            }
            node.tensors().forEach(name -> tensors.put(name, tensor(changed.name())));
        }
    }

    /** The first name of the tensor that has this name. */
    String tensor(String name) {
        return tensors.getOrDefault(name, name);
    }
}
