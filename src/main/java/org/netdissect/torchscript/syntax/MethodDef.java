package org.netdissect.torchscript.syntax;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code def name(parameters) -> returns: body}: a method, a function, or a function inside one.
 *
 * @param decorators the expressions after {@code @}
 */
public record MethodDef(
        Span span,
        List<Expr> decorators,
        String name,
        List<Parameter> parameters,
        Optional<Expr> returns,
        List<Stmt> body)
        implements Stmt {

    /** The star that precedes keyword-only parameters. */
    public static final String KEYWORDS_FOLLOW = "*";

    /** A parameter; a lone {@code *} is a parameter of that name. */
    public record Parameter(String name, Optional<Expr> type, Optional<Expr> byDefault) {}

    @Override
    public List<Expr> expressions() {
        return decorators;
    }

    @Override
    public List<List<Stmt>> blocks() {
        return List.of(body);
    }

    @Override
    public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
        return this;
    }

    @Override
    public void accept(Visitor visitor) {
        visitor.method(this);
    }
}
