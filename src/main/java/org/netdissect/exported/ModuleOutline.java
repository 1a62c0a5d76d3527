package org.netdissect.exported;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/** A module with its submodules and tensors while they are collected. Submodules return their argument. */
final class ModuleOutline {
    /** Far above any network, since names are foreign. */
    private static final int MAX_MODULES = 20_000;

    private final Root root;
    private String type = "torch.nn.modules.module.Module";
    private final Map<String, ModuleOutline> submodules = new LinkedHashMap<>();
    private final Map<String, TensorSlot> tensors = new LinkedHashMap<>();

    /** What the modules of a network share. */
    private static final class Root {
        private final String file;
        private int modules;

        Root(String file) {
            this.file = file;
        }
    }

    private ModuleOutline(Root root) {
        this.root = root;
        if (++root.modules > MAX_MODULES) {
            throw new InputException(root.file + ": names more than " + MAX_MODULES + " modules");
        }
    }

    /** A network without modules. */
    static ModuleOutline of(String file) {
        return new ModuleOutline(new Root(file));
    }

    /** The module at a path, made where it is missing. */
    ModuleOutline at(List<String> path) {
        ModuleOutline module = this;
        for (String attribute : path) {
            if (module.tensors.containsKey(attribute)) {
                throw new InputException(root.file + ": " + String.join(".", path) + " is a module and a tensor");
            }
            ModuleOutline outer = module;
            module = outer.submodules.computeIfAbsent(attribute, name -> new ModuleOutline(root));
        }
        return module;
    }

    void type(String qualified) {
        type = ModulePath.type(qualified);
    }

    /** Declares a tensor; returns the name of its attribute, which differs where a module or a digit is in the way. */
    String tensor(String attribute, TensorSlot slot) {
        String free = Character.isDigit(attribute.charAt(0)) ? "p" + attribute : attribute;
        while (tensors.containsKey(free) || submodules.containsKey(free)) {
            free += "_";
        }
        tensors.put(free, slot);
        return free;
    }

    /** The module with this code. */
    ModuleSpec spec(List<String> code) {
        ModuleBuilder builder = new ModuleBuilder(type);
        tensors.forEach(builder::tensor);
        submodules.forEach(
                (name, module) -> builder.child(name, module.spec(List.of("return " + ModuleBuilder.INPUT))));
        code.forEach(builder::line);
        return builder.build();
    }
}
