package org.netdissect.torchscript.syntax;

/** Binding strength of operators in Python's order; greater binds tighter. */
final class Precedence {
    static final int LOWEST = 0;
    static final int CONDITIONAL = 1;
    static final int NOT = 4;
    static final int COMPARISON = 5;
    static final int SIGN = 12;
    static final int POWER = 13;
    static final int POSTFIX = 14;
    static final int ATOM = 15;

    private static final Expr.Visitor<Integer> OF_KIND = new OfKind();

    private Precedence() {}

    /** Strength of a binary operator; -1 for any other word. */
    static int ofBinary(String operator) {
        return switch (operator) {
            case "or" -> 2;
            case "and" -> 3;
            case "<", ">", "<=", ">=", "==", "!=", "in", "not in", "is", "is not" -> COMPARISON;
            case "|" -> 6;
            case "^" -> 7;
            case "&" -> 8;
            case "<<", ">>" -> 9;
            case "+", "-" -> 10;
            case "*", "/", "//", "%", "@" -> 11;
            case "**" -> POWER;
            default -> -1;
        };
    }

    static int of(Expr expr) {
        return expr.accept(OF_KIND);
    }

    private static final class OfKind implements Expr.Visitor<Integer> {
        @Override
        public Integer name(Expr.Name name) {
            return ATOM;
        }

        @Override
        public Integer literal(Expr.Literal literal) {
            return ATOM;
        }

        @Override
        public Integer string(Expr.Str string) {
            return ATOM;
        }

        @Override
        public Integer attribute(Expr.Attribute attribute) {
            return POSTFIX;
        }

        @Override
        public Integer call(Expr.Call call) {
            return POSTFIX;
        }

        @Override
        public Integer starred(Expr.Starred starred) {
            return LOWEST;
        }

        @Override
        public Integer subscript(Expr.Subscript subscript) {
            return POSTFIX;
        }

        @Override
        public Integer slice(Expr.Slice slice) {
            return LOWEST;
        }

        @Override
        public Integer tuple(Expr.TupleOf tuple) {
            return ATOM;
        }

        @Override
        public Integer list(Expr.ListOf list) {
            return ATOM;
        }

        @Override
        public Integer dict(Expr.DictOf dict) {
            return ATOM;
        }

        @Override
        public Integer unary(Expr.Unary unary) {
            return unary.operator().equals("not") ? NOT : SIGN;
        }

        @Override
        public Integer binary(Expr.Binary binary) {
            return ofBinary(binary.operator());
        }

        @Override
        public Integer conditional(Expr.Conditional conditional) {
            return CONDITIONAL;
        }

        @Override
        public Integer lambda(Expr.Lambda lambda) {
            return LOWEST;
        }
    }
}
