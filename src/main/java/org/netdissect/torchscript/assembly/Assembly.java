package org.netdissect.torchscript.assembly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.netdissect.torchscript.archive.GeneratedArchive;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;

/** Makes a TorchScript archive of modules and tensors. Modules with the same code share a class. */
public final class Assembly {
    private static final String ROOT = "__torch__.";
    private static final Pattern CLASS = Pattern.compile("([A-Za-z_]\\w*\\.)+[A-Za-z_]\\w*", Pattern.UNICODE_CASE);
    /** Greatest length of a class's name, since Java matches repeated groups by recursion. */
    private static final int MAX_CLASS = 1000;

    private static final Pattern ATTRIBUTE = Pattern.compile("[\\w-]+");

    private final Function<String, TensorContent> contents;
    private final PickleWriter pickle = new PickleWriter();
    private final Map<Code, String> classes = new LinkedHashMap<>();
    private final Map<String, StringBuilder> files = new LinkedHashMap<>();
    private final List<TensorContent> tensors = new ArrayList<>();
    private final IdentityHashMap<TensorContent, Integer> storages = new IdentityHashMap<>();

    /** Everything that a class consists of; {@code submodules} are the classes of submodules by name. */
    private record Code(
            String type, Map<String, Boolean> parameters, Map<String, String> submodules, List<String> body) {}

    private Assembly(Function<String, TensorContent> contents) {
        this.contents = contents;
    }

    /**
     * Makes an archive.
     *
     * @param file of the weights, named in errors
     * @param contents numbers of each tensor by dotted name; one object given twice is stored once
     */
    public static GeneratedArchive of(
            Path file, ModuleSpec network, Function<String, TensorContent> contents, Provenance provenance) {
        Assembly assembly = new Assembly(contents);
        String root = assembly.classOf(network);
        assembly.write(network, "");
        Map<String, String> code = new LinkedHashMap<>();
        assembly.files.forEach((path, text) -> code.put(path, text.toString()));
        return new GeneratedArchive(
                file, code, root, assembly.pickle.finished(), List.copyOf(assembly.tensors), provenance);
    }

    /** The qualified class of a module, made on first use after those of its submodules. */
    private String classOf(ModuleSpec module) {
        Map<String, String> submodules = new LinkedHashMap<>();
        module.submodules().forEach((name, submodule) -> submodules.put(name, classOf(submodule)));
        Map<String, Boolean> parameters = new LinkedHashMap<>();
        module.tensors().forEach((name, slot) -> parameters.put(name, slot.parameter()));
        Code code = new Code(module.type(), parameters, submodules, module.body());
        String known = classes.get(code);
        if (known != null) {
            return known;
        }
        if (module.type().length() > MAX_CLASS) {
            throw new IllegalArgumentException("the name of a class is longer than " + MAX_CLASS);
        }
        String name = newName(checked(CLASS, module.type()));
        classes.put(code, name);
        String path = name.substring(0, name.lastIndexOf('.')).replace('.', '/') + ".py";
        files.computeIfAbsent(path, key -> new StringBuilder()).append(text(name, code));
        return name;
    }

    /** PyTorch's names: classes of one name get a folder each, from the second on. */
    private String newName(String type) {
        if (!classes.containsValue(ROOT + type)) {
            return ROOT + type;
        }
        int dot = type.lastIndexOf('.');
        return ROOT + type.substring(0, dot) + ".___torch_mangle_" + classes.size() + type.substring(dot);
    }

    private static String text(String name, Code code) {
        StringBuilder text = new StringBuilder("class " + name.substring(name.lastIndexOf('.') + 1) + "(Module):\n");
        text.append("  __parameters__ = [").append(quoted(code, true)).append("]\n");
        text.append("  __buffers__ = [").append(quoted(code, false)).append("]\n");
        code.parameters().keySet().forEach(tensor -> text.append(declared(tensor, "Tensor")));
        // libtorch's eval() asserts that each module has it
        text.append("  training : bool\n");
        code.submodules().forEach((attribute, type) -> text.append(declared(attribute, type)));
        text.append("  def forward(self: ").append(name).append(",\n    x: Tensor) -> Tensor:\n");
        code.body().forEach(line -> text.append("    ").append(line).append('\n'));
        return text.toString();
    }

    private static String declared(String attribute, String type) {
        return ModuleBuilder.isName(checked(ATTRIBUTE, attribute))
                ? "  " + attribute + " : " + type + "\n"
                : "  __annotations__[\"" + attribute + "\"] = " + type + "\n";
    }

    private static String quoted(Code code, boolean parameters) {
        StringBuilder names = new StringBuilder();
        code.parameters().forEach((name, parameter) -> {
            if (parameter == parameters) {
                names.append('"').append(name).append("\", ");
            }
        });
        return names.toString();
    }

    private static String checked(Pattern pattern, String name) {
        if (!pattern.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of TorchScript: " + name);
        }
        return name;
    }

    private void write(ModuleSpec module, String path) {
        pickle.beginObject(classOf(module));
        module.tensors().keySet().forEach(name -> {
            pickle.string(name);
            TensorContent content = contents.apply(path + name);
            int storage = storages.computeIfAbsent(content, added -> {
                tensors.add(added);
                return tensors.size() - 1;
            });
            pickle.tensor(content, storage);
        });
        pickle.string("training");
        pickle.bool(false);
        module.submodules().forEach((name, submodule) -> {
            pickle.string(name);
            write(submodule, path + name + ".");
        });
        pickle.endObject();
    }
}
