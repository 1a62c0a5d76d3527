package org.netdissect.torchscript;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Printer;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.Span;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/**
 * Replaces expressions in the methods and functions of an archive's code. Methods without such an expression keep their
 * text byte for byte; changed ones are printed from their trees.
 */
final class SourceEdit {
    private final Function<Expr, Optional<Expr>> change;

    /** @param change returns an expression's replacement or nothing; called for children before parents */
    SourceEdit(Function<Expr, Optional<Expr>> change) {
        this.change = change;
    }

    /** The text after the edit. */
    String edited(SourceFile file) {
        String text = file.source().text();
        List<MethodDef> methods = file.statements().stream()
                .flatMap(stmt -> stmt instanceof ClassDef type ? type.body().stream() : Stream.of(stmt))
                .filter(MethodDef.class::isInstance)
                .map(MethodDef.class::cast)
                .filter(this::concerns)
                .toList();
        String edited = text;
        // backwards from the end, so that offsets of earlier methods stay valid
        for (int i = methods.size() - 1; i >= 0; i--) {
            MethodDef method = methods.get(i);
            Span span = method.span();
            int line = edited.lastIndexOf('\n', span.start() - 1) + 1;
            String indent = edited.substring(line, span.start());
            edited = edited.substring(0, line)
                    + Printer.print(List.of(edited(method)), indent)
                    + edited.substring(span.end());
        }
        return edited;
    }

    private boolean concerns(MethodDef method) {
        return Trees.expressions(method).anyMatch(expr -> change.apply(expr).isPresent());
    }

    private MethodDef edited(MethodDef method) {
        return new MethodDef(
                method.span(),
                method.decorators(),
                method.name(),
                method.parameters(),
                method.returns(),
                block(method.body()));
    }

    private List<Stmt> block(List<Stmt> statements) {
        return statements.stream()
                .map(stmt ->
                        stmt instanceof MethodDef function ? edited(function) : stmt.map(this::expression, this::block))
                .toList();
    }

    private Expr expression(Expr expr) {
        Expr changed = expr.mapChildren(this::expression);
        return change.apply(changed).orElse(changed);
    }
}
