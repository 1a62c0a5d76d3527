package org.netdissect.torchscript;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Walks over trees. */
final class Trees {
    private Trees() {}

    /** All statements below this one and itself, each before its blocks. */
    static Stream<Stmt> statements(Stmt stmt) {
        return Stream.concat(
                Stream.of(stmt),
                stmt.blocks().stream().flatMap(block -> block.stream().flatMap(Trees::statements)));
    }

    /** All expressions of a statement and of its blocks, each before its children. */
    static Stream<Expr> expressions(Stmt stmt) {
        return statements(stmt).flatMap(each -> each.expressions().stream()).flatMap(Trees::expressions);
    }

    private static Stream<Expr> expressions(Expr expr) {
        return Stream.concat(Stream.of(expr), expr.children().stream().flatMap(Trees::expressions));
    }

    /** Every name that a method reads, writes or declares. */
    static Set<String> names(MethodDef method) {
        Set<String> names = new HashSet<>();
        statements(method).forEach(stmt -> {
            if (stmt instanceof MethodDef function) {
                names.add(function.name());
                function.parameters().forEach(parameter -> names.add(parameter.name()));
            }
        });
        expressions(method).forEach(expr -> {
            if (expr instanceof Expr.Name name) {
                names.add(name.id());
            }
        });
        return names;
    }

    /** {@code wanted}, or with underscores after it where that is taken. */
    static String unused(String wanted, Set<String> taken) {
        String name = wanted;
        while (taken.contains(name)) {
            name += "_";
        }
        return name;
    }
}
