package org.netdissect.torchscript.syntax;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A statement of TorchScript. */
public sealed interface Stmt
        permits Stmt.Simple, Stmt.Assign, Stmt.If, Stmt.For, Stmt.While, Stmt.With, MethodDef, ClassDef {
    /** Position in the source. */
    Span span();

    /** The expressions of the statement in source order, without the expressions in its blocks. */
    List<Expr> expressions();

    /** The blocks of the statement. */
    default List<List<Stmt>> blocks() {
        return List.of();
    }

    /** This statement with its expressions and blocks replaced; definitions stay as they are. */
    Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock);

    /** Calls the visitor's method for this kind. */
    void accept(Visitor visitor);

    /** An operation on every kind of statements. */
    interface Visitor {
        void simple(Simple stmt);

        void assign(Assign stmt);

        void choice(If stmt);

        void forLoop(For stmt);

        void whileLoop(While stmt);

        void with(With stmt);

        void method(MethodDef method);

        void type(ClassDef type);
    }

    /**
     * A statement of one keyword, or none, and its operands: {@code return x}, {@code assert a, b}, {@code raise x},
     * {@code pass}, {@code break}, {@code continue}, {@code import a.b}, or an expression alone (keyword empty).
     */
    record Simple(Span span, String keyword, List<Expr> operands) implements Stmt {
        public boolean isReturn() {
            return keyword.equals("return");
        }

        @Override
        public List<Expr> expressions() {
            return operands;
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new Simple(span, keyword, operands.stream().map(change).toList());
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.simple(this);
        }
    }

    /**
     * {@code target : type = value}; without value a declaration.
     *
     * @param target name, attribute, subscript, or a tuple of them
     * @param operator {@code =}, or {@code +=} and the like
     */
    record Assign(Span span, Expr target, Optional<Expr> type, String operator, Optional<Expr> value) implements Stmt {
        @Override
        public List<Expr> expressions() {
            return Stream.of(Optional.of(target), type, value)
                    .flatMap(Optional::stream)
                    .toList();
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new Assign(span, change.apply(target), type, operator, value.map(change));
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.assign(this);
        }
    }

    /** {@code if}; an {@code elif} is an {@code if} alone in {@code otherwise}. */
    record If(Span span, Expr test, List<Stmt> then, List<Stmt> otherwise) implements Stmt {
        @Override
        public List<Expr> expressions() {
            return List.of(test);
        }

        @Override
        public List<List<Stmt>> blocks() {
            return List.of(then, otherwise);
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new If(span, change.apply(test), changeBlock.apply(then), changeBlock.apply(otherwise));
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.choice(this);
        }
    }

    /** {@code for target in iterable}. */
    record For(Span span, Expr target, Expr iterable, List<Stmt> body) implements Stmt {
        @Override
        public List<Expr> expressions() {
            return List.of(target, iterable);
        }

        @Override
        public List<List<Stmt>> blocks() {
            return List.of(body);
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new For(span, target, change.apply(iterable), changeBlock.apply(body));
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.forLoop(this);
        }
    }

    /** {@code while test}. */
    record While(Span span, Expr test, List<Stmt> body) implements Stmt {
        @Override
        public List<Expr> expressions() {
            return List.of(test);
        }

        @Override
        public List<List<Stmt>> blocks() {
            return List.of(body);
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new While(span, change.apply(test), changeBlock.apply(body));
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.whileLoop(this);
        }
    }

    /** {@code with context as target}; several items are nested statements. */
    record With(Span span, Expr context, Optional<Expr> target, List<Stmt> body) implements Stmt {
        @Override
        public List<Expr> expressions() {
            return Stream.concat(Stream.of(context), target.stream()).toList();
        }

        @Override
        public List<List<Stmt>> blocks() {
            return List.of(body);
        }

        @Override
        public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
            return new With(span, change.apply(context), target, changeBlock.apply(body));
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.with(this);
        }
    }
}
