package org.netdissect.exported;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.InputException;

/** Tells a graph's input from its weights. Reads one signature. */
final class GraphSignature {
    private final String file;
    private final List<String> images = new ArrayList<>();
    private final Map<String, ProgramGraph.Weight> weights = new LinkedHashMap<>();
    private final List<GraphArgument> outputs = new ArrayList<>();

    private GraphSignature(String file) {
        this.file = file;
    }

    /**
     * Reads a signature.
     *
     * @throws InputException if the network does not take one tensor or gives none
     */
    static GraphSignature read(String file, JsonPart part) {
        GraphSignature signature = new GraphSignature(file);
        if (part.has("input_specs")) {
            part.at("input_specs").items().forEach(spec -> signature.input(spec.choice()));
            part.at("output_specs").items().forEach(spec -> signature.output(spec.choice()));
        } else {
            signature.readFirstSchema(part);
        }
        if (signature.images.size() != 1) {
            throw new InputException(file + ": the network takes " + signature.images.size()
                    + " tensors"
                    + (signature.images.isEmpty() ? "" : " (" + Shown.of(String.join(", ", signature.images)) + ")")
                    + "; expected one, the images; export a network that takes only them");
        }
        if (!(signature.outputs.stream().findFirst().orElse(new GraphArgument.None())
                instanceof GraphArgument.TensorName)) {
            throw new InputException(
                    file + ": the network's first output is no tensor; export one that gives a tensor");
        }
        return signature;
    }

    /** PyTorch 2.1 writes names only. */
    private void readFirstSchema(JsonPart part) {
        for (boolean parameter : new boolean[] {true, false}) {
            JsonPart names = part.at(parameter ? "inputs_to_parameters" : "inputs_to_buffers");
            names.fields()
                    .forEach(name -> weights.put(
                            name, new ProgramGraph.Weight(names.at(name).text(), parameter)));
        }
        part.at("user_inputs").items().forEach(name -> images.add(name.text()));
        part.at("user_outputs").items().forEach(name -> outputs.add(new GraphArgument.TensorName(name.text())));
    }

    private void input(JsonPart.Choice spec) {
        JsonPart value = spec.value();
        switch (spec.kind()) {
            case "user_input" -> ArgumentReader.read(value.at("arg")).names().forEach(images::add);
            case "parameter" -> weight(value, "parameter_name", true);
            case "buffer" -> weight(value, "buffer_name", false);
            case "tensor_constant" -> weight(value, "tensor_constant_name", false);
            default -> {
                // objects and tokens: refused where an operator uses them
            }
        }
    }

    private void weight(JsonPart value, String field, boolean parameter) {
        String name = value.at("arg").at("name").text();
        weights.put(name, new ProgramGraph.Weight(value.at(field).text(), parameter));
    }

    private void output(JsonPart.Choice spec) {
        switch (spec.kind()) {
            case "user_output" -> outputs.add(ArgumentReader.read(spec.value().at("arg")));
            case "buffer_mutation", "parameter_mutation" ->
                throw TrainingMode.refused(file, "it changes " + Shown.of(changed(spec.value())));
            default ->
                throw new InputException(
                        file + ": the network gives " + Shown.of(spec.kind()) + "; expected an export for evaluation");
        }
    }

    private static String changed(JsonPart mutation) {
        return mutation.find("buffer_name")
                .or(() -> mutation.find("parameter_name"))
                .map(JsonPart::text)
                .orElse("its weights");
    }

    String image() {
        return images.get(0);
    }

    Map<String, ProgramGraph.Weight> weights() {
        return weights;
    }

    /** The first tensor that the network gives. */
    String output() {
        return ((GraphArgument.TensorName) outputs.get(0)).name();
    }
}
