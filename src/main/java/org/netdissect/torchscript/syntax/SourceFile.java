package org.netdissect.torchscript.syntax;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A source file and its statements. */
public record SourceFile(SourceText source, List<Stmt> statements) {
    public static SourceFile parse(SourceText source) {
        return new SourceFile(source, Parser.parse(source));
    }

    /** Names of the classes and functions that the file defines. */
    public Set<String> names() {
        return statements.stream()
                .map(stmt -> stmt instanceof ClassDef type
                        ? type.name()
                        : stmt instanceof MethodDef function ? function.name() : "")
                .collect(Collectors.toSet());
    }
}
