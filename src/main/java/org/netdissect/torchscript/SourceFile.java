package org.netdissect.torchscript;

import java.util.List;

/** A source file and its statements. */
record SourceFile(SourceText source, List<Stmt> statements) {
    static SourceFile parse(SourceText source) {
        return new SourceFile(source, Parser.parse(source));
    }
}
