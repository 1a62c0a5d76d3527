package org.netdissect.torchscript.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.netdissect.torchscript.syntax.Expr.Arg;
import org.netdissect.torchscript.syntax.Token.Kind;

/** Parses expressions by precedence climbing. */
final class ExprParser {
    /**
     * Greatest depth of a tree, since walks over trees recurse; chains such as {@code a.b.c} are deep without nesting.
     */
    private static final int MAX_TREE_DEPTH = 500;

    private final TokenStream tokens;

    /** Number of unfinished expressions around the current one. */
    private int open;

    ExprParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** Parses one expression, or several with commas between them as a tuple. */
    Expr expressionOrTuple() {
        Expr first = expression();
        return tokens.at(",") ? new Expr.TupleOf(restOfTuple(first)) : first;
    }

    /** Parses the target of a {@code for}. */
    Expr target() {
        List<Expr> items = new ArrayList<>(List.of(targetItem()));
        boolean single = !tokens.at(",");
        while (tokens.accept(",") && startsExpression()) {
            items.add(targetItem());
        }
        return single ? items.get(0) : new Expr.TupleOf(List.copyOf(items));
    }

    private Expr targetItem() {
        Expr item = postfix();
        checkDepth(item);
        return item;
    }

    Expr expression() {
        tokens.enter();
        open++;
        Expr expr = tokens.at("lambda") ? lambda() : conditional();
        open--;
        tokens.leave();
        if (open == 0) {
            checkDepth(expr);
        }
        return expr;
    }

    private List<Expr> restOfTuple(Expr first) {
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.accept(",") && startsExpression()) {
            items.add(expression());
        }
        return List.copyOf(items);
    }

    private boolean startsExpression() {
        return switch (tokens.current().kind()) {
            case NAME, NUMBER, STRING -> true;
            case KEYWORD ->
                List.of("None", "True", "False", "not", "lambda")
                        .contains(tokens.current().text());
            case OPERATOR ->
                List.of("(", "[", "{", "-", "+", "~", "...")
                        .contains(tokens.current().text());
            default -> false;
        };
    }

    private Expr lambda() {
        tokens.expect("lambda");
        List<String> parameters = new ArrayList<>();
        while (!tokens.at(":")) {
            parameters.add(tokens.expect(Kind.NAME, "a parameter").text());
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect(":");
        return new Expr.Lambda(List.copyOf(parameters), expression());
    }

    private Expr conditional() {
        Expr then = binary(Precedence.CONDITIONAL + 1);
        if (!tokens.accept("if")) {
            return then;
        }
        Expr test = binary(Precedence.CONDITIONAL + 1);
        tokens.expect("else");
        return new Expr.Conditional(then, test, expression());
    }

    private Expr binary(int lowest) {
        Expr left = unary();
        for (String operator = operator(); ; operator = operator()) {
            int precedence = Precedence.ofBinary(operator);
            if (precedence < lowest) {
                return left;
            }
            tokens.advance();
            if (operator.contains(" ")) {
                tokens.advance();
            }
            Expr right = binary(precedence == Precedence.POWER ? precedence : precedence + 1);
            left = new Expr.Binary(operator, left, right);
            if (precedence == Precedence.COMPARISON && Precedence.ofBinary(operator()) == precedence) {
                throw tokens.error("chained comparisons are not TorchScript");
            }
        }
    }

    private String operator() {
        Token token = tokens.current();
        boolean two = (token.is("not") && tokens.following().is("in"))
                || (token.is("is") && tokens.following().is("not"));
        if (two) {
            return token.text() + " " + tokens.following().text();
        }
        return token.kind() == Kind.OPERATOR || token.kind() == Kind.KEYWORD ? token.text() : "";
    }

    private Expr unary() {
        tokens.enter();
        Expr expr;
        if (tokens.accept("not")) {
            expr = new Expr.Unary("not", binary(Precedence.NOT));
        } else if (tokens.at("-") || tokens.at("+") || tokens.at("~")) {
            String operator = tokens.advance().text();
            expr = new Expr.Unary(operator, binary(Precedence.POWER));
        } else {
            expr = postfix();
        }
        tokens.leave();
        return expr;
    }

    private Expr postfix() {
        Expr expr = atom();
        while (true) {
            if (tokens.accept(".")) {
                // A keyword may name an attribute: PyTorch's printer does not distinguish them.
                String name = tokens.at(Kind.KEYWORD)
                        ? tokens.advance().text()
                        : tokens.expect(Kind.NAME, "a name").text();
                expr = new Expr.Attribute(expr, name);
            } else if (tokens.at("(")) {
                expr = new Expr.Call(expr, arguments());
            } else if (tokens.accept("[")) {
                expr = new Expr.Subscript(expr, index());
                tokens.expect("]");
            } else {
                return expr;
            }
        }
    }

    private List<Arg> arguments() {
        List<Arg> args = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.at(")")) {
            args.add(argument());
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect(")");
        return List.copyOf(args);
    }

    private Arg argument() {
        if (tokens.at("*") || tokens.at("**")) {
            return Arg.of(new Expr.Starred(tokens.advance().text(), expression()));
        }
        boolean keyword = tokens.following().is("=") && (tokens.at(Kind.NAME) || tokens.at(Kind.KEYWORD));
        if (!keyword) {
            return Arg.of(expression());
        }
        String name = tokens.advance().text();
        tokens.expect("=");
        return new Arg(Optional.of(name), expression());
    }

    private Expr index() {
        Expr first = slice();
        if (!tokens.at(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.accept(",") && !tokens.at("]")) {
            items.add(slice());
        }
        return new Expr.TupleOf(List.copyOf(items));
    }

    private Expr slice() {
        Optional<Expr> lower = sliceBound();
        if (!tokens.accept(":")) {
            return lower.orElseThrow(() -> tokens.unexpected("an index"));
        }
        Optional<Expr> upper = sliceBound();
        Optional<Expr> step = tokens.accept(":") ? sliceBound() : Optional.empty();
        return new Expr.Slice(lower, upper, step);
    }

    private Optional<Expr> sliceBound() {
        return startsExpression() ? Optional.of(expression()) : Optional.empty();
    }

    private Expr atom() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> new Expr.Name(tokens.advance().text());
            case NUMBER -> new Expr.Literal(tokens.advance().text());
            case STRING -> strings();
            default -> {
                if (tokens.at("None") || tokens.at("True") || tokens.at("False") || tokens.at("...")) {
                    yield new Expr.Literal(tokens.advance().text());
                }
                yield bracketed();
            }
        };
    }

    /** Joins adjacent strings. */
    private Expr strings() {
        StringBuilder text = new StringBuilder();
        StringBuilder value = new StringBuilder();
        while (tokens.at(Kind.STRING)) {
            String literal = tokens.advance().text();
            text.append(text.isEmpty() ? "" : " ").append(literal);
            value.append(StringLiterals.value(literal));
        }
        return new Expr.Str(text.toString(), value.toString());
    }

    private Expr bracketed() {
        if (tokens.accept("(")) {
            Expr inner;
            if (tokens.at(")")) {
                inner = new Expr.TupleOf(List.of());
            } else {
                Expr first = expression();
                inner = tokens.at(",") ? new Expr.TupleOf(restOfTuple(first)) : first;
            }
            tokens.expect(")");
            return inner;
        } else if (tokens.accept("[")) {
            List<Expr> items = tokens.at("]") ? List.of() : restOfTuple(expression());
            tokens.expect("]");
            return new Expr.ListOf(items);
        } else if (tokens.accept("{")) {
            return dict();
        }
        throw tokens.unexpected("an expression");
    }

    private Expr dict() {
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.at("}")) {
            keys.add(expression());
            tokens.expect(":");
            values.add(expression());
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect("}");
        return new Expr.DictOf(List.copyOf(keys), List.copyOf(values));
    }

    private void checkDepth(Expr root) {
        record Level(Expr expr, int depth) {}
        Deque<Level> open = new ArrayDeque<>(List.of(new Level(root, 1)));
        while (!open.isEmpty()) {
            Level level = open.pop();
            if (level.depth() > MAX_TREE_DEPTH) {
                throw tokens.error("an expression is more than " + MAX_TREE_DEPTH + " deep");
            }
            level.expr().children().forEach(child -> open.push(new Level(child, level.depth() + 1)));
        }
    }
}
