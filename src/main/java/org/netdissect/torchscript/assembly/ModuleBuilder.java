package org.netdissect.torchscript.assembly;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.netdissect.torchscript.archive.ElementType;

/** Builds a {@link ModuleSpec}. The methods add in order, as a network's constructor and {@code forward} do. */
public final class ModuleBuilder {
    /** The argument of {@code forward}. */
    public static final String INPUT = "x";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

    /** Words of the language that no attribute may be written as. */
    private static final Set<String> KEYWORDS = Set.of(
            ("False None True and as assert async await break class continue def del elif else except finally for from"
                            + " global if import in is lambda nonlocal not or pass raise return try while with yield")
                    .split(" "));

    private final String type;
    private final Map<String, TensorSlot> tensors = new LinkedHashMap<>();
    private final Map<String, ModuleSpec> submodules = new LinkedHashMap<>();
    private final List<String> body = new ArrayList<>();

    /** Starts a module of a qualified class, such as {@code torchvision.models.resnet.BasicBlock}. */
    public ModuleBuilder(String type) {
        this.type = type;
    }

    /** Adds a parameter of 32-bit numbers. */
    public ModuleBuilder parameter(String name, long... sizes) {
        return tensor(name, new TensorSlot(LongStream.of(sizes).boxed().toList(), ElementType.FLOAT, true));
    }

    /** Adds a buffer of 32-bit numbers. */
    public ModuleBuilder buffer(String name, long... sizes) {
        return tensor(name, new TensorSlot(LongStream.of(sizes).boxed().toList(), ElementType.FLOAT, false));
    }

    /** Adds a parameter or buffer of any type. */
    public ModuleBuilder tensor(String name, TensorSlot slot) {
        tensors.put(name, slot);
        return this;
    }

    /** Adds a submodule. */
    public ModuleBuilder child(String name, ModuleSpec module) {
        submodules.put(name, module);
        return this;
    }

    /** Adds a statement. */
    public ModuleBuilder line(String statement) {
        body.add(statement);
        return this;
    }

    /** Assigns a value: {@code name = value}. */
    public ModuleBuilder let(String name, String value) {
        return line(name + " = " + value);
    }

    /** Runs submodules one after the other: {@code name} becomes the last one's output for {@code value}. */
    public ModuleBuilder run(String name, String value, String... children) {
        String input = value;
        for (String child : children) {
            let(name, call(child, input));
            input = name;
        }
        return this;
    }

    /** Runs all submodules that were added so far one after the other. */
    public ModuleBuilder runChildren() {
        return run(INPUT, INPUT, submodules.keySet().toArray(String[]::new));
    }

    /** Runs all submodules one after the other and returns the last one's output. */
    public ModuleBuilder runAll() {
        return runChildren().returns(INPUT);
    }

    /** Ends {@code forward}. */
    public ModuleBuilder returns(String value) {
        return line("return " + value);
    }

    /** The call of a submodule. */
    public static String call(String child, String argument) {
        return "(" + attribute(child) + ").forward(" + argument + ", )";
    }

    /** An attribute of the module as TorchScript writes it. */
    public static String attribute(String name) {
        return isName(name) ? "self." + name : "getattr(self, \"" + name + "\")";
    }

    /** Whether TorchScript's code may spell out an attribute's name; not so {@code 0}, {@code in} and {@code block1-0}. */
    static boolean isName(String attribute) {
        return NAME.matcher(attribute).matches() && !KEYWORDS.contains(attribute);
    }

    /** The finished module. */
    public ModuleSpec build() {
        return new ModuleSpec(
                type,
                Collections.unmodifiableMap(new LinkedHashMap<>(tensors)),
                Collections.unmodifiableMap(new LinkedHashMap<>(submodules)),
                List.copyOf(body));
    }
}
