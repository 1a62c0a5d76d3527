package org.netdissect.torchscript;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;
import org.netdissect.torchscript.syntax.Stmt;

/** All classes of an archive by qualified name. */
public final class ClassIndex {
    private final Map<String, ModuleClass> classes = new HashMap<>();
    private final Map<String, MethodDef> functions = new HashMap<>();
    private final Map<String, Map<String, ModuleClass>> submodules = new HashMap<>();

    /**
     * Indexes the classes and functions of all source files.
     *
     * @param codeFolder {@code <root>/code/}, to which qualified names are relative
     */
    static ClassIndex of(String codeFolder, Map<String, SourceFile> code) {
        ClassIndex index = new ClassIndex();
        code.forEach((entry, file) -> {
            SourceText source = file.source();
            String path = entry.substring(codeFolder.length(), entry.length() - ".py".length());
            for (Stmt stmt : file.statements()) {
                if (stmt instanceof ClassDef definition) {
                    index.add(
                            source,
                            new ModuleClass(path.replace('/', '.') + "." + definition.name(), entry, definition));
                } else if (stmt instanceof MethodDef function) {
                    index.functions.put(path.replace('/', '.') + "." + function.name(), function);
                }
            }
        });
        return index;
    }

    private void add(SourceText source, ModuleClass added) {
        if (classes.put(added.name(), added) != null) {
            throw source.error(added.definition().span().line(), "class " + added.name() + " is defined twice");
        }
    }

    Optional<ModuleClass> find(String name) {
        return Optional.ofNullable(classes.get(name));
    }

    /** A function outside classes, by qualified name. */
    public Optional<MethodDef> function(String name) {
        return Optional.ofNullable(functions.get(name));
    }

    /** The submodules by attribute name, in declaration order; their class may be an interface. */
    public Map<String, ModuleClass> submodules(ModuleClass owner) {
        return submodules.computeIfAbsent(owner.name(), name -> {
            Map<String, ModuleClass> found = new LinkedHashMap<>();
            owner.definition()
                    .attributes()
                    .forEach((attribute, type) -> type.dotted()
                            .flatMap(this::find)
                            .filter(child -> child.definition().kind() == ClassDef.Kind.MODULE || child.isInterface())
                            .ifPresent(child -> found.put(checked(owner, attribute), child)));
            return found;
        });
    }

    private static String checked(ModuleClass owner, String attribute) {
        if (attribute.isEmpty() || attribute.contains(".")) {
            throw new InputException(owner.name() + ": '" + attribute + "' cannot name a submodule");
        }
        return attribute;
    }
}
