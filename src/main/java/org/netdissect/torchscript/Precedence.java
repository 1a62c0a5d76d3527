package org.netdissect.torchscript;

/** How tightly operators bind, Python's order: the greater the tighter. */
final class Precedence {
    static final int LOWEST = 0;
    static final int CONDITIONAL = 1;
    static final int NOT = 4;
    static final int COMPARISON = 5;
    static final int SIGN = 12;
    static final int POWER = 13;
    static final int POSTFIX = 14;
    static final int ATOM = 15;

    private Precedence() {}

    /** Of an operator between two operands; -1 where it is none. */
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
        if (expr instanceof Expr.Lambda || expr instanceof Expr.Starred || expr instanceof Expr.Slice) {
            return LOWEST;
        } else if (expr instanceof Expr.Conditional) {
            return CONDITIONAL;
        } else if (expr instanceof Expr.Unary unary) {
            return unary.operator().equals("not") ? NOT : SIGN;
        } else if (expr instanceof Expr.Binary binary) {
            return ofBinary(binary.operator());
        } else if (expr instanceof Expr.Attribute || expr instanceof Expr.Call || expr instanceof Expr.Subscript) {
            return POSTFIX;
        }
        return ATOM;
    }
}
