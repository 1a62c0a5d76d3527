package org.netdissect.torchscript.syntax;

import java.util.List;

/** A source file and its statements. */
public record SourceFile(SourceText source, List<Stmt> statements) {
    public static SourceFile parse(SourceText source) {
        return new SourceFile(source, Parser.parse(source));
    }
}
