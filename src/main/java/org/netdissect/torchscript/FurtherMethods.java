package org.netdissect.torchscript;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;
import org.netdissect.torchscript.syntax.Stmt;

/** Reads methods that a caller adds to the network's class from their source. */
final class FurtherMethods {
    private final Path file;
    private final ModuleClass root;
    private final Set<String> taken;

    /** @param added methods that the class gets from edits */
    FurtherMethods(Path file, ModuleClass root, List<MethodDef> added) {
        this.file = file;
        this.root = root;
        this.taken = new HashSet<>(root.methods().keySet());
        taken.addAll(root.definition().attributes().keySet());
        added.forEach(method -> taken.add(method.name()));
    }

    /**
     * The methods of the text, whose receivers get the class as their type.
     *
     * @throws InputException if the text is no list of methods, or a name is taken
     */
    List<MethodDef> parsed(String text) {
        SourceText source = new SourceText(file + ": added methods", text);
        List<MethodDef> methods = new ArrayList<>();
        for (Stmt stmt : SourceFile.parse(source).statements()) {
            if (!(stmt instanceof MethodDef method) || method.parameters().isEmpty()) {
                throw source.error(stmt.span().line(), "expected a method, def name(self, ...)");
            }
            if (!taken.add(method.name())) {
                throw source.error(
                        method.span().line(),
                        "the network has a method or attribute " + method.name() + " already; choose another name");
            }
            methods.add(received(method));
        }
        return methods;
    }

    private MethodDef received(MethodDef method) {
        List<MethodDef.Parameter> parameters = new ArrayList<>(method.parameters());
        MethodDef.Parameter self = parameters.get(0);
        parameters.set(
                0,
                new MethodDef.Parameter(
                        self.name(), Optional.of(LeakyOperators.dotted(root.name())), Optional.empty()));
        return new MethodDef(
                method.span(), method.decorators(), method.name(), parameters, method.returns(), method.body());
    }
}
