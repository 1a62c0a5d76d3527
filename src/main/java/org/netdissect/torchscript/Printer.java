package org.netdissect.torchscript;

import java.util.List;
import java.util.stream.Collectors;
import org.netdissect.torchscript.Expr.Arg;

/** Writes trees as TorchScript in the style of PyTorch's own printer; brackets stand where the tree asks for them. */
final class Printer {
    private static final String STEP = "  ";

    private final StringBuilder out = new StringBuilder();

    private Printer() {}

    /** The statements as text, each line after {@code indent}. */
    static String print(List<? extends Stmt> statements, String indent) {
        Printer printer = new Printer();
        statements.forEach(stmt -> printer.statement(stmt, indent));
        return printer.out.toString();
    }

    static String print(Expr expr) {
        Printer printer = new Printer();
        printer.expression(expr, Precedence.LOWEST);
        return printer.out.toString();
    }

    private void block(List<Stmt> statements, String indent) {
        out.append(":\n");
        statements.forEach(stmt -> statement(stmt, indent + STEP));
    }

    private void statement(Stmt stmt, String indent) {
        if (stmt instanceof Stmt.If branch) {
            branch(branch, indent, indent);
            return;
        }
        out.append(stmt instanceof MethodDef ? "" : indent);
        if (stmt instanceof Stmt.Simple simple) {
            simple(simple);
        } else if (stmt instanceof Stmt.Assign assign) {
            assign(assign);
        } else if (stmt instanceof Stmt.For loop) {
            out.append("for ");
            loopTarget(loop.target());
            out.append(" in ");
            expression(loop.iterable(), Precedence.LOWEST);
            block(loop.body(), indent);
        } else if (stmt instanceof Stmt.While loop) {
            out.append("while ");
            expression(loop.test(), Precedence.LOWEST);
            block(loop.body(), indent);
        } else if (stmt instanceof Stmt.With with) {
            out.append("with ");
            expression(with.context(), Precedence.LOWEST);
            with.target().ifPresent(target -> out.append(" as ").append(print(target)));
            block(with.body(), indent);
        } else if (stmt instanceof MethodDef method) {
            method(method, indent);
        } else if (stmt instanceof ClassDef type) {
            out.append("class ").append(type.name());
            if (!type.bases().isEmpty()) {
                list("(", type.bases(), ")");
            }
            block(type.body(), indent);
        }
    }

    private void branch(Stmt.If branch, String indent, String blanks) {
        out.append(blanks).append("if ");
        expression(branch.test(), Precedence.LOWEST);
        block(branch.then(), indent);
        if (branch.otherwise().size() == 1 && branch.otherwise().get(0) instanceof Stmt.If next) {
            // one branch deeper for each elif would pass what a parser bears, ours and PyTorch's
            out.append(indent).append("el");
            branch(next, indent, "");
        } else if (!branch.otherwise().isEmpty()) {
            out.append(indent).append("else");
            block(branch.otherwise(), indent);
        }
    }

    private void simple(Stmt.Simple simple) {
        out.append(simple.keyword());
        String before = simple.keyword().isEmpty() ? "" : " ";
        for (Expr operand : simple.operands()) {
            out.append(before);
            expression(operand, Precedence.LOWEST);
            before = ", ";
        }
        out.append('\n');
    }

    private void assign(Stmt.Assign assign) {
        target(assign.target());
        assign.type().ifPresent(type -> out.append(" : ").append(print(type)));
        assign.value().ifPresent(value -> {
            out.append(' ').append(assign.operator()).append(' ');
            expression(value, Precedence.LOWEST);
        });
        out.append('\n');
    }

    /** A tuple of targets goes without brackets and ends with a comma, which makes TorchScript unpack. */
    private void target(Expr target) {
        if (target instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            out.append(tuple.items().stream().map(Printer::print).collect(Collectors.joining(", ", "", ",")));
        } else {
            expression(target, Precedence.LOWEST);
        }
    }

    /** As {@link #target}, but an operator among the names would swallow the {@code in}. */
    private void loopTarget(Expr target) {
        if (target instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            for (Expr item : tuple.items()) {
                expression(item, Precedence.POSTFIX);
                out.append(",");
            }
        } else {
            expression(target, Precedence.POSTFIX);
        }
    }

    private void method(MethodDef method, String indent) {
        method.decorators()
                .forEach(decorator ->
                        out.append(indent).append('@').append(print(decorator)).append('\n'));
        out.append(indent).append("def ").append(method.name());
        out.append(method.parameters().stream()
                .map(Printer::parameter)
                .collect(Collectors.joining(",\n" + indent + STEP, "(", ")")));
        method.returns().ifPresent(type -> out.append(" -> ").append(print(type)));
        block(method.body(), indent);
    }

    private static String parameter(MethodDef.Parameter parameter) {
        return parameter.name()
                + parameter.type().map(type -> ": " + print(type)).orElse("")
                + parameter.byDefault().map(value -> "=" + print(value)).orElse("");
    }

    private void expression(Expr expr, int lowest) {
        boolean brackets = Precedence.of(expr) < lowest;
        out.append(brackets ? "(" : "");
        write(expr);
        out.append(brackets ? ")" : "");
    }

    private void write(Expr expr) {
        if (expr instanceof Expr.Name name) {
            out.append(name.id());
        } else if (expr instanceof Expr.Literal literal) {
            out.append(literal.text());
        } else if (expr instanceof Expr.Str string) {
            out.append(string.text());
        } else if (expr instanceof Expr.Attribute attribute) {
            receiver(attribute.value());
            out.append('.').append(attribute.name());
        } else if (expr instanceof Expr.Call call) {
            receiver(call.callee());
            arguments(call.args());
        } else if (expr instanceof Expr.Subscript subscript) {
            receiver(subscript.value());
            index(subscript.index());
        } else if (expr instanceof Expr.TupleOf tuple) {
            list("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
        } else if (expr instanceof Expr.ListOf list) {
            list("[", list.items(), "]");
        } else {
            writeOperation(expr);
        }
    }

    private void writeOperation(Expr expr) {
        if (expr instanceof Expr.DictOf dict) {
            dict(dict);
        } else if (expr instanceof Expr.Starred starred) {
            out.append(starred.stars());
            expression(starred.value(), Precedence.LOWEST);
        } else if (expr instanceof Expr.Slice slice) {
            slice.lower().ifPresent(bound -> expression(bound, Precedence.LOWEST));
            out.append(':');
            slice.upper().ifPresent(bound -> expression(bound, Precedence.LOWEST));
            slice.step().ifPresent(bound -> out.append(':').append(print(bound)));
        } else if (expr instanceof Expr.Unary unary) {
            out.append(unary.operator()).append(unary.operator().equals("not") ? " " : "");
            expression(unary.operand(), Precedence.of(unary));
        } else if (expr instanceof Expr.Binary binary) {
            binary(binary);
        } else if (expr instanceof Expr.Conditional conditional) {
            expression(conditional.then(), Precedence.CONDITIONAL + 1);
            out.append(" if ");
            expression(conditional.test(), Precedence.CONDITIONAL + 1);
            out.append(" else ");
            expression(conditional.otherwise(), Precedence.CONDITIONAL);
        } else if (expr instanceof Expr.Lambda lambda) {
            out.append("lambda ").append(String.join(", ", lambda.parameters())).append(": ");
            expression(lambda.body(), Precedence.LOWEST);
        }
    }

    private void binary(Expr.Binary binary) {
        int precedence = Precedence.of(binary);
        boolean power = precedence == Precedence.POWER;
        boolean comparison = precedence == Precedence.COMPARISON;
        expression(binary.left(), power || comparison ? precedence + 1 : precedence);
        out.append(' ').append(binary.operator()).append(' ');
        expression(binary.right(), power ? Precedence.SIGN : precedence + 1);
    }

    /** What a dot, a call or an index follows: a number would swallow the dot. */
    private void receiver(Expr expr) {
        boolean number = expr instanceof Expr.Literal;
        expression(expr, number ? Precedence.ATOM + 1 : Precedence.POSTFIX);
    }

    private void arguments(List<Arg> args) {
        out.append('(');
        for (int i = 0; i < args.size(); i++) {
            out.append(i > 0 ? ", " : "");
            args.get(i).keyword().ifPresent(keyword -> out.append(keyword).append('='));
            expression(args.get(i).value(), Precedence.LOWEST);
        }
        out.append(')');
    }

    private void index(Expr index) {
        if (index instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            // a comma after a single one, since brackets of its own may not hold a slice
            list("[", tuple.items(), tuple.items().size() == 1 ? ", ]" : "]");
        } else {
            list("[", List.of(index), "]");
        }
    }

    private void dict(Expr.DictOf dict) {
        out.append('{');
        for (int i = 0; i < dict.keys().size(); i++) {
            out.append(i > 0 ? ", " : "");
            expression(dict.keys().get(i), Precedence.LOWEST);
            out.append(": ");
            expression(dict.values().get(i), Precedence.LOWEST);
        }
        out.append('}');
    }

    private void list(String open, List<Expr> items, String close) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i > 0 ? ", " : "");
            expression(items.get(i), Precedence.LOWEST);
        }
        out.append(close);
    }
}
