package org.netdissect.torchscript.assembly;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module to generate.
 *
 * @param type qualified class, such as {@code torch.nn.modules.conv.Conv2d}
 * @param tensors by attribute name, in order
 * @param submodules by attribute name, in order
 * @param body statements of {@code forward}, TorchScript's own spelling; its argument is {@code x}
 */
public record ModuleSpec(
        String type, Map<String, TensorSlot> tensors, Map<String, ModuleSpec> submodules, List<String> body) {

    /** Adds the tensors of this module and those inside it, by dotted name, in PyTorch's order. */
    public Map<String, TensorSlot> allTensors() {
        Map<String, TensorSlot> all = new LinkedHashMap<>();
        addTensors("", all);
        return all;
    }

    private void addTensors(String path, Map<String, TensorSlot> all) {
        tensors.forEach((name, slot) -> all.put(path + name, slot));
        submodules.forEach((name, module) -> module.addTensors(path + name + ".", all));
    }
}
