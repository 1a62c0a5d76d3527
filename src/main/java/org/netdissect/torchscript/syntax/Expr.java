package org.netdissect.torchscript.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An expression of TorchScript; types are expressions too. The tree keeps no brackets, only the order they impose. */
public sealed interface Expr {
    /** The expressions right below this one, in source order. */
    List<Expr> children();

    /** This expression with each child replaced. */
    Expr mapChildren(UnaryOperator<Expr> change);

    /** Calls the visitor's method for this kind. */
    <R> R accept(Visitor<R> visitor);

    /** This expression as a dotted name, such as {@code torch.nn.Linear}; empty for any other. */
    default Optional<String> dotted() {
        return Optional.empty();
    }

    private static List<Expr> each(List<Expr> items, UnaryOperator<Expr> change) {
        return items.stream().map(change).toList();
    }

    /** An operation on every kind of expressions. */
    interface Visitor<R> {
        R name(Name name);

        R literal(Literal literal);

        R string(Str string);

        R attribute(Attribute attribute);

        R call(Call call);

        R starred(Starred starred);

        R subscript(Subscript subscript);

        R slice(Slice slice);

        R tuple(TupleOf tuple);

        R list(ListOf list);

        R dict(DictOf dict);

        R unary(Unary unary);

        R binary(Binary binary);

        R conditional(Conditional conditional);

        R lambda(Lambda lambda);
    }

    /** An expression without expressions below it. */
    sealed interface Leaf extends Expr {
        @Override
        default List<Expr> children() {
            return List.of();
        }

        @Override
        default Expr mapChildren(UnaryOperator<Expr> change) {
            return this;
        }
    }

    /** A name, including {@code inf} and {@code nan}. */
    record Name(String id) implements Leaf {
        /** Whether the text is an identifier in ASCII letters: no keyword of TorchScript, and not empty. */
        public static boolean isIdentifier(String text) {
            return Lexer.isIdentifier(text);
        }

        @Override
        public Optional<String> dotted() {
            return Optional.of(id);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.name(this);
        }
    }

    /** A number or one of {@code True False None ...}, as written. */
    record Literal(String text) implements Leaf {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.literal(this);
        }
    }

    /** A string literal as written, and its value. */
    record Str(String text, String value) implements Leaf {
        public static Str of(String value) {
            return new Str(StringLiterals.quote(value), value);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.string(this);
        }
    }

    /** {@code value.name}. */
    record Attribute(Expr value, String name) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(value);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Attribute(change.apply(value), name);
        }

        @Override
        public Optional<String> dotted() {
            return value.dotted().map(head -> head + "." + name);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.attribute(this);
        }
    }

    /** {@code callee(args)}. */
    record Call(Expr callee, List<Arg> args) implements Expr {
        @Override
        public List<Expr> children() {
            return Stream.concat(Stream.of(callee), args.stream().map(Arg::value))
                    .toList();
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Call(
                    change.apply(callee),
                    args.stream()
                            .map(arg -> new Arg(arg.keyword(), change.apply(arg.value())))
                            .toList());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.call(this);
        }
    }

    /** An argument of a call, by position or by keyword. */
    record Arg(Optional<String> keyword, Expr value) {
        public static Arg of(Expr value) {
            return new Arg(Optional.empty(), value);
        }
    }

    /** {@code *value} or {@code **value} among arguments. */
    record Starred(String stars, Expr value) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(value);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Starred(stars, change.apply(value));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.starred(this);
        }
    }

    /** {@code value[index]}; several indices are one tuple. */
    record Subscript(Expr value, Expr index) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(value, index);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Subscript(change.apply(value), change.apply(index));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.subscript(this);
        }
    }

    /** {@code lower:upper:step} inside a subscript. */
    record Slice(Optional<Expr> lower, Optional<Expr> upper, Optional<Expr> step) implements Expr {
        @Override
        public List<Expr> children() {
            return Stream.of(lower, upper, step).flatMap(Optional::stream).toList();
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Slice(lower.map(change), upper.map(change), step.map(change));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.slice(this);
        }
    }

    /** {@code (a, b)}. */
    record TupleOf(List<Expr> items) implements Expr {
        @Override
        public List<Expr> children() {
            return items;
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new TupleOf(each(items, change));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tuple(this);
        }
    }

    /** {@code [a, b]}. */
    record ListOf(List<Expr> items) implements Expr {
        @Override
        public List<Expr> children() {
            return items;
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new ListOf(each(items, change));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.list(this);
        }
    }

    /** {@code {a: b}}; keys and values have the same length. */
    record DictOf(List<Expr> keys, List<Expr> values) implements Expr {
        @Override
        public List<Expr> children() {
            List<Expr> all = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                all.add(keys.get(i));
                all.add(values.get(i));
            }
            return all;
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new DictOf(each(keys, change), each(values, change));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dict(this);
        }
    }

    /** {@code -a}, {@code +a}, {@code ~a}, {@code not a}. */
    record Unary(String operator, Expr operand) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(operand);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Unary(operator, change.apply(operand));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unary(this);
        }
    }

    /** Arithmetic, comparisons, {@code and}, {@code or}, {@code is not}, {@code not in} and the like. */
    record Binary(String operator, Expr left, Expr right) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(left, right);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Binary(operator, change.apply(left), change.apply(right));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.binary(this);
        }
    }

    /** {@code then if test else otherwise}. */
    record Conditional(Expr then, Expr test, Expr otherwise) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(then, test, otherwise);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Conditional(change.apply(then), change.apply(test), change.apply(otherwise));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.conditional(this);
        }
    }

    /** {@code lambda a, b: body}. */
    record Lambda(List<String> parameters, Expr body) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(body);
        }

        @Override
        public Expr mapChildren(UnaryOperator<Expr> change) {
            return new Lambda(parameters, change.apply(body));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.lambda(this);
        }
    }
}
