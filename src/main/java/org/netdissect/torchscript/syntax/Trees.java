package org.netdissect.torchscript.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Walks over trees. */
public final class Trees {
    private Trees() {}

    /** A statement and all statements in its blocks; each comes before its blocks. */
    public static Stream<Stmt> statements(Stmt stmt) {
        return Stream.concat(
                Stream.of(stmt),
                stmt.blocks().stream().flatMap(block -> block.stream().flatMap(Trees::statements)));
    }

    /** All expressions of a statement and its blocks, each before its children. */
    public static Stream<Expr> expressions(Stmt stmt) {
        return statements(stmt).flatMap(each -> each.expressions().stream()).flatMap(Trees::expressions);
    }

    /**
     * An expression and all below it, each before its children. Not recursive, since trees can be deep and streams take
     * many frames per level.
     */
    public static Stream<Expr> expressions(Expr root) {
        List<Expr> all = new ArrayList<>();
        Deque<Expr> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Expr expr = open.pop();
            all.add(expr);
            List<Expr> children = expr.children();
            for (int i = children.size() - 1; i >= 0; i--) {
                open.push(children.get(i));
            }
        }
        return all.stream();
    }

    /** All names that a method reads, writes or declares. */
    public static Set<String> names(MethodDef method) {
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

    /** {@code wanted}, with underscores appended while the name is taken. */
    public static String unused(String wanted, Set<String> taken) {
        String name = wanted;
        while (taken.contains(name)) {
            name += "_";
        }
        return name;
    }
}
