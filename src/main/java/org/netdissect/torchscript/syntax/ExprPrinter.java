package org.netdissect.torchscript.syntax;

import java.util.List;
import org.netdissect.torchscript.syntax.Expr.Arg;

/** Appends expressions as text, with brackets only where the tree needs them. */
final class ExprPrinter implements Expr.Visitor<StringBuilder> {
    private final StringBuilder out;

    ExprPrinter(StringBuilder out) {
        this.out = out;
    }

    /** Appends the expression, in brackets if it binds less tightly than {@code lowest}. */
    StringBuilder print(Expr expr, int lowest) {
        boolean brackets = Precedence.of(expr) < lowest;
        out.append(brackets ? "(" : "");
        expr.accept(this);
        return out.append(brackets ? ")" : "");
    }

    StringBuilder print(Expr expr) {
        return print(expr, Precedence.LOWEST);
    }

    @Override
    public StringBuilder name(Expr.Name name) {
        return out.append(name.id());
    }

    @Override
    public StringBuilder literal(Expr.Literal literal) {
        return out.append(literal.text());
    }

    @Override
    public StringBuilder string(Expr.Str string) {
        return out.append(string.text());
    }

    @Override
    public StringBuilder attribute(Expr.Attribute attribute) {
        return receiver(attribute.value()).append('.').append(attribute.name());
    }

    @Override
    public StringBuilder call(Expr.Call call) {
        receiver(call.callee()).append('(');
        List<Arg> args = call.args();
        for (int i = 0; i < args.size(); i++) {
            out.append(i > 0 ? ", " : "");
            args.get(i).keyword().ifPresent(keyword -> out.append(keyword).append('='));
            print(args.get(i).value());
        }
        return out.append(')');
    }

    @Override
    public StringBuilder starred(Expr.Starred starred) {
        out.append(starred.stars());
        return print(starred.value());
    }

    /**
     * Prints several indices without brackets, which must not contain a slice; a tuple of one index ends with a comma.
     */
    @Override
    public StringBuilder subscript(Expr.Subscript subscript) {
        receiver(subscript.value());
        if (subscript.index() instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            return list("[", tuple.items(), tuple.items().size() == 1 ? ", ]" : "]");
        }
        return list("[", List.of(subscript.index()), "]");
    }

    @Override
    public StringBuilder slice(Expr.Slice slice) {
        slice.lower().ifPresent(this::print);
        out.append(':');
        slice.upper().ifPresent(this::print);
        slice.step().ifPresent(step -> {
            out.append(':');
            print(step);
        });
        return out;
    }

    @Override
    public StringBuilder tuple(Expr.TupleOf tuple) {
        return list("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
    }

    @Override
    public StringBuilder list(Expr.ListOf list) {
        return list("[", list.items(), "]");
    }

    @Override
    public StringBuilder dict(Expr.DictOf dict) {
        out.append('{');
        for (int i = 0; i < dict.keys().size(); i++) {
            out.append(i > 0 ? ", " : "");
            print(dict.keys().get(i)).append(": ");
            print(dict.values().get(i));
        }
        return out.append('}');
    }

    @Override
    public StringBuilder unary(Expr.Unary unary) {
        out.append(unary.operator()).append(unary.operator().equals("not") ? " " : "");
        return print(unary.operand(), Precedence.of(unary));
    }

    @Override
    public StringBuilder binary(Expr.Binary binary) {
        int precedence = Precedence.of(binary);
        boolean power = precedence == Precedence.POWER;
        boolean comparison = precedence == Precedence.COMPARISON;
        print(binary.left(), power || comparison ? precedence + 1 : precedence);
        out.append(' ').append(binary.operator()).append(' ');
        return print(binary.right(), power ? Precedence.SIGN : precedence + 1);
    }

    @Override
    public StringBuilder conditional(Expr.Conditional conditional) {
        print(conditional.then(), Precedence.CONDITIONAL + 1).append(" if ");
        print(conditional.test(), Precedence.CONDITIONAL + 1).append(" else ");
        return print(conditional.otherwise(), Precedence.CONDITIONAL);
    }

    @Override
    public StringBuilder lambda(Expr.Lambda lambda) {
        out.append("lambda ").append(String.join(", ", lambda.parameters())).append(": ");
        return print(lambda.body());
    }

    /** Appends the expression before a dot, call or index; a number takes brackets, since it would swallow the dot. */
    private StringBuilder receiver(Expr expr) {
        boolean number = expr instanceof Expr.Literal;
        return print(expr, number ? Precedence.ATOM + 1 : Precedence.POSTFIX);
    }

    StringBuilder list(String open, List<Expr> items, String close) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i > 0 ? ", " : "");
            print(items.get(i));
        }
        return out.append(close);
    }
}
